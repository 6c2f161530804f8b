package io.pantograph.hub.azure;

import io.pantograph.api.model.Values;

/**
 * A twin at one moment.
 *
 * @param written how often the service wrote it: its ETag. What a device reports changes its version only, so that service programs
 *     that write with an ETag are not refused for it.
 * @param writtenWeight about how many characters of it the service wrote
 * @param reportedWeight and how many the device reported
 */
record Twin(Values tags, Section desired, Section reported, long written, int writtenWeight, int reportedWeight) {

    /** A new one. */
    static Twin fresh(Values tags, Values desired, long now) {
        return new Twin(tags, Section.first(desired, now), Section.first(Values.EMPTY, now), 1, 0, 0);
    }

    long version() {
        return written + reported.version();
    }

    String etag() {
        return ETags.ofTwin(written);
    }

    Twin withReported(Section next) {
        return new Twin(tags, desired, next, written, writtenWeight, reportedWeight);
    }

    /** What the service writes at once counts once for each section. */
    Twin withTags(Values next) {
        return new Twin(next, desired, reported, written + 1, writtenWeight, reportedWeight);
    }

    Twin withDesired(Section next) {
        return new Twin(tags, next, reported, written + 1, writtenWeight, reportedWeight);
    }

    Twin weighing(int written, int reported) {
        return new Twin(tags, desired, this.reported, this.written, written, reported);
    }

    int weight() {
        return writtenWeight + reportedWeight;
    }
}
