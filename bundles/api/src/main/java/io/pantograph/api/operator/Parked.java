package io.pantograph.api.operator;

import io.pantograph.api.model.DeviceId;
import java.time.Instant;

/**
 * A message that waits for a codec.
 *
 * @param outbound whether it is telemetry that could not be written; else it is a command that could not be read
 * @param subject event or command name
 * @param reason {@code no codec for 'x'} or {@code the codec for 'x' is in quarantine}
 */
public record Parked(DeviceId device, boolean outbound, String subject, String format, int bytes, Instant since, String reason) {
}
