package io.pantograph.dialect.azure;

import io.pantograph.api.dialect.Inbound;
import io.pantograph.api.dialect.NoLoginException;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.dialect.Reading;
import io.pantograph.api.dialect.TwinGrammar;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.DeviceStatus;
import io.pantograph.api.model.Qos;
import io.pantograph.api.wire.ClientCertificate;
import io.pantograph.api.wire.Endpoint;
import io.pantograph.api.wire.Frame;
import io.pantograph.api.wire.Login;
import io.pantograph.api.wire.Subscription;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A device or module at its IoT Hub. */
final class HubProfile implements Profile {

    static final Optional<TwinGrammar> TWINS = Optional.of(new AzureTwins());
    private static final int MOST_ANSWER_BYTES = 128 * 1024;

    private final DeviceId device;
    private final Subject subject;
    private final Endpoint endpoint;
    private final Access access;
    private final Manner manner;
    private final Telemetries telemetries;
    private final Arrivals arrivals;
    private final List<Subscription> subscriptions;

    HubProfile(DeviceId device, Subject subject, Endpoint endpoint, Access access, Manner manner) {
        this.device = device;
        this.subject = subject;
        this.endpoint = endpoint;
        this.access = access;
        this.manner = manner;
        telemetries = new Telemetries(device, subject.topics(), manner);
        arrivals = new Arrivals(device, subject, manner);
        subscriptions = subscriptions(subject);
    }

    /** All that there is, whether somebody listens or not: handlers come and go while connected. A hub allows five. */
    private static List<Subscription> subscriptions(Subject subject) {
        List<Subscription> all = new ArrayList<>();
        all.add(new Subscription(subject.topics() + "messages/devicebound/#", Qos.AT_LEAST_ONCE));
        if (subject.module().isPresent()) {
            all.add(new Subscription(subject.topics() + "inputs/#", Qos.AT_LEAST_ONCE));
        }
        for (String prefix : List.of(Arrivals.METHODS, Arrivals.TWIN_ANSWERS, Arrivals.DESIRED)) {
            all.add(new Subscription(prefix + '#', Qos.AT_LEAST_ONCE));
        }
        return List.copyOf(all);
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
    public Login login(Instant now) throws NoLoginException {
        Access.Pass pass = access.pass(subject.hub() + subject.path(), Optional.empty(), now);
        return new Login(subject.clientId(), Optional.of(subject.hub() + '/' + subject.clientId() + '/' + manner.query()), pass.password(),
                manner.cleanSession(), manner.keepAlive(), pass.validFor());
    }

    @Override
    public Optional<ClientCertificate> certificate() {
        return access.certificate();
    }

    @Override
    public Optional<TwinGrammar> twin() {
        return TWINS;
    }

    /** "Server unavailable" is how IoT Hub says that it has switched this device off. */
    @Override
    public DeviceStatus.Reason refusal(DeviceStatus.Reason told) {
        return told == DeviceStatus.Reason.HUB_UNAVAILABLE ? DeviceStatus.Reason.DEVICE_DISABLED : told;
    }

    @Override
    public List<Subscription> subscriptions() {
        return subscriptions;
    }

    @Override
    public void check(Reading reading) throws DeliveryException {
        telemetries.check(reading);
    }

    @Override
    public Frame frame(Reading reading) {
        return new Frame(telemetries.topic(reading), reading.payload(), reading.qos());
    }

    @Override
    public Inbound read(String topic, Bytes payload) {
        return arrivals.read(topic, payload);
    }

    /** @throws IllegalArgumentException if it is more than the hub takes */
    @Override
    public Frame answer(String ticket, int status, Bytes payload) {
        if (payload.length() > MOST_ANSWER_BYTES) {
            throw new IllegalArgumentException("it has " + payload.length() + " bytes, and IoT Hub takes at most " + MOST_ANSWER_BYTES
                    + " as the answer to a method: answer less, and send the rest as telemetry");
        }
        return new Frame("$iothub/methods/res/" + status + "/?$rid=" + ticket, payload, Qos.AT_LEAST_ONCE);
    }
}
