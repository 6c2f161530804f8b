package io.pantograph.hub.mqtt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.core.SettingException;
import io.pantograph.hub.mqtt.TestHub.Guest;
import io.pantograph.testkit.PlainSettings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A door with little patience and little room, and doors that cannot be opened. */
class DoorLimitsTest {

    @TempDir
    Path home;

    @Test
    void sendsAwayWhoDoesNotSayWhatItWants() throws Exception {
        byte[] connect = Wire.connectPacket("d:slow");
        // Paho itself takes 0.3 s from opening the socket to its CONNECT.
        try (TestHub hub = new TestHub(TestHub.settings(home), () -> 1, Duration.ofSeconds(2));
                Guest other = hub.guest("a:other");
                Wire silent = new Wire(hub.at.mqtt());
                Wire silentInTls = new Wire(hub.at.mqtts());
                Wire halfAHead = new Wire(hub.at.http()).say("GET / HTTP/1.1\r\nHost: x\r\n");
                Wire halfAConnect = new Wire(hub.at.mqtt()).say(Arrays.copyOf(connect, connect.length / 2));
                Wire byteByByte = new Wire(hub.at.mqtt())) {
            dribble(byteByByte, connect);
            for (Wire wire : new Wire[] {silent, silentInTls, halfAHead, halfAConnect, byteByByte}) {
                assertEquals(0, wire.hearTheEnd().length);
            }
            assertTrue(other.client.isConnected());
        }
    }

    /** Keeps the line busy, so that it is not idleness that ends it. */
    private static void dribble(Wire wire, byte[] connect) throws Exception {
        try {
            for (int i = 0; i < connect.length - 1; i++) {
                wire.say(connect[i]);
                Thread.sleep(150);
            }
            throw new AssertionError("it was heard to the end");
        } catch (java.net.SocketException ended) {
            // as it should
        }
    }

    @Test
    void answersWhenTheHttpServerIsNotThere() throws Exception {
        try (TestHub hub = new TestHub(TestHub.settings(home), () -> 1, Duration.ofSeconds(10)); Wire wire = new Wire(hub.at.http())) {
            wire.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            assertTrue(wire.hearText().startsWith("HTTP/1.1 503 "));
        }
    }

    @Test
    void takesNoMoreConnectionsThanItWasTold() throws Exception {
        PlainSettings settings = TestHub.settings(home).with("pantograph.hub.connections", "3");
        try (TestHub hub = new TestHub(settings, () -> 1, Duration.ofSeconds(10)); Guest other = hub.guest("a:other")) {
            try (Wire first = new Wire(hub.at.mqtt()).connect("d:one"); Wire second = new Wire(hub.at.mqtts())) {
                try (Wire third = new Wire(hub.at.mqtt())) {
                    assertEquals(0, third.hearTheEnd().length);
                }
                second.close();
                assertArrayEquals(new byte[] {(byte) 0xD0, 0}, first.say(0xC0, 0).hear(2));
            }
            assertTrue(other.client.isConnected());
        }
    }

    @Test
    void saysWhichPortIsTakenAndWhatToDo() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String port = String.valueOf(taken.getLocalPort());
            SettingException failure = failure(TestHub.settings(home).with("pantograph.hub.https.port", port));
            assertEquals("pantograph.hub.https.port=" + port + " is in use by another program; choose another port, or 0 for any free one", failure.getMessage());
        }
        assertFalse(Files.exists(home.resolve("hub/ports.properties")));
    }

    @Test
    void saysWhichAddressIsNotOurs() {
        assertEquals("pantograph.bind=203.0.113.1 is not an address of this machine; use 127.0.0.1, 0.0.0.0 or one of its addresses",
                failure(TestHub.settings(home).with("pantograph.bind", "203.0.113.1")).getMessage());
        assertEquals("pantograph.bind", failure(TestHub.settings(home).with("pantograph.bind", "no such host")).setting());
    }

    @Test
    void saysWhichNameIsNone() {
        assertEquals("pantograph.hub.names", failure(TestHub.settings(home).with("pantograph.hub.names", "a b_c")).setting());
    }

    private static SettingException failure(PlainSettings settings) {
        ExecutionException failure = assertThrows(ExecutionException.class, () -> new TestHub(settings, () -> 1, Duration.ofSeconds(10)).close());
        return (SettingException) failure.getCause();
    }

    @Test
    void takesItsWordBackWhenItStops() throws Exception {
        TestHub hub = new TestHub(home);
        hub.close();
        assertTrue(hub.withdrawn());
        assertFalse(Files.exists(home.resolve("hub/ports.properties")));
    }
}
