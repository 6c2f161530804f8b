package io.pantograph.hub.azure.wire;

import io.pantograph.api.azure.Credential;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.hub.Departure;
import io.pantograph.api.hub.FilterVerdict;
import io.pantograph.api.hub.HubClient;
import io.pantograph.api.hub.Json;
import io.pantograph.api.hub.LoginAttempt;
import io.pantograph.api.hub.LoginVerdict;
import io.pantograph.api.hub.Publication;
import io.pantograph.api.hub.PublishVerdict;
import io.pantograph.api.hub.Remote;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import io.pantograph.api.model.Secret;
import io.pantograph.azure.Sas;
import io.pantograph.json.JsonReader;
import io.pantograph.json.JsonWriter;
import io.pantograph.testkit.ManualClock;
import io.pantograph.testkit.PlainJson;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** The whole room without a framework; its threads run when the clock is told to go on. */
final class Room {

    /** As the hub has it. */
    static final Json JSON = new PlainJson(JsonWriter::write, JsonReader::readBatch);

    static final Secret KEY = Secret.of("cHJpbWFyeS1rZXktMDEyMzQ1Njc4OWFiY2RlZg==");
    static final Secret SECOND = Secret.of("c2Vjb25kYXJ5LWtleS0wMTIzNDU2Nzg5YWJj");
    static final String HOST = "hub.example";

    final ManualClock clock = new ManualClock();
    final FakeTransport front = new FakeTransport();
    final FakeIdentities identities = new FakeIdentities();
    final FakeTwins twins = new FakeTwins();
    final FakeMessages messages = new FakeMessages();
    final FakeEvents events = new FakeEvents();
    final FakeEnrollments enrollments = new FakeEnrollments();
    final TestDatabase database;
    final Entrance entrance;
    final Rules rules;

    Room() {
        this(new TestDatabase());
    }

    Room(TestDatabase database) {
        this(database, null);
    }

    /** @param own threads that run by themselves; null: those of the clock */
    Room(TestDatabase database, Executor own) {
        this.database = database;
        Keep keep = new Keep(identities, twins, messages, events, enrollments, new FakeAccess(), JSON);
        entrance = Entrance.of(keep, database, own == null ? clock.scheduler() : own, clock.scheduler(), clock);
        entrance.line().here(front);
        rules = entrance.rules();
        messages.waiting = entrance.changes()::waiting;
        device("dev1");
    }

    /** Lets the room's threads do what they were given. */
    void work() {
        clock.advance(Duration.ZERO);
    }

    void pass(long seconds) {
        clock.advance(Duration.ofSeconds(seconds));
    }

    void device(String id) {
        known(new Credential(Identity.of(id), true, Credential.Kind.SAS, List.of(KEY, SECOND), List.of(), "g1"));
    }

    void known(Credential credential) {
        identities.known.put(credential.identity(), credential);
    }

    String token(String resource, Secret key, long seconds, String policy) {
        return Sas.make(resource, key, clock.instant().plusSeconds(seconds), Optional.ofNullable(policy));
    }

    LoginVerdict login(String clientId, String user, String password) {
        return login(clientId, user, password, false, List.of());
    }

    LoginVerdict login(String clientId, String user, String password, boolean clean, X509Certificate certificate) {
        return login(clientId, user, password, clean, Optional.ofNullable(certificate).stream().toList());
    }

    LoginVerdict login(String clientId, String user, String password, boolean clean, List<X509Certificate> chain) {
        return rules.login(new LoginAttempt(clientId, Optional.ofNullable(user), Optional.ofNullable(password).map(Secret::of), clean,
                Duration.ofSeconds(60), Optional.empty(), new Remote("192.0.2.7", 8883, true, false, chain)));
    }

    /** A device or module comes in and stays an hour. */
    HubClient enter(String clientId, boolean clean) {
        String path = clientId.contains("/") ? clientId.replace("/", "/modules/") : clientId;
        return arrive(login(clientId, HOST + '/' + clientId + "/?api-version=2020-09-30&model-id=dtmi%3Atest%3Bone%3B1",
                token(HOST + "/devices/" + path, KEY, 3_600, null), clean, List.of()));
    }

    HubClient arrive(LoginVerdict verdict) {
        if (verdict instanceof LoginVerdict.Accepted accepted) {
            front.present.add(accepted.client().session());
            rules.connected(accepted.client());
            return accepted.client();
        }
        throw new AssertionError(verdict);
    }

    void leave(HubClient client) {
        front.cut(client.session());
        rules.disconnected(client, new Departure(Departure.Cause.NETWORK, "the connection broke", 0, 0, 0, 0));
    }

    void subscribe(HubClient client, String filter, Qos qos) {
        if (rules.filter(client, filter, qos) instanceof FilterVerdict.Use use) {
            rules.subscribed(client, use.filter(), use.qos());
            return;
        }
        throw new AssertionError("refused: " + filter);
    }

    PublishVerdict publish(HubClient client, String topic, String text) {
        return rules.publish(client, new Publication(topic, Bytes.utf8(text), Qos.AT_LEAST_ONCE, false, false));
    }
}
