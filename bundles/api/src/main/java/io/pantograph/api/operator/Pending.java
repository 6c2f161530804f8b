package io.pantograph.api.operator;

import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Provenance;
import io.pantograph.api.model.Values;
import java.time.Instant;

/**
 * The events of one device in one format that one codec wrote and that its hub has not acknowledged yet, waiting or under way.
 *
 * @param writtenBy {@link Provenance#NONE} if no codec did
 * @param count how many, at least 1
 * @param bytes of their payloads together
 * @param oldest when the first of them was accepted
 * @param newest when the last of them was accepted; may be the same
 */
public record Pending(DeviceId device, String format, Provenance writtenBy, int count, long bytes, Instant oldest, Instant newest) {

    public Values values() {
        return Values.builder().put("device", device.toString()).put("format", format).put("bundle", writtenBy.bundle())
                .put("version", writtenBy.version()).put("sha256", writtenBy.sha256()).put("count", count).put("bytes", bytes)
                .put("oldest", oldest.toString()).put("newest", newest.toString()).build();
    }
}
