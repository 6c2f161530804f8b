package io.pantograph.api.azure;

import io.pantograph.api.model.Bytes;
import java.time.Instant;
import java.util.Map;

/**
 * A device-to-cloud event as it lies in the log.
 *
 * @param sequence grows by 1
 * @param source {@code Telemetry}, {@code deviceLifecycleEvents}, {@code twinChangeEvents}, {@code deviceConnectionStateEvents}
 * @param system by long names: {@code message-id}, {@code correlation-id}, {@code user-id}, {@code content-type},
 *     {@code content-encoding}, {@code iothub-creation-time-utc}, {@code dt-subject}, {@code dt-dataschema},
 *     {@code iothub-connection-auth-method}, {@code iothub-connection-auth-generation-id} and so on
 */
public record Event(long sequence, Instant enqueued, Identity from, String source, Map<String, String> system,
        Map<String, String> properties, Bytes body) {
}
