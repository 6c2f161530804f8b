package io.pantograph.hub;

import io.pantograph.api.hub.Departure;
import io.pantograph.api.hub.FilterVerdict;
import io.pantograph.api.hub.HubClient;
import io.pantograph.api.hub.HubDialect;
import io.pantograph.api.hub.HubIdentity;
import io.pantograph.api.hub.HubIdentity.Kind;
import io.pantograph.api.hub.HubRules;
import io.pantograph.api.hub.HubTopic;
import io.pantograph.api.hub.Json;
import io.pantograph.api.hub.LoginAttempt;
import io.pantograph.api.hub.LoginVerdict;
import io.pantograph.api.hub.PublishVerdict;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Qos;
import io.pantograph.api.model.Values;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Watson would allow. Quickstart is served at QoS 0: a publish at QoS 1 or 2 is acknowledged, but delivered and told at QoS 0,
 * and subscriptions are granted QoS 0.
 */
final class Rules implements HubRules {

    private static final Logger log = LoggerFactory.getLogger(Rules.class);
    private static final int WRONG_TOPIC = 276;

    private final Json json;
    private final Dialects dialects;
    private final Front front;
    private final Journal journal;
    private final Desk desk;
    private final Clock clock;
    private final WatsonLogin login;
    private final Presence presence;
    private final String org;
    private final AtomicLong members = new AtomicLong();

    Rules(Json json, Devices devices, Gate gate, Dialects dialects, Front front, Listeners listeners, Journal journal,
            Attendance attendance, Desk desk, Clock clock) {
        this.json = json;
        this.dialects = dialects;
        this.front = front;
        this.journal = journal;
        this.desk = desk;
        this.clock = clock;
        org = gate.org();
        login = new WatsonLogin(gate, devices);
        presence = new Presence(json, front, listeners, journal.connectionLog(), attendance, clock);
        devices.whenDeleted(this::end);
    }

    /** The MQTT front has come: nobody is connected to it yet. */
    void begin() {
        presence.recover();
    }

    @Override
    public LoginVerdict login(LoginAttempt attempt) {
        if (!dialects.any()) {
            return refused(attempt, Optional.empty(), LoginVerdict.Code.UNAVAILABLE, CloseCode.UNAVAILABLE, "the hub has no dialect yet");
        }
        Optional<Dialects.Match> match;
        try {
            match = dialects.identify(attempt.clientId());
        } catch (IllegalArgumentException e) {
            return refused(attempt, Optional.empty(), LoginVerdict.Code.BAD_CLIENT_ID, CloseCode.CLIENT_ID, e.getMessage());
        } catch (RuntimeException | LinkageError e) {
            log.warn("a dialect failed to read client id '{}'", Names.visible(attempt.clientId()), e);
            return refused(attempt, Optional.empty(), LoginVerdict.Code.UNAVAILABLE, CloseCode.UNAVAILABLE, "the dialect failed");
        }
        if (match.isEmpty()) {
            return refused(attempt, match, LoginVerdict.Code.BAD_CLIENT_ID, CloseCode.CLIENT_ID,
                    "client id '" + Names.visible(attempt.clientId()) + "' must begin with d: g: a: or A:");
        }
        return login(attempt, match.get());
    }

    private LoginVerdict login(LoginAttempt attempt, Dialects.Match match) {
        HubIdentity who = match.identity();
        Optional<String> why;
        try {
            why = login.refusal(who, attempt);
        } catch (StoreException e) {
            log.error("the login of '{}' cannot be checked", attempt.clientId(), e);
            return refused(attempt, Optional.empty(), LoginVerdict.Code.UNAVAILABLE, CloseCode.UNAVAILABLE, "the registry failed");
        }
        if (why.isPresent()) {
            return refused(attempt, Optional.of(match).filter(found -> who.org().equals(org)), LoginVerdict.Code.NOT_AUTHORIZED,
                    CloseCode.NOT_AUTHORIZED, why.get());
        }
        // Members of a shared application have one client id in common, so each connection gets a session of its own.
        String session = who.kind() == Kind.SHARED_APPLICATION && who.instance().isEmpty()
                ? attempt.clientId() + ":~" + members.incrementAndGet() : attempt.clientId();
        return new LoginVerdict.Accepted(new Client(attempt.clientId(), session, who, match.slot(), attempt.user(), attempt.remote(), clock.instant()));
    }

    private LoginVerdict refused(LoginAttempt attempt, Optional<Dialects.Match> who, LoginVerdict.Code code, CloseCode told, String reason) {
        presence.refused(attempt, who, told, reason);
        return new LoginVerdict.Refused(code, reason);
    }

    @Override
    public void connected(HubClient client) {
        presence.connected((Client) client);
    }

    @Override
    public void disconnected(HubClient client, Departure departure) {
        presence.disconnected((Client) client, departure);
        if (!client.session().equals(client.clientId())) {
            front.forget(client.session()); // nobody will ever come back to it
        }
    }

    @Override
    public FilterVerdict filter(HubClient asking, String filter, Qos qos) {
        Client client = (Client) asking;
        try {
            FilterVerdict verdict = client.dialect().filter(client.who(), filter, qos);
            if (client.who().kind() == Kind.GATEWAY && verdict instanceof FilterVerdict.Use) {
                client.dialect().subject(client.who(), filter)
                        .filter(device -> !journal.newcomers().know(device))
                        .ifPresent(device -> admit(client, device, "subscribe", filter, () -> CompletableFuture.completedFuture(null)));
            }
            return client.quickstart() && verdict instanceof FilterVerdict.Use use ? new FilterVerdict.Use(use.filter(), Qos.AT_MOST_ONCE) : verdict;
        } catch (RuntimeException | LinkageError e) {
            log.warn("the dialect failed on filter '{}' of {}", Names.visible(filter), client.clientId(), e);
            return new FilterVerdict.Refuse("the dialect failed");
        }
    }

    @Override
    public PublishVerdict publish(HubClient sending, String topic, Bytes payload, Qos qos) {
        Client client = (Client) sending;
        if (payload.length() > Journal.MOST_BYTES) {
            return client.cut(CloseCode.TOO_LARGE, "the message has " + payload.length() + " bytes, more than " + Journal.MOST_BYTES);
        }
        HubTopic read;
        try {
            read = client.read(topic);
        } catch (RuntimeException | LinkageError e) {
            log.warn("the dialect failed on topic '{}' of {}", Names.visible(topic), client.clientId(), e);
            return client.cut(CloseCode.TOPIC, "the dialect failed");
        }
        if (read instanceof HubTopic.Message message) {
            return take(client, message, payload, client.quickstart() ? Qos.AT_MOST_ONCE : qos);
        }
        if (read instanceof HubTopic.Foreign foreign) {
            return client.cut(CloseCode.TOPIC, foreign.reason());
        }
        manage(client, (HubTopic.Management) read, payload);
        return new PublishVerdict.Consumed();
    }

    private void manage(Client client, HubTopic.Management said, Bytes payload) {
        DeviceId device = said.device();
        if (client.speaksFor(device) && !journal.newcomers().know(device)) {
            admit(client, device, "publish", said.routed(), () -> {
                desk.heard(said, payload);
                return CompletableFuture.completedFuture(null);
            });
        } else {
            desk.heard(said, payload);
        }
    }

    private PublishVerdict take(Client client, HubTopic.Message message, Bytes payload, Qos qos) {
        DeviceId device = message.device();
        if (client.speaksFor(device) && !journal.newcomers().know(device)) {
            admit(client, device, "publish", message.routed(), () -> {
                journal.took(message, payload, qos, true);
                return front.route(message.routed(), payload, qos);
            });
            return new PublishVerdict.Consumed();
        }
        journal.took(message, payload, qos, !client.quickstart());
        return new PublishVerdict.Route(message.routed());
    }

    private void admit(Client gateway, DeviceId device, String request, String topic, Supplier<CompletionStage<Void>> then) {
        journal.newcomers().admit(device, gateway.who().device().orElseThrow(), gateway.clientId(), then,
                why -> notice(gateway, device, request, topic, why));
    }

    /** Tells a gateway that what it wanted to do for another device was not done. */
    private void notice(Client gateway, DeviceId device, String request, String topic, String why) {
        log.info("gateway {} may not {} for device {}: {}", gateway.clientId(), request, device, why);
        Bytes notice = json.write(Values.builder()
                .put("Request", request)
                .put("Time", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString())
                .put("Topic", topic)
                .put("Type", device.type())
                .put("Id", device.name())
                .put("Client", gateway.clientId())
                .put("RC", WRONG_TOPIC)
                .put("Message", why)
                .build());
        front.route(gateway.dialect().notifyTopic(gateway.who()), notice, Qos.AT_MOST_ONCE);
    }

    @Override
    public String deliver(HubClient receiving, String topic) {
        try {
            return ((Client) receiving).deliver(topic);
        } catch (RuntimeException | LinkageError e) {
            log.warn("the dialect failed on topic '{}' for {}", Names.visible(topic), receiving.clientId(), e);
            return topic;
        }
    }

    /** The device is no more: neither are its connection, what was kept for it, and the word that it is connected. */
    private void end(DeviceId device) {
        for (Kind kind : new Kind[] {Kind.DEVICE, Kind.GATEWAY}) {
            HubIdentity who = new HubIdentity(kind, org, Optional.of(device), Optional.empty(), Optional.empty());
            for (HubDialect dialect : dialects.all()) {
                dialect.clientId(who).ifPresent(clientId -> {
                    presence.deleted(clientId, dialect.presenceTopic(who));
                    front.forget(clientId);
                });
            }
        }
    }
}
