package io.pantograph.dialect.watson;

import io.pantograph.api.dialect.Inbound;
import io.pantograph.api.dialect.ManagementGrammar;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.dialect.Reading;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeliveryException.Reason;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Qos;
import io.pantograph.api.wire.Endpoint;
import io.pantograph.api.wire.Frame;
import io.pantograph.api.wire.Login;
import io.pantograph.api.wire.Subscription;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A device speaks in its own scope, a gateway in that of the organisation. */
final class WatsonProfile implements Profile {

    /** The platform ends the connection over a larger one, and a client that repeats it never gets beyond it. */
    static final int MAX_PAYLOAD = 131_072;

    private final DeviceId device;
    private final Endpoint endpoint;
    private final Login login;
    private final boolean gateway;
    private final boolean quickstart;
    private final String scope;
    private final Management management;

    WatsonProfile(DeviceId device, Endpoint endpoint, Login login, boolean gateway, boolean quickstart) {
        this.device = device;
        this.endpoint = endpoint;
        this.login = login;
        this.gateway = gateway;
        this.quickstart = quickstart;
        scope = gateway ? Topics.scope(Topics.MESSAGES, device) : Topics.MESSAGES + '/';
        management = new Management(device, gateway);
    }

    @Override
    public DeviceId device() {
        return device;
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public Login login(Instant now) {
        return login;
    }

    @Override
    public List<Subscription> subscriptions() {
        return quickstart ? List.of() : List.of(new Subscription(scope + Topics.message("cmd", "+", "+"), Qos.AT_LEAST_ONCE));
    }

    @Override
    public Optional<ManagementGrammar> management() {
        return quickstart ? Optional.empty() : Optional.of(management);
    }

    @Override
    public void check(Reading reading) throws DeliveryException {
        int payloadBytes = reading.payload().length();
        if (payloadBytes > MAX_PAYLOAD) {
            throw new DeliveryException(Reason.TOO_LARGE, "event '" + reading.event() + "' of " + device + " has " + payloadBytes
                    + " bytes in format " + reading.format() + "; Watson takes at most " + MAX_PAYLOAD + ": send less at once");
        }
        if (quickstart && reading.qos() != Qos.AT_MOST_ONCE) {
            throw new DeliveryException(Reason.UNSUPPORTED, "event '" + reading.event() + "' of " + device + " has QoS " + reading.qos().level()
                    + "; Quickstart knows QoS 0 only: use it, or register the device");
        }
    }

    @Override
    public Frame frame(Reading reading) {
        return new Frame(scope + Topics.message("evt", reading.event(), reading.format()), reading.payload(), reading.qos());
    }

    @Override
    public Inbound read(String topic, Bytes payload) {
        String[] levels = Topics.levels(topic);
        int from = gateway ? 5 : 1;
        if (levels.length == from + 4 && levels[0].equals(Topics.MESSAGES) && Topics.isMessage(levels, from, "cmd", false)
                && (!gateway || Topics.isScope(levels, Topics.MESSAGES, false))) {
            DeviceId addressed = gateway ? new DeviceId(levels[2], levels[4]) : device;
            return new Inbound.Call(addressed, levels[from + 1], levels[from + 3], payload);
        }
        Optional<Inbound> managed = management.read(topic, payload);
        if (managed.isPresent()) {
            return managed.get();
        }
        return new Inbound.Unreadable("topic '" + Names.visible(topic) + "' is no command to " + device);
    }
}
