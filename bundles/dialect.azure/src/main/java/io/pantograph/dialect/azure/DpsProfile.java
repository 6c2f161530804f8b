package io.pantograph.dialect.azure;

import io.pantograph.api.dialect.Inbound;
import io.pantograph.api.dialect.NoLoginException;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.dialect.Provisioning;
import io.pantograph.api.dialect.Reading;
import io.pantograph.api.dialect.TwinGrammar;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.wire.ClientCertificate;
import io.pantograph.api.wire.Endpoint;
import io.pantograph.api.wire.Frame;
import io.pantograph.api.wire.Login;
import io.pantograph.api.wire.Subscription;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A device that does not know its hub yet. */
final class DpsProfile implements Profile {

    private final Registration registration;
    private final Dps dps;
    private final Telemetries telemetries;

    DpsProfile(Registration registration) {
        this.registration = registration;
        dps = new Dps(registration);
        // Only to check with: the hub's id for the device may be of another length, but it is checked again there.
        telemetries = new Telemetries(registration.device(), new Subject("-", registration.id(), Optional.empty()).topics(), registration.manner());
    }

    @Override
    public DeviceId device() {
        return registration.device();
    }

    @Override
    public Endpoint endpoint() {
        return registration.service();
    }

    @Override
    public Optional<Provisioning> provisioning() {
        return Optional.of(dps);
    }

    /** That of the hub to come, so that what is reported before waits for it. */
    @Override
    public Optional<TwinGrammar> twin() {
        return HubProfile.TWINS;
    }

    @Override
    public void check(Reading reading) throws DeliveryException {
        telemetries.check(reading);
    }

    @Override
    public Optional<ClientCertificate> certificate() {
        return dps.certificate();
    }

    /** The service's, for lack of another. */
    @Override
    public Login login(Instant now) throws NoLoginException {
        return dps.login(now);
    }

    @Override
    public List<Subscription> subscriptions() {
        return List.of();
    }

    @Override
    public Frame frame(Reading reading) {
        throw new IllegalStateException("device " + device() + " has no hub before it is provisioned");
    }

    @Override
    public Inbound read(String topic, Bytes payload) {
        return new Inbound.Unreadable("device " + device() + " has no hub before it is provisioned");
    }
}
