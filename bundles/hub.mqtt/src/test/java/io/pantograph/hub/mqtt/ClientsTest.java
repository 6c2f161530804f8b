package io.pantograph.hub.mqtt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.hub.Departure;
import io.pantograph.api.hub.HubClient;
import io.pantograph.api.hub.LoginAttempt;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import io.pantograph.hub.mqtt.TestHub.Guest;
import io.pantograph.testkit.Await;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the rules say happens to clients happens: each test is a stranger with Paho on the plain port. */
class ClientsTest {

    @TempDir
    static Path home;
    private static TestHub hub;

    @BeforeAll
    static void start() throws Exception {
        hub = new TestHub(home);
    }

    @AfterAll
    static void stop() throws Exception {
        hub.close();
    }

    @BeforeEach
    void forgetThePast() {
        Await.until("those of the test before to have left", () -> hub.rules.present.get() == 0);
        hub.rules.attempts.clear();
        hub.rules.arrivals.clear();
        hub.rules.departures.clear();
    }

    private static void settle() throws Exception {
        // what was said before this answer has been routed
        try (Guest guest = hub.guest("a:settle")) {
            guest.client.subscribe("settle", 1);
            guest.say("settle", "", 1);
            guest.hear();
        }
    }

    private static int refusal(String clientId, String password) {
        MqttConnectOptions options = new MqttConnectOptions();
        options.setUserName("use-token-auth");
        options.setPassword(password.toCharArray());
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        return assertThrows(MqttException.class, () -> hub.guest(clientId, "tcp://127.0.0.1:" + hub.at.mqtt(), options).close()).getReasonCode();
    }

    // Clients in the field react to 5 and to nothing else.
    @Test
    void refusesAWrongTokenWithCodeFive() {
        assertEquals(5, refusal("d:one", "guess"));
        assertTrue(hub.rules.arrivals.isEmpty(), "the rules hear of welcome clients only");
    }

    @Test
    void refusesABadClientIdWithCodeTwo() {
        assertEquals(2, refusal("nobody", "secret"));
        assertEquals(2, refusal("", "secret"), "an empty client id is not given a name");
    }

    @Test
    void tellsTheRulesWhoAsksAndFromWhere() throws Exception {
        MqttConnectOptions options = new MqttConnectOptions();
        options.setKeepAliveInterval(77);
        options.setWill("evt/gone", new byte[0], 0, false);
        hub.guest("d:curious", "tcp://127.0.0.1:" + hub.at.mqtt(), options).close();
        LoginAttempt attempt = hub.rules.attempts.poll(10, TimeUnit.SECONDS);
        assertEquals("d:curious", attempt.clientId());
        assertEquals(Optional.of("user"), attempt.user());
        assertEquals(77, attempt.keepAlive().toSeconds());
        assertEquals(Optional.of("evt/gone"), attempt.willTopic());
        assertEquals("127.0.0.1", attempt.remote().address());
        assertEquals(hub.at.mqtt(), attempt.remote().port());
        assertFalse(attempt.remote().secure());
        assertFalse(attempt.remote().webSocket());
    }

    @Test
    void rewritesTopicsOnTheWayInAndOut() throws Exception {
        try (Guest application = hub.guest("a:app"); Guest device = hub.guest("d:one")) {
            application.client.subscribe("dev/+/evt/#", 1);
            device.client.subscribe("cmd/#", 1);
            device.say("evt/status", "hot", 1);
            assertEquals("dev/one/evt/status", application.hear().topic());
            application.say("dev/one/cmd/cool", "now", 1);
            Guest.Heard command = device.hear();
            assertEquals("cmd/cool", command.topic());
            assertEquals("now", command.text());
        }
    }

    @Test
    void keepsAllThreeQualitiesOfService() throws Exception {
        try (Guest application = hub.guest("a:app"); Guest device = hub.guest("d:one")) {
            application.client.subscribe("dev/one/evt/#", 2);
            for (int qos = 0; qos <= 2; qos++) {
                device.say("evt/q", "q" + qos, qos);
                Guest.Heard heard = application.hear();
                assertEquals("q" + qos, heard.text());
                assertEquals(qos, heard.message().getQos());
            }
        }
    }

    @Test
    void takesTheRetainedMarkOff() throws Exception {
        try (Guest device = hub.guest("d:one"); Guest application = hub.guest("a:app")) {
            device.client.publish("evt/kept", "x".getBytes(), 1, true);
            settle();
            application.client.subscribe("dev/one/evt/kept", 1);
            device.say("evt/kept", "live", 1);
            assertEquals("live", application.hear().text());
        }
    }

    @Test
    void answersRefusedFiltersOneByOneAndTheConnectionLivesOn() throws Exception {
        try (Guest device = hub.guest("d:one")) {
            var granted = device.client.subscribeWithResponse(new String[] {"dev/two/cmd/#", "cmd/#", "#"}, new int[] {1, 2, 0});
            assertArrayEquals(new int[] {128, 2, 128}, granted.getGrantedQos());
            assertTrue(device.client.isConnected());
        }
    }

    @Test
    void endsTheConnectionForAForbiddenFilter() throws Exception {
        try (Guest device = hub.guest("d:one")) {
            assertThrows(MqttException.class, () -> device.client.subscribe("kick/me", 1));
            assertTrue(device.lost());
            Departure departure = hub.rules.left("d:one").departure();
            assertEquals(Departure.Cause.RULE, departure.cause());
            assertEquals("nobody may subscribe to kick/me", departure.reason());
        }
    }

    @Test
    void unsubscribesFromWhatTheFilterStandsFor() throws Exception {
        try (Guest device = hub.guest("d:one"); Guest application = hub.guest("a:app")) {
            device.client.subscribe("cmd/a", 1);
            device.client.subscribe("cmd/b", 1);
            device.client.unsubscribe("cmd/a");
            application.say("dev/one/cmd/a", "no", 1);
            application.say("dev/one/cmd/b", "yes", 1);
            assertEquals("yes", device.hear().text());
        }
    }

    @Test
    void acknowledgesWhatTheHubTakes() throws Exception {
        try (Guest device = hub.guest("d:one")) {
            for (int qos = 0; qos <= 2; qos++) {
                device.say("eat/this", "bite" + qos, qos);
                assertEquals("bite" + qos, hub.rules.eaten.poll(10, TimeUnit.SECONDS));
            }
        }
    }

    @Test
    void endsTheConnectionForAForbiddenMessageAndNobodyGetsIt() throws Exception {
        try (Guest application = hub.guest("a:app"); Guest device = hub.guest("d:one"); Guest other = hub.guest("d:two")) {
            application.client.subscribe("#", 1);
            assertThrows(MqttException.class, () -> device.say("kick", "me", 1));
            assertTrue(device.lost());
            assertEquals("not allowed", hub.rules.left("d:one").departure().reason());
            other.say("evt/after", "fine", 1);
            assertEquals("fine", application.hear().text());
        }
    }

    // The clouds' limit is one of the payload; a longer topic must not make it smaller.
    @Test
    void takesTheLargestPayloadAndNotOneByteMore() throws Exception {
        String topic = "evt/" + "t".repeat(1_000);
        try (Guest application = hub.guest("a:app"); Guest device = hub.guest("d:largest")) {
            application.client.subscribe("dev/largest/evt/#", 1);
            device.client.publish(topic, new byte[FakeRules.MOST], 1, false);
            assertEquals(FakeRules.MOST, application.hear().message().getPayload().length);
            assertThrows(MqttException.class, () -> device.client.publish(topic, new byte[FakeRules.MOST + 1], 1, false));
            assertEquals(Departure.Cause.RULE, hub.rules.left("d:largest").departure().cause());
        }
    }

    @Test
    void cutsAPacketNoRuleNeedsToLookAt() throws Exception {
        try (Guest device = hub.guest("d:big")) {
            assertThrows(MqttException.class, () -> device.client.publish("evt/x", new byte[400_000], 1, false));
            assertEquals(Departure.Cause.TOO_LARGE, hub.rules.left("d:big").departure().cause());
        }
    }

    @Test
    void theNewestConnectionOfASessionWins() throws Exception {
        try (Guest older = hub.guest("d:one")) {
            try (Guest newer = hub.guest("d:one"); Guest application = hub.guest("a:app")) {
                assertTrue(older.lost());
                assertEquals(Departure.Cause.TAKEN_OVER, hub.rules.left("d:one").departure().cause());
                application.client.subscribe("dev/one/evt/#", 1);
                newer.say("evt/x", "still here", 1);
                assertEquals("still here", application.hear().text());
            }
            assertEquals(Departure.Cause.CLIENT, hub.rules.left("d:one").departure().cause());
        }
    }

    // Watson's scalable applications: one client id, many connections, each message to one of them.
    @Test
    void connectionsThatShareOneClientIdShareTheMessages() throws Exception {
        try (Guest first = hub.guest("A:app"); Guest second = hub.guest("A:app"); Guest device = hub.guest("d:one")) {
            first.client.subscribe("dev/+/evt/#", 1);
            second.client.subscribe("dev/+/evt/#", 1);
            for (int i = 0; i < 40; i++) {
                device.say("evt/n", "n" + i, 1);
            }
            for (int i = 0; i < 40; i++) {
                Await.until("each message with one of them", () -> first.heard.poll() != null || second.heard.poll() != null);
            }
            settle();
            assertTrue(first.heard.isEmpty() && second.heard.isEmpty(), "a message came twice");
            assertTrue(first.client.isConnected() && second.client.isConnected());
        }
    }

    @Test
    void reachesOneSessionAloneAndWaitsForIt() throws Exception {
        try (Guest device = hub.guest("d:sleepy", false); Guest other = hub.guest("a:app")) {
            device.client.subscribe("cmd/#", 1);
            other.client.subscribe("dev/sleepy/cmd/#", 1);
            device.client.disconnect();
            hub.broker.toClient("d:sleepy", "dev/sleepy/cmd/up", Bytes.utf8("wake"), Qos.AT_LEAST_ONCE).toCompletableFuture().get(10, TimeUnit.SECONDS);
            try (Guest again = hub.guest("d:sleepy", false)) {
                Guest.Heard heard = again.hear();
                assertEquals("cmd/up", heard.topic());
                assertEquals("wake", heard.text());
            }
            settle();
            assertNull(other.heard.poll(), "it was for one session");
        }
    }

    @Test
    void saysWhenASessionHasNotSubscribed() {
        ExecutionException failure = assertThrows(ExecutionException.class, () -> hub.broker
                .toClient("d:nobody", "dev/nobody/cmd/up", Bytes.EMPTY, Qos.AT_LEAST_ONCE).toCompletableFuture().get(10, TimeUnit.SECONDS));
        assertTrue(failure.getCause().getMessage().contains("d:nobody"), failure.getCause().getMessage());
    }

    @Test
    void routesAndRetainsForTheHubItself() throws Exception {
        try (Guest application = hub.guest("a:app")) {
            hub.broker.retain("dev/one/mon", Bytes.utf8("there"), Qos.AT_MOST_ONCE).toCompletableFuture().get(10, TimeUnit.SECONDS);
            application.client.subscribe("dev/one/mon", 0);
            Guest.Heard kept = application.hear();
            assertEquals("there", kept.text());
            assertTrue(kept.message().isRetained());
            hub.broker.route("dev/one/mon", Bytes.utf8("passing"), Qos.AT_MOST_ONCE).toCompletableFuture().get(10, TimeUnit.SECONDS);
            assertEquals("passing", application.hear().text());
            hub.broker.retain("dev/one/mon", Bytes.EMPTY, Qos.AT_MOST_ONCE).toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
        try (Guest later = hub.guest("a:later")) {
            later.client.subscribe("dev/one/mon", 0);
            hub.broker.route("dev/one/mon", Bytes.utf8("live"), Qos.AT_MOST_ONCE).toCompletableFuture().get(10, TimeUnit.SECONDS);
            assertEquals("live", later.hear().text(), "an empty payload ends what was kept");
        }
    }

    @Test
    void dropsASession() throws Exception {
        try (Guest device = hub.guest("d:one")) {
            hub.broker.drop("d:one", "the operator said so");
            assertTrue(device.lost());
            Departure departure = hub.rules.left("d:one").departure();
            assertEquals(Departure.Cause.ADMIN, departure.cause());
            assertEquals("the operator said so", departure.reason());
        }
        hub.broker.drop("d:nobody", "not there");
    }

    @Test
    void forgetsASessionWithWhatWaitedForIt() throws Exception {
        try (Guest device = hub.guest("d:deleted", false)) {
            device.client.subscribe("cmd/#", 1);
            hub.broker.forget("d:deleted");
            assertTrue(device.lost());
            assertEquals(Departure.Cause.ADMIN, hub.rules.left("d:deleted").departure().cause());
        }
        try (Guest application = hub.guest("a:app"); Guest again = hub.guest("d:deleted", false)) {
            application.say("dev/deleted/cmd/x", "for the old one", 1);
            settle();
            assertNull(again.heard.poll(), "the new one has not subscribed");
        }
        hub.broker.forget("d:never");
        hub.broker.forget("d:deleted");
    }

    @Test
    void saysTheWillOfOneThatVanishedByTheRules() throws Exception {
        MqttConnectOptions options = new MqttConnectOptions();
        options.setWill("evt/gone", "farewell".getBytes(), 1, true);
        try (Guest application = hub.guest("a:app")) {
            application.client.subscribe("dev/mortal/evt/#", 1);
            try (Guest device = hub.guest("d:mortal", "tcp://127.0.0.1:" + hub.at.mqtt(), options)) {
                hub.broker.drop("d:mortal", "cut");
                Guest.Heard heard = application.hear();
                assertEquals("dev/mortal/evt/gone", heard.topic());
                assertEquals("farewell", heard.text());
                assertTrue(device.lost());
            }
            options.setWill("evt/gone", "farewell".getBytes(), 1, true);
            hub.guest("d:mortal", "tcp://127.0.0.1:" + hub.at.mqtt(), options).close();
            settle();
            assertNull(application.heard.poll(), "one that takes its leave has no will");
        }
    }

    @Test
    void countsWhatPassed() throws Exception {
        try (Guest application = hub.guest("a:counter")) {
            application.client.subscribe("loop", 1);
            for (int i = 0; i < 3; i++) {
                application.say("loop", "round", 1);
                application.hear();
            }
        }
        HubClient arrived = hub.rules.arrivals.poll(10, TimeUnit.SECONDS);
        assertEquals("a:counter", arrived.clientId());
        Departure departure = hub.rules.left("a:counter").departure();
        assertEquals(Departure.Cause.CLIENT, departure.cause());
        assertEquals("", departure.reason());
        assertEquals(3, departure.readMessages());
        assertEquals(3, departure.writtenMessages());
        assertTrue(departure.readBytes() > 60 && departure.readBytes() < 200, "read " + departure.readBytes());
        assertTrue(departure.writtenBytes() > 50 && departure.writtenBytes() < 200, "wrote " + departure.writtenBytes());
    }
}
