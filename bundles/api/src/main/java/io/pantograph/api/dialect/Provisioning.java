package io.pantograph.api.dialect;

import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeviceStatus;
import io.pantograph.api.wire.ClientCertificate;
import io.pantograph.api.wire.Endpoint;
import io.pantograph.api.wire.Login;
import io.pantograph.api.wire.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The step before the first login: a device that knows only who it is asks which hub it belongs to. A conversation over MQTT with
 * another service, as pure functions. Bodies are JSON; the caller encodes and decodes them with the codec {@code json}.
 */
@ConsumerType
public interface Provisioning {

    /** A question to the service. @param body {@code Content.of(null)} for an empty one */
    record Request(String topic, Content body) {
    }

    /** What an answer means. */
    sealed interface Step {

        /** The device is assigned. @param assignment kept by the session over restarts, for {@link Provisioning#assigned}; no secrets */
        record Assigned(Map<String, String> assignment) implements Step {
        }

        /** Ask this, after this pause. */
        record Ask(Request next, Duration pause) implements Step {
        }

        /** No. @param pause before the service may be asked again, if it says so */
        record Refused(DeviceStatus.Reason reason, String detail, Optional<Duration> pause) implements Step {
        }

        /** Not an answer to this conversation. */
        record Other() implements Step {
        }
    }

    /** Under which the assignment is kept: names the service and the registration, no secret; any text. */
    String key();

    Endpoint endpoint();

    Login login(Instant now) throws NoLoginException;

    default Optional<ClientCertificate> certificate() {
        return Optional.empty();
    }

    List<Subscription> subscriptions();

    /** The first question. @param request a name for it: 1 to 36 characters of A-Z a-z 0-9 - */
    Request register(String request);

    /** @param body {@code Content.of(null)} if it was empty or not JSON */
    Step read(String topic, Content body);

    /** The device's language at the hub it was assigned to. @throws IllegalArgumentException if the assignment is not good */
    Profile assigned(Map<String, String> assignment);
}
