package io.pantograph.api.dialect;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Headers;
import io.pantograph.api.model.Provenance;
import io.pantograph.api.model.Qos;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * An encoded {@link io.pantograph.api.model.Telemetry}, accepted and waiting to be framed.
 *
 * @param accepted when it was accepted
 * @param expiry after which it is not worth sending; empty: never
 * @param writtenBy the codec that made the payload
 */
public record Reading(String event, String format, Bytes payload, Qos qos, Map<String, String> properties,
        Optional<String> messageId, Optional<String> correlationId, Instant accepted, Optional<Instant> expiry,
        Headers headers, Provenance writtenBy) {

    public Reading(String event, String format, Bytes payload, Qos qos, Map<String, String> properties,
            Optional<String> messageId, Optional<String> correlationId, Instant accepted, Optional<Instant> expiry, Headers headers) {
        this(event, format, payload, qos, properties, messageId, correlationId, accepted, expiry, headers, Provenance.NONE);
    }

    public Reading(String event, String format, Bytes payload, Qos qos, Map<String, String> properties,
            Optional<String> messageId, Optional<String> correlationId, Instant accepted, Optional<Instant> expiry) {
        this(event, format, payload, qos, properties, messageId, correlationId, accepted, expiry, Headers.NONE);
    }
}
