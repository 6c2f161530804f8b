package io.pantograph.api.service;

import io.pantograph.api.model.Bytes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A message to a device.
 *
 * @param system {@code message-id}, {@code correlation-id}, {@code user-id}, {@code content-type}, {@code content-encoding},
 *     {@code iothub-ack} ({@code none}, {@code positive}, {@code negative}, {@code full})
 * @param properties the application's own
 * @param life for how long it may wait; empty: as the hub is set, 1 h
 */
public record OutboundMessage(Map<String, String> system, Map<String, String> properties, Bytes body, Optional<Duration> life) {

    public OutboundMessage {
        system = Map.copyOf(system);
        properties = Map.copyOf(properties);
        Objects.requireNonNull(body);
        Objects.requireNonNull(life);
    }

    public static OutboundMessage of(Bytes body) {
        return new OutboundMessage(Map.of(), Map.of(), body, Optional.empty());
    }

    /** In UTF-8. */
    public static OutboundMessage of(String text) {
        return of(Bytes.utf8(text));
    }

    public OutboundMessage system(String name, String value) {
        return new OutboundMessage(with(system, name, value), properties, body, life);
    }

    public OutboundMessage property(String name, String value) {
        return new OutboundMessage(system, with(properties, name, value), body, life);
    }

    public OutboundMessage living(Duration time) {
        return new OutboundMessage(system, properties, body, Optional.of(time));
    }

    private static Map<String, String> with(Map<String, String> map, String name, String value) {
        Map<String, String> copy = new LinkedHashMap<>(map);
        copy.put(name, value);
        return copy;
    }
}
