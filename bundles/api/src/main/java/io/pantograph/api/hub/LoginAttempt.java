package io.pantograph.api.hub;

import io.pantograph.api.model.Secret;
import java.time.Duration;
import java.util.Optional;

/** An MQTT CONNECT as it came in. */
public record LoginAttempt(String clientId, Optional<String> user, Optional<Secret> password, boolean cleanSession,
        Duration keepAlive, Optional<String> willTopic, Remote remote) {
}
