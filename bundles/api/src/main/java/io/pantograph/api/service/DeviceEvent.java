package io.pantograph.api.service;

import io.pantograph.api.model.Bytes;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a device sent, or what the hub tells of it.
 *
 * @param sequence grows from event to event of a hub
 * @param enqueued when the hub took it
 * @param source {@code Telemetry}, {@code deviceLifecycleEvents}, {@code twinChangeEvents}, {@code deviceConnectionStateEvents}
 * @param system by long names such as {@code message-id}, {@code content-type}, {@code iothub-connection-auth-method}
 * @param properties the application's own; a value may be {@code null}
 */
public record DeviceEvent(long sequence, Instant enqueued, String device, Optional<String> module, String source, Map<String, String> system,
        Map<String, String> properties, Bytes body) {

    public DeviceEvent {
        system = Collections.unmodifiableMap(new LinkedHashMap<>(system));
        properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
    }
}
