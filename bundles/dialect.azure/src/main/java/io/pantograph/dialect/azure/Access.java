package io.pantograph.dialect.azure;

import io.pantograph.api.dialect.NoLoginException;
import io.pantograph.api.model.DeviceStatus;
import io.pantograph.api.model.Secret;
import io.pantograph.api.wire.ClientCertificate;
import io.pantograph.azure.Sas;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** With what we show who we are. */
sealed interface Access {

    /** What goes into the login. */
    record Pass(Optional<Secret> password, Optional<Duration> validFor) {
    }

    /**
     * @param resource host and path, as in {@link Sas}
     * @param policy that the token names, if any
     */
    Pass pass(String resource, Optional<String> policy, Instant now) throws NoLoginException;

    /** What is shown when TLS begins. */
    default Optional<ClientCertificate> certificate() {
        return Optional.empty();
    }

    /** A key makes a token for each login. @param life of each */
    record Key(Secret key, Duration life) implements Access {

        @Override
        public Pass pass(String resource, Optional<String> policy, Instant now) {
            return new Pass(Optional.of(Secret.of(Sas.make(resource, key, now.plus(life), policy))), Optional.of(life));
        }
    }

    /** A token that somebody else made; there is no next one. */
    record Token(Secret token, Instant expiry) implements Access {

        @Override
        public Pass pass(String resource, Optional<String> policy, Instant now) throws NoLoginException {
            if (!now.isBefore(expiry)) {
                throw new NoLoginException(DeviceStatus.Reason.EXPIRED_TOKEN, "the shared access signature for " + resource + " ended at " + expiry
                        + "; put a new one in its place, or a shared access key, which makes its own");
            }
            return new Pass(Optional.of(token), Optional.of(Duration.between(now, expiry)));
        }
    }

    /** TLS says it all: no password. */
    record Certificate(ClientCertificate files) implements Access {

        @Override
        public Pass pass(String resource, Optional<String> policy, Instant now) {
            return new Pass(Optional.empty(), Optional.empty());
        }

        @Override
        public Optional<ClientCertificate> certificate() {
            return Optional.of(files);
        }
    }
}
