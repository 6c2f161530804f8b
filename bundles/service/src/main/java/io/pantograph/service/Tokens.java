package io.pantograph.service;

import io.pantograph.api.model.Secret;
import io.pantograph.azure.ConnectionString;
import io.pantograph.azure.Sas;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The token that goes with each request: made from the key, and anew at 80 % of its life by the clock that nobody sets. */
final class Tokens {

    private final String host;
    private final Optional<String> policy;
    private final Optional<Secret> key;
    private final Duration life;
    private final Clock clock;
    private final LongSupplier nanos;
    private String token;
    private long renewAt;

    /** @throws IllegalArgumentException if the connection string is none of a service */
    Tokens(ConnectionString login, Duration life, Clock clock, LongSupplier nanos) {
        if (login.deviceId().isPresent()) {
            throw new IllegalArgumentException("the connection string is of device '" + login.deviceId().get()
                    + "'; a service's has SharedAccessKeyName instead of DeviceId");
        }
        if (login.key().isEmpty() == login.signature().isEmpty()) {
            throw new IllegalArgumentException("a service's connection string has either SharedAccessKeyName and SharedAccessKey or SharedAccessSignature");
        }
        if (login.key().isPresent() && login.policy().isEmpty()) {
            throw new IllegalArgumentException("SharedAccessKeyName is missing in the connection string, such as iothubowner or service");
        }
        this.host = hostOf(login);
        this.policy = login.policy();
        this.key = login.key();
        this.life = life;
        this.clock = clock;
        this.nanos = nanos;
        login.signature().ifPresent(ready -> token = ready.reveal());
    }

    /** The host's name without a port. */
    static String hostOf(ConnectionString login) {
        int colon = login.hostName().lastIndexOf(':');
        return colon < 0 ? login.hostName() : login.hostName().substring(0, colon);
    }

    synchronized String current() {
        if (key.isPresent() && (token == null || nanos.getAsLong() - renewAt >= 0)) {
            token = Sas.make(host, key.get(), clock.instant().plus(life), policy);
            renewAt = nanos.getAsLong() + life.toNanos() / 5 * 4;
        }
        return token;
    }
}
