package io.pantograph.hub.mqtt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.hub.mqtt.TestHub.Guest;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Packets that brought other brokers down. Each ends in a refusal or in the end of that one connection; a bystander's goes on.
 */
class BadPacketsTest {

    @TempDir
    static Path home;
    private static TestHub hub;
    private static Guest bystander;

    @BeforeAll
    static void start() throws Exception {
        hub = new TestHub(home);
        bystander = hub.guest("a:bystander");
        bystander.client.subscribe("dev/good/evt/#", 1);
    }

    @AfterAll
    static void stop() throws Exception {
        bystander.close();
        hub.close();
    }

    private static Arguments row(String what, int... bytes) {
        byte[] packet = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            packet[i] = (byte) bytes[i];
        }
        return Arguments.of(what, packet);
    }

    /** A CONNECT and what else may stand in its place. */
    static Stream<Arguments> openings() {
        byte[] body = Wire.join(Wire.string("MQTT"), new byte[] {4, 2, 0, 60}, Wire.string("d:x"));
        return Stream.of(
                row("remaining length of five bytes", 0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F),
                row("remaining length of 256 MB", 0x10, 0xFF, 0xFF, 0xFF, 0x7F, 0, 4, 'M', 'Q', 'T', 'T', 4, 2),
                row("CONNECT of no length", 0x10, 0),
                row("CONNECT whose client id is longer than the packet", 0x10, 14, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 60, 0xFF, 0xFF, 'd', ':'),
                row("CONNECT without a client id field", 0x10, 10, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 60),
                row("unknown protocol name", 0x10, 12, 0, 4, 'M', 'Q', 'T', 'X', 4, 2, 0, 60, 0, 0),
                row("unknown protocol level", 0x10, 12, 0, 4, 'M', 'Q', 'T', 'T', 9, 2, 0, 60, 0, 0),
                row("reserved flag in CONNECT", 0x10, 12, 0, 4, 'M', 'Q', 'T', 'T', 4, 3, 0, 60, 0, 0),
                row("password without user name", 0x10, 17, 0, 4, 'M', 'Q', 'T', 'T', 4, 0x42, 0, 60, 0, 1, 'd', 0, 2, 'p', 'p'),
                row("will of QoS 3", 0x10, 19, 0, 4, 'M', 'Q', 'T', 'T', 4, 0x1E, 0, 60, 0, 1, 'd', 0, 1, 't', 0, 1, 'w'),
                row("client id with NUL", 0x10, 15, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 60, 0, 3, 'd', 0, 'x'),
                row("client id that is not UTF-8", 0x10, 15, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 60, 0, 3, 'd', 0xC0, 0x80),
                Arguments.of("will to $SYS", Wire.packet(0x10, Wire.join(Wire.string("MQTT"), new byte[] {4, 6, 0, 60}, Wire.string("d:x"), Wire.string("$SYS/x"),
                        Wire.string("w")))),
                Arguments.of("no credentials", Wire.packet(0x10, body)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("openings")
    void refusesABadOpening(String what, byte[] packet) throws Exception {
        try (Wire wire = new Wire(hub.at.mqtt())) {
            byte[] answer = wire.say(packet).hearTheEnd();
            if (answer.length > 0) {
                assertEquals(0x20, answer[0]);
                assertNotEquals(0, answer[3]);
            }
        }
        nobodyElseNotices();
    }

    /** What a client that is logged in may not say. */
    static Stream<Arguments> insults() {
        return Stream.of(
                Arguments.of("second CONNECT", Wire.connectPacket("d:bad")),
                row("remaining length of five bytes", 0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F),
                row("packet type 0", 0x00, 0),
                row("packet type 15", 0xF0, 0),
                row("CONNACK", 0x20, 2, 0, 0),
                row("PUBLISH of QoS 3", 0x36, 7, 0, 3, 'e', 'v', 't', 0, 1),
                row("PUBLISH with a topic longer than the packet", 0x30, 4, 0xFF, 0xFF, 'e', 'v'),
                row("PUBLISH with no topic", 0x30, 2, 0, 0),
                row("PUBLISH of no length", 0x30, 0),
                row("PUBLISH with a wildcard", 0x30, 5, 0, 3, 'a', '/', '#'),
                row("PUBLISH with NUL in the topic", 0x30, 5, 0, 3, 'a', 0, 'b'),
                row("PUBLISH with a topic that is not UTF-8", 0x30, 4, 0, 2, 0xC3, 0x28),
                row("PUBLISH with an overlong NUL", 0x30, 4, 0, 2, 0xC0, 0x80),
                row("PUBLISH with a lone surrogate", 0x30, 5, 0, 3, 0xED, 0xA0, 0x80),
                row("PUBLISH of QoS 1 with packet id 0", 0x32, 7, 0, 3, 'e', 'v', 't', 0, 0),
                row("PUBLISH of QoS 0 marked as duplicate", 0x38, 5, 0, 3, 'e', 'v', 't'),
                row("SUBSCRIBE with packet id 0", 0x82, 8, 0, 0, 0, 3, 'c', '/', '#', 1),
                row("SUBSCRIBE with wrong flags", 0x80, 8, 0, 1, 0, 3, 'c', '/', '#', 1),
                row("SUBSCRIBE of no filter", 0x82, 2, 0, 1),
                row("SUBSCRIBE of an empty filter", 0x82, 5, 0, 1, 0, 0, 1),
                row("SUBSCRIBE of QoS 3", 0x82, 8, 0, 1, 0, 3, 'c', '/', '#', 3),
                row("UNSUBSCRIBE of no filter", 0xA2, 2, 0, 1),
                row("PUBREL with wrong flags", 0x60, 2, 0, 1),
                Arguments.of("PUBLISH with a topic of 65,000 slashes", Wire.packet(0x30, Wire.string("/".repeat(65_000)))),
                Arguments.of("PUBLISH with a topic of 65,000 letters", Wire.packet(0x30, Wire.string("t".repeat(65_000)))),
                Arguments.of("a packet of 400,000 bytes", Wire.packet(0x30, Wire.join(Wire.string("evt/x"), new byte[400_000]))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("insults")
    void endsTheConnectionForABadPacket(String what, byte[] packet) throws Exception {
        try (Wire wire = new Wire(hub.at.mqtt()).connect("a:bad")) {
            try {
                wire.say(packet);
            } catch (java.net.SocketException ended) {
                // before all of it was said
            }
            wire.hearTheEnd();
        }
        nobodyElseNotices();
    }

    // CVE-2019-11779: mosquitto's stack ended here.
    @Test
    void refusesAFilterOfManySlashes() throws Exception {
        try (Wire wire = new Wire(hub.at.mqtt()).connect("a:slashes")) {
            byte[] subscribe = Wire.packet(0x82, Wire.join(new byte[] {0, 1}, Wire.string("/".repeat(65_400)), new byte[] {0}));
            assertArrayEquals(new byte[] {(byte) 0x90, 3, 0, 1, (byte) 0x80}, wire.say(subscribe).hear(5));
        }
        nobodyElseNotices();
    }

    // CVE-2023-28366: messages that are never released must not fill the memory.
    @Test
    void endsAConnectionThatNeverReleasesItsMessages() throws Exception {
        try (Wire wire = new Wire(hub.at.mqtt()).connect("d:holder")) {
            try {
                for (int id = 1; id <= 10_000; id++) {
                    wire.say(Wire.packet(0x34, Wire.join(Wire.string("eat/x"), new byte[] {(byte) (id >> 8), (byte) id})));
                }
            } catch (java.net.SocketException ended) {
                // as it should
            }
            wire.hearTheEnd();
            assertTrue(hub.rules.left("d:holder").departure().reason().contains("QoS 2"));
            hub.rules.eaten.clear();
        }
        nobodyElseNotices();
    }

    @Test
    void aMessageThatIsReleasedCountsNoMore() throws Exception {
        try (Wire wire = new Wire(hub.at.mqtt()).connect("d:good")) {
            for (int i = 0; i < 2_500; i++) {
                wire.say(Wire.packet(0x34, Wire.join(Wire.string("eat/x"), new byte[] {0, 1})));
                assertArrayEquals(new byte[] {0x50, 2, 0, 1}, wire.hear(4));
                wire.say(0x62, 2, 0, 1);
                assertArrayEquals(new byte[] {0x70, 2, 0, 1}, wire.hear(4));
            }
        }
        hub.rules.eaten.clear();
    }

    @Test
    void takesAConnectInPieces() throws Exception {
        try (Wire wire = new Wire(hub.at.mqtt())) {
            for (byte next : Wire.connectPacket("d:pieces")) {
                wire.say(new byte[] {next});
            }
            assertArrayEquals(new byte[] {0x20, 2, 0, 0}, wire.hear(4));
        }
    }

    private static void nobodyElseNotices() throws Exception {
        try (Guest device = hub.guest("d:good")) {
            device.say("evt/x", "fine", 1);
            assertEquals("fine", bystander.hear().text());
        }
        assertTrue(bystander.client.isConnected());
    }
}
