package io.pantograph.hub.mqtt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.pantograph.api.hub.Departure;
import io.pantograph.api.hub.Publication;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Constants;

/** What a cloud is told that keeps its sessions itself. */
class OwnSessionsTest {

    private static final byte[] DISCONNECT = {(byte) 0xE0, 0};

    @TempDir
    static Path home;
    private static TestHub hub;
    private static final OtherRules RULES = new OtherRules();

    @BeforeAll
    static void start() throws Exception {
        hub = new TestHub(home);
        hub.doors.addRules(RULES, Map.of(Constants.SERVICE_ID, 2L, Constants.SERVICE_RANKING, 1));
    }

    @AfterAll
    static void stop() throws Exception {
        hub.close();
    }

    @AfterEach
    void forgetThePast() throws InterruptedException {
        RULES.departures.poll(10, TimeUnit.SECONDS);
        RULES.filters.clear();
        RULES.said.clear();
    }

    private static byte[] subscribe(int id, String... filtersAndQos) {
        byte[] body = {0, (byte) id};
        for (int i = 0; i < filtersAndQos.length; i += 2) {
            body = Wire.join(body, Wire.string(filtersAndQos[i]), new byte[] {Byte.parseByte(filtersAndQos[i + 1])});
        }
        return Wire.packet(0x82, body);
    }

    private static String told() throws InterruptedException {
        return RULES.filters.poll(10, TimeUnit.SECONDS);
    }

    @Test
    void tellsWhatIsGrantedAndWhatIsNotAnyLonger() throws Exception {
        try (Wire wire = new Wire(hub.at.mqtt()).connect("x:sub")) {
            wire.say(subscribe(1, "a/#", "2", "no", "1", "b", "0"));
            assertArrayEquals(new byte[] {(byte) 0x90, 5, 0, 1, 1, (byte) 0x80, 0}, wire.hear(7));
            assertEquals("+other/a/# 1", told());
            assertEquals("+other/b 0", told());
            wire.say(Wire.packet(0xA2, Wire.join(new byte[] {0, 2}, Wire.string("a/#"), Wire.string("no"))));
            assertArrayEquals(new byte[] {(byte) 0xB0, 2, 0, 2}, wire.hear(4));
            assertEquals("-other/a/#", told());
            assertNull(RULES.filters.poll(), "what was refused was never there");
        }
    }

    // A client that hears SUBACK believes that it has subscribed, whatever stands in it.
    @Test
    void acknowledgesNothingThatEndsTheConnection() throws Exception {
        try (Wire wire = new Wire(hub.at.mqtt()).connect("x:kicked")) {
            assertArrayEquals(new byte[0], wire.say(subscribe(1, "a", "1", "kick", "1")).hearTheEnd());
        }
        Departure departure = RULES.departures.poll(10, TimeUnit.SECONDS);
        assertEquals(Departure.Cause.RULE, departure.cause());
        assertNull(RULES.filters.poll());
        RULES.departures.add(departure);
    }

    @Test
    void tellsHowItWasSaid() throws Exception {
        try (Wire wire = new Wire(hub.at.mqtt()).connect("x:says")) {
            wire.say(Wire.packet(0x31, Wire.join(Wire.string("t"), "kept".getBytes())));
            assertEquals(new Publication("t", Bytes.utf8("kept"), Qos.AT_MOST_ONCE, true, false), RULES.said.poll(10, TimeUnit.SECONDS));
            wire.say(Wire.packet(0x32, Wire.join(Wire.string("t"), new byte[] {0, 1}, "plain".getBytes())));
            assertEquals(new Publication("t", Bytes.utf8("plain"), Qos.AT_LEAST_ONCE, false, false), RULES.said.poll(10, TimeUnit.SECONDS));
            assertArrayEquals(new byte[] {0x40, 2, 0, 1}, wire.hear(4));
        }
    }

    @Test
    void tellsWhatIsAWill() throws Exception {
        byte[] connect = Wire.packet(0x10, Wire.join(Wire.string("MQTT"), new byte[] {4, (byte) (0xC2 | 0x2C), 0, 60}, Wire.string("x:mortal"),
                Wire.string("t/gone"), Wire.string("bye"), Wire.string("user"), Wire.string("secret")));
        try (Wire wire = new Wire(hub.at.mqtt())) {
            wire.say(connect).hear(4);
        }
        assertEquals(new Publication("t/gone", Bytes.utf8("bye"), Qos.AT_LEAST_ONCE, true, true), RULES.said.poll(10, TimeUnit.SECONDS));
        RULES.departures.poll(10, TimeUnit.SECONDS);
        try (Wire wire = new Wire(hub.at.mqtt())) {
            wire.say(connect).hear(4);
            wire.say(DISCONNECT).hearTheEnd();
        }
        assertNull(RULES.said.poll(), "one that takes its leave has no will");
    }

    // Properties of a message stand in its topic there, and 256 KB of payload come with them.
    @Test
    void takesTheLongestTopicWithTheLargestPayload() throws Exception {
        try (Wire wire = new Wire(hub.at.mqtt()).connect("x:large")) {
            String topic = "t/" + "p=v&".repeat(16_383);
            wire.say(Wire.packet(0x32, Wire.join(Wire.string(topic), new byte[] {0, 1}, new byte[262_144])));
            assertArrayEquals(new byte[] {0x40, 2, 0, 1}, wire.hear(4));
            Publication said = RULES.said.poll(10, TimeUnit.SECONDS);
            assertEquals(topic, said.topic());
            assertEquals(262_144, said.payload().length());
        }
    }
}
