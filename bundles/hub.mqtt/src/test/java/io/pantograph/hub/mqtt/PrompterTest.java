package io.pantograph.hub.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that leave a message unacknowledged, and what they get behind it. */
class PrompterTest {

    private static final int PUBLISH_1 = 0x32;
    private static final int PUBLISH_1_AGAIN = 0x3A;
    private static final int PUBLISH_2 = 0x34;
    private static final int PUBREL = 0x62;
    private static final int PINGRESP = 0xD0;
    private static final int CLEAN = 0xC2;
    private static final int KEPT = 0xC0;

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

    /** One message; for the client only three characters of payload count. */
    private record Heard(int header, int id, String text) {

        static Heard on(Wire wire) throws Exception {
            byte[] packet = wire.hearPacket();
            int start = packet.length - body(packet);
            int id = start + 2 + (packet[start + 1] & 0xFF);
            return new Heard(packet[0] & 0xFF, (packet[id] & 0xFF) << 8 | packet[id + 1] & 0xFF,
                    new String(packet, packet.length - 3, 3, StandardCharsets.US_ASCII));
        }

        private static int body(byte[] packet) {
            return packet[1] < 0 ? packet.length - 3 : packet.length - 2;
        }
    }

    private static Wire device(String name, int flags) throws Exception {
        Wire wire = new Wire(hub.at.mqtt());
        wire.say(Wire.packet(0x10, Wire.join(Wire.string("MQTT"), new byte[] {4, (byte) flags, 0, 60}, Wire.string("d:" + name), Wire.string("user"),
                Wire.string("secret"))));
        wire.hear(4);
        return wire;
    }

    private static Wire subscribed(Wire wire, int qos) throws Exception {
        wire.say(Wire.packet(0x82, Wire.join(new byte[] {0, 1}, Wire.string("cmd/#"), new byte[] {(byte) qos})));
        wire.hear(5);
        return wire;
    }

    private static void send(String device, int number) throws Exception {
        send(device, number, Qos.AT_LEAST_ONCE);
    }

    private static void send(String device, int number, Qos qos) throws Exception {
        hub.broker.route("dev/" + device + "/cmd/n", Bytes.utf8(text(number)), qos).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static String text(int number) {
        return String.format("%03d", number);
    }

    private static int hear(Wire wire, int header, int number) throws Exception {
        Heard heard = Heard.on(wire);
        assertEquals(text(number) + " in " + header, heard.text + " in " + heard.header);
        return heard.id;
    }

    private static void acknowledge(Wire wire, int id) throws Exception {
        wire.say(0x40, 2, id >> 8, id & 0xFF);
    }

    /** What the client said before has been read, and nothing has been said to it. */
    private static void hearNothing(Wire wire) throws Exception {
        assertEquals(PINGRESP, wire.say(0xC0, 0).hearPacket()[0] & 0xFF);
    }

    /** As long as it takes another client to be prompted a few times. */
    private static void pass(String clock) throws Exception {
        try (Wire wire = subscribed(device(clock, CLEAN), 1)) {
            for (int i = 0; i < 4; i++) {
                send(clock, i);
                hear(wire, PUBLISH_1, i);
            }
        }
    }

    @Test
    void sendsWhatComesBehindAMessageThatIsNotAcknowledged() throws Exception {
        try (Wire wire = subscribed(device("holding", CLEAN), 1)) {
            send("holding", 0);
            int held = hear(wire, PUBLISH_1, 0);
            send("holding", 1);
            int second = hear(wire, PUBLISH_1, 1);
            send("holding", 2);
            int third = hear(wire, PUBLISH_1, 2);
            acknowledge(wire, third);
            // as many in the queue as before
            send("holding", 3);
            int fourth = hear(wire, PUBLISH_1, 3);
            acknowledge(wire, second);
            acknowledge(wire, held);
            acknowledge(wire, fourth);
            hearNothing(wire);
            send("holding", 4);
            acknowledge(wire, hear(wire, PUBLISH_1, 4));
        }
    }

    @Test
    void sendsToOneSessionWhatComesBehind() throws Exception {
        try (Wire wire = subscribed(device("alone", CLEAN), 1)) {
            for (int i = 0; i < 3; i++) {
                hub.broker.toClient("d:alone", "dev/alone/cmd/n", Bytes.utf8(text(i)), Qos.AT_LEAST_ONCE).toCompletableFuture().get(10, TimeUnit.SECONDS);
                hear(wire, PUBLISH_1, i);
            }
        }
    }

    @Test
    void keepsTheOrderAndSendsNothingTwice() throws Exception {
        try (Wire wire = subscribed(device("busy", CLEAN), 1)) {
            Deque<Integer> ids = new ArrayDeque<>();
            for (int i = 0; i < 400; i++) {
                send("busy", i);
            }
            for (int i = 0; i < 400; i++) {
                int id = hear(wire, PUBLISH_1, i);
                if (i % 3 == 1) {
                    acknowledge(wire, id);
                } else {
                    ids.push(id);
                }
            }
            for (int id : ids) {
                acknowledge(wire, id);
            }
            hearNothing(wire);
            send("busy", 999);
            acknowledge(wire, hear(wire, PUBLISH_1, 999));
        }
    }

    @Test
    void sendsNewOnesBehindThoseOfTheConnectionBefore() throws Exception {
        int first;
        int second;
        try (Wire wire = subscribed(device("back", KEPT), 1)) {
            send("back", 0);
            first = hear(wire, PUBLISH_1, 0);
            send("back", 1);
            second = hear(wire, PUBLISH_1, 1);
        }
        hub.rules.left("d:back");
        send("back", 2);
        try (Wire wire = device("back", KEPT)) {
            assertEquals(first, hear(wire, PUBLISH_1_AGAIN, 0));
            assertEquals(second, hear(wire, PUBLISH_1_AGAIN, 1));
            int third = hear(wire, PUBLISH_1, 2);
            acknowledge(wire, third);
            acknowledge(wire, first);
            send("back", 3);
            acknowledge(wire, hear(wire, PUBLISH_1, 3));
            hearNothing(wire);
        }
        hub.rules.left("d:back");
        send("back", 4);
        try (Wire wire = device("back", KEPT)) {
            acknowledge(wire, hear(wire, PUBLISH_1_AGAIN, 1));
            acknowledge(wire, hear(wire, PUBLISH_1, 4));
            hearNothing(wire);
        }
    }

    @Test
    void sendsNoMoreThanTheClientWantsUnacknowledged() throws Exception {
        byte[] connect = Wire.packet(0x10, Wire.join(Wire.string("MQTT"), new byte[] {5, (byte) CLEAN, 0, 60, 3, 0x21, 0, 2}, Wire.string("d:narrow"),
                Wire.string("user"), Wire.string("secret")));
        try (Wire wire = new Wire(hub.at.mqtt()).say(connect)) {
            wire.hearPacket();
            wire.say(Wire.packet(0x82, Wire.join(new byte[] {0, 1, 0}, Wire.string("cmd/#"), new byte[] {1}))).hearPacket();
            send("narrow", 0);
            int held = hear(wire, PUBLISH_1, 0);
            for (int i = 1; i <= 4; i++) {
                send("narrow", i);
            }
            int second = hear(wire, PUBLISH_1, 1);
            pass("clock");
            hearNothing(wire);
            acknowledge(wire, second);
            int third = hear(wire, PUBLISH_1, 2);
            pass("clock");
            hearNothing(wire);
            acknowledge(wire, third);
            int fourth = hear(wire, PUBLISH_1, 3);
            acknowledge(wire, held);
            int fifth = hear(wire, PUBLISH_1, 4);
            acknowledge(wire, fourth);
            acknowledge(wire, fifth);
            hearNothing(wire);
        }
    }

    @Test
    void sendsWhatComesBehindAMessageOfQos2() throws Exception {
        try (Wire wire = subscribed(device("exact", CLEAN), 2)) {
            send("exact", 0, Qos.EXACTLY_ONCE);
            int first = hear(wire, PUBLISH_2, 0);
            send("exact", 1, Qos.EXACTLY_ONCE);
            int second = hear(wire, PUBLISH_2, 1);
            wire.say(0x50, 2, second >> 8, second);
            assertEquals(PUBREL, wire.hearPacket()[0]);
            send("exact", 2, Qos.EXACTLY_ONCE);
            hear(wire, PUBLISH_2, 2);
            wire.say(0x70, 2, second >> 8, second).say(0x50, 2, first >> 8, first);
            assertEquals(PUBREL, wire.hearPacket()[0]);
            wire.say(0x70, 2, first >> 8, first);
            hearNothing(wire);
        }
    }
}
