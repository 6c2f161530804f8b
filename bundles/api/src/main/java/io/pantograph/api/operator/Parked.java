package io.pantograph.api.operator;

import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Values;
import java.time.Instant;

/**
 * A message that waits for a codec.
 *
 * @param outbound whether it is telemetry that could not be written; else it is a command that could not be read
 * @param subject event or command name
 * @param reason {@code no codec for 'x'} or {@code the codec for 'x' is in quarantine}
 */
public record Parked(DeviceId device, boolean outbound, String subject, String format, int bytes, Instant since, String reason) {

    public Values values() {
        return Values.builder().put("device", device.toString()).put("direction", outbound ? "out" : "in").put("subject", subject)
                .put("format", format).put("bytes", bytes).put("since", since.toString()).put("reason", reason).build();
    }
}
