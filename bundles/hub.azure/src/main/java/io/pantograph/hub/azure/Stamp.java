package io.pantograph.hub.azure;

import io.pantograph.api.model.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * When a value was last written, and by which version of its section; and the same of what is below it. Kept as a list, time and
 * version first, because the service's own words for it are longer than most values.
 *
 * @param time in milliseconds
 */
record Stamp(long time, long version, Map<String, Stamp> below) {

    static Stamp leaf(long time, long version) {
        return new Stamp(time, version, Map.of());
    }

    /** After a merge patch was applied to what this is of: all levels on the way to a change are stamped. */
    Stamp merged(Values patch, long now, long next) {
        Map<String, Stamp> stamps = new LinkedHashMap<>(below);
        patch.forEach((name, value) -> {
            if (value == null) {
                stamps.remove(name);
            } else if (value instanceof Values inner) {
                stamps.put(name, stamps.getOrDefault(name, leaf(now, next)).merged(inner, now, next));
            } else {
                stamps.put(name, leaf(now, next));
            }
        });
        return new Stamp(now, next, stamps);
    }

    /** As the service shows it, {@code $metadata}. @param versions also {@code $lastUpdatedVersion} */
    Values metadata(boolean versions) {
        Values.Builder metadata = Values.builder().put("$lastUpdated", Times.text(time));
        if (versions) {
            metadata.put("$lastUpdatedVersion", version);
        }
        below.forEach((name, stamp) -> metadata.put(name, stamp.metadata(versions)));
        return metadata.build();
    }

    List<Object> data() {
        if (below.isEmpty()) {
            return List.of(time, version);
        }
        Values.Builder inner = Values.builder();
        below.forEach((name, stamp) -> inner.put(name, stamp.data()));
        return List.of(time, version, inner.build());
    }

    static Stamp of(Object data) {
        List<?> list = new ArrayList<>((List<?>) data);
        Map<String, Stamp> below = new LinkedHashMap<>();
        if (list.size() > 2) {
            ((Values) list.get(2)).forEach((name, inner) -> below.put(name, of(inner)));
        }
        return new Stamp(((Number) list.get(0)).longValue(), ((Number) list.get(1)).longValue(), below);
    }
}
