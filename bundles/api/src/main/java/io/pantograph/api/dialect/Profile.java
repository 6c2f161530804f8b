package io.pantograph.api.dialect;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Qos;
import io.pantograph.api.wire.Endpoint;
import io.pantograph.api.wire.Frame;
import io.pantograph.api.wire.Login;
import io.pantograph.api.wire.Subscription;
import java.time.Instant;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** One device's language: its identity and settings, applied to topics and bodies. Pure, immutable, safe for many threads. */
@ConsumerType
public interface Profile {

    DeviceId device();

    Endpoint endpoint();

    /** The login as of now; asked for before every connect. */
    Login login(Instant now);

    /** What to subscribe after every connect, before anything is sent; empty for none. */
    List<Subscription> subscriptions();

    /**
     * Whether the cloud would take such a reading, asked before it is queued.
     *
     * @throws DeliveryException TOO_LARGE or UNSUPPORTED, naming the limit
     */
    void check(String event, String format, Qos qos, int payloadBytes) throws DeliveryException;

    /** The reading as it travels. Called again, with the same outcome, when it must be repeated. */
    Frame frame(Reading reading);

    /** What a message from the hub means. Never throws: what cannot be read is {@link Inbound.Unreadable}. */
    Inbound read(String topic, Bytes payload);
}
