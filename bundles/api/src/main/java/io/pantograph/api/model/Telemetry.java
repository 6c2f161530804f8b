package io.pantograph.api.model;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One reading under way.
 *
 * <pre>{@code
 * device.publish(Telemetry.of("status", Content.of("celsius", 21.5)));
 * device.publish(Telemetry.of("status", content).format("json-iotf").qos(Qos.AT_MOST_ONCE));
 * }</pre>
 *
 * @param event name of the event, see {@link Names}
 * @param format name of the format, found again as the name of a codec; {@code json} unless told
 * @param qos {@link Qos#AT_LEAST_ONCE} unless told
 * @param properties application properties, for dialects that carry them beside the body
 * @param messageId identity given by the author, for dialects that carry one
 * @param correlationId likewise
 * @param timeToLive how long it is worth sending, also while offline; empty: for ever
 * @param headers what else the message says of itself; {@link Headers#NONE} unless told
 */
public record Telemetry(String event, String format, Content content, Qos qos, Map<String, String> properties,
        Optional<String> messageId, Optional<String> correlationId, Optional<Duration> timeToLive, Headers headers) {

    /** @throws IllegalArgumentException for a name outside the rule of {@link Names} */
    public Telemetry {
        Names.check("event", event);
        Names.check("format", format);
        Objects.requireNonNull(content, "content");
        Objects.requireNonNull(qos, "qos");
        Objects.requireNonNull(headers, "headers");
        properties = Map.copyOf(properties);
    }

    public Telemetry(String event, String format, Content content, Qos qos, Map<String, String> properties,
            Optional<String> messageId, Optional<String> correlationId, Optional<Duration> timeToLive) {
        this(event, format, content, qos, properties, messageId, correlationId, timeToLive, Headers.NONE);
    }

    public static Telemetry of(String event, Content content) {
        return new Telemetry(event, "json", content, Qos.AT_LEAST_ONCE, Map.of(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    public Telemetry format(String format) {
        return new Telemetry(event, format, content, qos, properties, messageId, correlationId, timeToLive, headers);
    }

    public Telemetry qos(Qos qos) {
        return new Telemetry(event, format, content, qos, properties, messageId, correlationId, timeToLive, headers);
    }

    public Telemetry properties(Map<String, String> properties) {
        return new Telemetry(event, format, content, qos, properties, messageId, correlationId, timeToLive, headers);
    }

    public Telemetry messageId(String id) {
        return new Telemetry(event, format, content, qos, properties, Optional.of(id), correlationId, timeToLive, headers);
    }

    public Telemetry correlationId(String id) {
        return new Telemetry(event, format, content, qos, properties, messageId, Optional.of(id), timeToLive, headers);
    }

    public Telemetry timeToLive(Duration life) {
        return new Telemetry(event, format, content, qos, properties, messageId, correlationId, Optional.of(life), headers);
    }

    public Telemetry headers(Headers headers) {
        return new Telemetry(event, format, content, qos, properties, messageId, correlationId, timeToLive, headers);
    }

    /** The part of the device that this is about. */
    public Telemetry component(String name) {
        return headers(headers.component(name));
    }
}
