package io.pantograph.hub.azure;

import io.pantograph.api.model.Values;

/** Desired or reported properties. */
record Section(Values values, Stamp stamp, long version) {

    static Section first(Values all, long now) {
        Values clean = Merge.apply(Values.EMPTY, all);
        return new Section(clean, Stamp.leaf(now, 1).merged(clean, now, 1), 1);
    }

    Section merged(Values patch, long now) {
        return new Section(Merge.apply(values, patch), stamp.merged(patch, now, version + 1), version + 1);
    }

    Section replaced(Values all, long now) {
        Values clean = Merge.apply(Values.EMPTY, all);
        return new Section(clean, Stamp.leaf(now, version + 1).merged(clean, now, version + 1), version + 1);
    }

    /** As a device sees it. */
    Values bare() {
        Values.Builder bare = Values.builder();
        values.forEach(bare::put);
        return bare.put("$version", version).build();
    }

    /** As the service sees it. */
    Values full(boolean versions) {
        Values.Builder full = Values.builder();
        values.forEach(full::put);
        return full.put("$metadata", stamp.metadata(versions)).put("$version", version).build();
    }
}
