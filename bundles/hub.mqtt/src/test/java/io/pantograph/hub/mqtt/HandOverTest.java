package io.pantograph.hub.mqtt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hivemq.persistence.connection.ConnectionPersistence;
import io.netty.channel.Channel;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import io.pantograph.hub.mqtt.TestHub.Guest;
import io.pantograph.testkit.Await;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Constants;

/** What is handed to the connection that is there now, and to no other. */
class HandOverTest {

    private static final int PUBLISH_1 = 0x32;

    @TempDir
    static Path home;
    private static TestHub hub;
    private static final OtherRules RULES = new OtherRules();

    @BeforeAll
    static void start() throws Exception {
        hub = new TestHub(home);
        hub.doors.addRules(RULES, java.util.Map.of(Constants.SERVICE_ID, 2L, Constants.SERVICE_RANKING, 1));
    }

    @AfterAll
    static void stop() throws Exception {
        hub.close();
    }

    @BeforeEach
    void forgetThePast() {
        Await.until("those of the test before to have left", () -> RULES.present.get() == 0);
        RULES.arrivals.clear();
        RULES.departures.clear();
    }

    private static CompletableFuture<Void> hand(String client, String text, Qos qos) {
        return hub.broker.handOver("other/" + client, "to/you", Bytes.utf8(text), qos).toCompletableFuture();
    }

    private static void fails(CompletableFuture<Void> stage, String why) {
        ExecutionException failure = assertThrows(ExecutionException.class, () -> stage.get(10, TimeUnit.SECONDS));
        assertTrue(failure.getCause().getMessage().contains(why), failure.getCause().getMessage());
    }

    /** A PUBLISH of QoS 1 with a topic of six characters and one of payload. @return its packet id */
    private static int hear(Wire wire, char text) throws Exception {
        byte[] packet = wire.hear(13);
        assertEquals(PUBLISH_1, packet[0]);
        assertEquals(text, packet[12]);
        return (packet[10] & 0xFF) << 8 | packet[11] & 0xFF;
    }

    private static void acknowledge(Wire wire, int id) throws Exception {
        wire.say(0x40, 2, id >> 8, id & 0xFF);
    }

    @Test
    void isDoneWhenTheClientAcknowledgedIt() throws Exception {
        try (Wire wire = new Wire(hub.at.mqtt()).connect("x:one")) {
            CompletableFuture<Void> first = hand("x:one", "1", Qos.AT_LEAST_ONCE);
            CompletableFuture<Void> second = hand("x:one", "2", Qos.AT_LEAST_ONCE);
            int one = hear(wire, '1');
            int two = hear(wire, '2');
            acknowledge(wire, two);
            second.get(10, TimeUnit.SECONDS);
            assertFalse(first.isDone());
            acknowledge(wire, one);
            first.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void isDoneWhenWrittenIfNobodyWillAcknowledge() throws Exception {
        try (Wire wire = new Wire(hub.at.mqtt()).connect("x:zero")) {
            hand("x:zero", "now", Qos.AT_MOST_ONCE).get(10, TimeUnit.SECONDS);
            assertArrayEquals(Wire.packet(0x30, Wire.join(Wire.string("to/you"), "now".getBytes())), wire.hear(13));
        }
    }

    @Test
    void failsWhenNobodyIsThere() throws Exception {
        fails(hand("x:nobody", "1", Qos.AT_LEAST_ONCE), "other/x:nobody is not connected");
        new Wire(hub.at.mqtt()).connect("x:left").close();
        RULES.departures.poll(10, TimeUnit.SECONDS);
        fails(hand("x:left", "1", Qos.AT_MOST_ONCE), "x:left");
    }

    // The next connection must not get it a second time from the front: the cloud decides about that.
    @Test
    void failsWhenTheConnectionEndsWithoutAnAcknowledgement() throws Exception {
        CompletableFuture<Void> unanswered;
        try (Wire wire = new Wire(hub.at.mqtt()).connect("x:cut")) {
            unanswered = hand("x:cut", "1", Qos.AT_LEAST_ONCE);
            hear(wire, '1');
        }
        fails(unanswered, "connection of other/x:cut ended");
        try (Wire wire = new Wire(hub.at.mqtt()).connect("x:cut")) {
            CompletableFuture<Void> next = hand("x:cut", "2", Qos.AT_LEAST_ONCE);
            acknowledge(wire, hear(wire, '2'));
            next.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void failsWhenTheConnectionIsTakenOver() throws Exception {
        try (Wire older = new Wire(hub.at.mqtt()).connect("x:twice")) {
            CompletableFuture<Void> unanswered = hand("x:twice", "1", Qos.AT_LEAST_ONCE);
            hear(older, '1');
            try (Wire newer = new Wire(hub.at.mqtt()).connect("x:twice")) {
                fails(unanswered, "ended");
                acknowledge(newer, 0x8000);
                CompletableFuture<Void> next = hand("x:twice", "2", Qos.AT_LEAST_ONCE);
                acknowledge(newer, hear(newer, '2'));
                next.get(10, TimeUnit.SECONDS);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void keepsTheOrderOfTenThousand(int qos) throws Exception {
        try (Guest device = hub.guest("x:many")) {
            List<CompletableFuture<Void>> stages = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                stages.add(hand("x:many", "n" + i, Qos.of(qos)));
            }
            for (int i = 0; i < 10_000; i++) {
                assertEquals("n" + i, device.hear().text());
            }
            CompletableFuture.allOf(stages.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void hasThousandsUnderWayAndNoTwoWithOneId() throws Exception {
        try (Wire wire = new Wire(hub.at.mqtt()).connect("x:slow")) {
            List<CompletableFuture<Void>> stages = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                stages.add(hand("x:slow", "1", Qos.AT_LEAST_ONCE));
            }
            Set<Integer> ids = new HashSet<>();
            for (int i = 0; i < 5_000; i++) {
                assertTrue(ids.add(hear(wire, '1')));
            }
            for (int id : ids) {
                acknowledge(wire, id);
            }
            CompletableFuture.allOf(stages.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
        }
    }

    // What fills the buffer is sent at once if a flush is due anyway; then there is room again while the message is still being written.
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void sendsEachOnceWhenTheBufferIsEmptiedUnderIt(int qos) throws Exception {
        try (Guest device = hub.guest("x:full")) {
            Channel channel = hub.broker.engine().toCompletableFuture().join().part(ConnectionPersistence.class).get("other/x:full").getChannel();
            List<CompletableFuture<Void>> stages = new ArrayList<>();
            channel.eventLoop().submit(() -> {
                for (int i = 0; i < 5_000; i++) {
                    stages.add(hand("x:full", "n" + i, Qos.of(qos)));
                }
                channel.flush();
            }).get(10, TimeUnit.SECONDS);
            for (int i = 0; i < 5_000; i++) {
                assertEquals("n" + i, device.hear().text());
            }
            CompletableFuture.allOf(stages.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void isBoundedForAClientThatDoesNotRead() throws Exception {
        try (Wire wire = new Wire(hub.at.mqtt()).connect("x:large")) {
            String large = "1".repeat(200_000);
            List<CompletableFuture<Void>> stages = new ArrayList<>();
            for (long taken = 0; taken + 200_100 < Courier.MOST_BYTES; taken += 200_010) {
                stages.add(hand("x:large", large, Qos.AT_LEAST_ONCE));
            }
            fails(hand("x:large", large, Qos.AT_LEAST_ONCE), "bytes wait");
            byte[] packet = wire.hear(14 + large.length());
            acknowledge(wire, (packet[12] & 0xFF) << 8 | packet[13] & 0xFF);
            stages.get(0).get(10, TimeUnit.SECONDS);
            assertFalse(hand("x:large", large, Qos.AT_LEAST_ONCE).isDone());
        }
    }

    @Test
    void isBoundedForAClientThatNeverAcknowledges() throws Exception {
        try (Wire wire = new Wire(hub.at.mqtt()).connect("x:never")) {
            for (int i = 0; i < Courier.MOST; i++) {
                hand("x:never", "1", Qos.AT_LEAST_ONCE);
            }
            fails(hand("x:never", "1", Qos.AT_LEAST_ONCE), "more than");
            acknowledge(wire, hear(wire, '1'));
        }
    }

    @Test
    void reachesClientsOnWebSocketInTls() throws Exception {
        MqttConnectOptions options = new MqttConnectOptions();
        options.setSocketFactory(Trust.in(hub.at.authority()).getSocketFactory());
        try (Guest device = hub.guest("x:web", "wss://localhost:" + hub.at.https() + "/mqtt", options)) {
            CompletableFuture<Void> stage = hand("x:web", "hello", Qos.AT_LEAST_ONCE);
            assertEquals("hello", device.hear().text());
            stage.get(10, TimeUnit.SECONDS);
        }
    }

    // "Session present" is what the cloud says: the front's own session is a new one each time.
    @Test
    void tellsTheClientWhetherTheCloudKnewItsSession() throws Exception {
        for (int present : new int[] {0, 1, 1}) {
            try (Wire wire = new Wire(hub.at.mqtt())) {
                byte[] connect = Wire.connectPacket("x:again");
                connect[9] &= ~2;
                assertArrayEquals(new byte[] {0x20, 2, (byte) present, 0}, wire.say(connect).hear(4));
            }
            RULES.departures.poll(10, TimeUnit.SECONDS);
        }
    }

    // Subscriptions of such a session are the cloud's to keep; what the front sends by them ends with the connection.
    @Test
    void keepsNothingOfAClientThatTheCloudKeeps() throws Exception {
        try (Guest device = hub.guest("x:forgotten", false)) {
            device.client.subscribe("cmd", 1);
        }
        try (Guest device = hub.guest("x:forgotten", false)) {
            assertThrows(ExecutionException.class, () -> hub.broker.toClient("other/x:forgotten", "other/cmd", Bytes.EMPTY, Qos.AT_LEAST_ONCE)
                    .toCompletableFuture().get(10, TimeUnit.SECONDS));
            assertTrue(device.client.isConnected());
        }
    }
}
