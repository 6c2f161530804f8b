package io.pantograph.hub.azure.wire;

import io.pantograph.api.hub.Departure;
import io.pantograph.api.hub.FilterVerdict;
import io.pantograph.api.hub.HubClient;
import io.pantograph.api.hub.HubRules;
import io.pantograph.api.hub.LoginAttempt;
import io.pantograph.api.hub.LoginVerdict;
import io.pantograph.api.hub.Publication;
import io.pantograph.api.hub.PublishVerdict;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Qos;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What IoT Hub and its provisioning service would allow; each client knows for itself what its packets mean. */
final class Rules implements HubRules {

    private static final Logger log = LoggerFactory.getLogger(Rules.class);

    private final House house;
    private final Login login;
    private final Provisioning provisioning;

    Rules(House house, Login login, Provisioning provisioning) {
        this.house = house;
        this.login = login;
        this.provisioning = provisioning;
    }

    @Override
    public boolean claims(LoginAttempt attempt) {
        return attempt.user().filter(user -> RegistrationName.of(user).isPresent() || UserName.of(user).isPresent()).isPresent();
    }

    @Override
    public LoginVerdict login(LoginAttempt attempt) {
        try {
            return new LoginVerdict.Accepted(party(attempt));
        } catch (Refusal e) {
            log.info("'{}' from {} may not come in: {}", Names.visible(attempt.clientId()), attempt.remote().address(), e.getMessage());
            return new LoginVerdict.Refused(e.code(), e.getMessage());
        }
    }

    private Party party(LoginAttempt attempt) throws Refusal {
        String user = attempt.user().orElse("");
        Optional<RegistrationName> registration = RegistrationName.of(user);
        if (registration.isPresent()) {
            Proof proof = login.registration(registration.get(), attempt);
            return new Registration(provisioning, house.line(), registration.get().id(), proof, house.threads());
        }
        UserName name = UserName.of(user).orElseThrow(() -> new Refusal("its user name is none of IoT Hub"));
        Proof proof = login.device(name, attempt);
        return new Connection(house, proof, attempt.clientId(), attempt.cleanSession(), name.modelId());
    }

    @Override
    public void connected(HubClient client) {
        ((Party) client).connected();
    }

    @Override
    public void disconnected(HubClient client, Departure departure) {
        ((Party) client).disconnected(departure);
    }

    @Override
    public FilterVerdict filter(HubClient client, String filter, Qos qos) {
        return ((Party) client).filter(filter, qos);
    }

    @Override
    public void subscribed(HubClient client, String filter, Qos qos) {
        ((Party) client).subscribed(filter, qos);
    }

    @Override
    public void unsubscribed(HubClient client, String filter) {
        ((Party) client).unsubscribed(filter);
    }

    @Override
    public PublishVerdict publish(HubClient client, String topic, Bytes payload, Qos qos) {
        return publish(client, new Publication(topic, payload, qos, false, false));
    }

    @Override
    public PublishVerdict publish(HubClient client, Publication publication) {
        return ((Party) client).publish(publication);
    }

    @Override
    public String deliver(HubClient client, String topic) {
        return topic;
    }
}
