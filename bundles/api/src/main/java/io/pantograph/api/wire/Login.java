package io.pantograph.api.wire;

import io.pantograph.api.model.Secret;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * As whom to connect (the MQTT CONNECT packet). Made anew for every connect, since a token may have aged.
 *
 * @param cleanSession false asks the hub to keep subscriptions and queued messages while away
 * @param validFor how long this login is good; empty: for ever. The session connects anew at 80 % of it
 */
public record Login(String clientId, Optional<String> user, Optional<Secret> password, boolean cleanSession, Duration keepAlive,
        Optional<Duration> validFor) {

    public Login {
        Objects.requireNonNull(clientId);
        Objects.requireNonNull(user);
        Objects.requireNonNull(password);
        Objects.requireNonNull(keepAlive);
        Objects.requireNonNull(validFor);
    }
}
