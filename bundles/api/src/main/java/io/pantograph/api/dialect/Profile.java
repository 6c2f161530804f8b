package io.pantograph.api.dialect;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.DeviceStatus;
import io.pantograph.api.wire.ClientCertificate;
import io.pantograph.api.wire.Endpoint;
import io.pantograph.api.wire.Frame;
import io.pantograph.api.wire.Login;
import io.pantograph.api.wire.Subscription;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/** One device's language: its identity and settings, applied to topics and bodies. Pure, immutable, safe for many threads. */
@ConsumerType
public interface Profile {

    DeviceId device();

    Endpoint endpoint();

    /** The login as of now; asked for before every connect. */
    Login login(Instant now) throws NoLoginException;

    /** What to show when TLS begins. */
    default Optional<ClientCertificate> certificate() {
        return Optional.empty();
    }

    /**
     * The step to take before the first login. Where there is one, only {@link #device}, {@link #endpoint} (the service's), {@link #check}, {@link #twin}
     * and this are asked of this profile, and everything else of {@link Provisioning#assigned}.
     */
    default Optional<Provisioning> provisioning() {
        return Optional.empty();
    }

    /** How this cloud speaks of twins; empty if it has none. Known before the device is provisioned, so that reports can wait for that. */
    default Optional<TwinGrammar> twin() {
        return Optional.empty();
    }

    /** How this cloud manages devices; empty if it does not. */
    default Optional<ManagementGrammar> management() {
        return Optional.empty();
    }

    /** What the hub's refusal means here: MQTT has few words for it, and clouds use them differently. */
    default DeviceStatus.Reason refusal(DeviceStatus.Reason told) {
        return told;
    }

    /** What to subscribe after every connect, before anything is sent; empty for none. */
    List<Subscription> subscriptions();

    /**
     * Whether the cloud would take such a reading, asked before it is queued.
     *
     * @throws DeliveryException TOO_LARGE or UNSUPPORTED, naming the limit
     */
    void check(Reading reading) throws DeliveryException;

    /** The reading as it travels. Called again, with the same outcome, when it must be repeated. */
    Frame frame(Reading reading);

    /** What a message from the hub means. Never throws: what cannot be read is {@link Inbound.Unreadable}. */
    Inbound read(String topic, Bytes payload);

    /**
     * The answer to a call whose asker waits, see {@link Inbound.Asked}.
     *
     * @param payload in JSON; empty for none
     */
    default Frame answer(String ticket, int status, Bytes payload) {
        throw new UnsupportedOperationException("nobody waits for answers here");
    }
}
