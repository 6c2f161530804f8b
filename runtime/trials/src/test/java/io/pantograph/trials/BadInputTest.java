package io.pantograph.trials;

import static io.pantograph.trials.RawMqtt.connect;
import static io.pantograph.trials.RawMqtt.packet;
import static io.pantograph.trials.RawMqtt.publish;
import static io.pantograph.trials.RawMqtt.subscribe;
import static io.pantograph.trials.RawMqtt.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Hostile and broken input to the hub box: each is refused or cut, and a bystander notices nothing. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BadInputTest {

    private static final byte[] GOOD = "iot-2/evt/e/fmt/json".getBytes(StandardCharsets.US_ASCII);

    private static TestHub hub;
    private static Application bystander;
    private static RawMqtt neighbour;

    @BeforeAll
    static void start() throws Exception {
        hub = TestHub.start();
        hub.register("bad", "d-1");
        hub.register("bad", "neighbour");
        bystander = hub.application("bystander").hears("iot-2/type/bad/id/+/evt/+/fmt/+");
        neighbour = new RawMqtt(hub.mqtt());
        neighbour.send(connect("d:" + hub.org + ":bad:neighbour", "use-token-auth", TestHub.TOKEN));
        assertEquals(0, neighbour.connack());
    }

    @AfterAll
    static void stop() throws Exception {
        neighbour.close();
        bystander.close();
        hub.close();
    }

    @BeforeEach
    void nothingIsLeft() {
        while (bystander.now() != null) {
            // an accepted message of the test before
        }
    }

    @AfterEach
    void theBystanderNoticesNothing() throws Exception {
        neighbour.send(publish(0x02, GOOD, 5, "{}".getBytes()));
        assertEquals(0x40, neighbour.next(), "the neighbour got no PUBACK");
        assertEquals("iot-2/type/bad/id/neighbour/evt/e/fmt/json", bystander.next().topic());
    }

    private static RawMqtt device() throws Exception {
        RawMqtt device = new RawMqtt(hub.mqtt());
        device.send(connect("d:" + hub.org + ":bad:d-1", "use-token-auth", TestHub.TOKEN));
        assertEquals(0, device.connack());
        return device;
    }

    static Stream<Arguments> cut() throws Exception {
        byte[] payload = "{}".getBytes();
        byte[] slashes = new byte[65_400];
        Arrays.fill(slashes, (byte) '/');
        return Stream.of(
                arguments("another device's events", publish(2, "iot-2/type/bad/id/neighbour/evt/e/fmt/json".getBytes(), 1, payload)),
                arguments("a foreign topic", publish(2, "home/kitchen".getBytes(), 1, payload)),
                arguments("a system topic", publish(2, "$SYS/x".getBytes(), 1, payload)),
                arguments("a wildcard in a topic", publish(2, "iot-2/evt/+/fmt/json".getBytes(), 1, payload)),
                arguments("an empty level", publish(2, "iot-2/evt//fmt/json".getBytes(), 1, payload)),
                arguments("NUL in a topic", publish(2, "iot-2/evt/a\0b/fmt/json".getBytes(), 1, payload)),
                arguments("a control character in a topic", publish(2, "iot-2/evt/a\nb/fmt/json".getBytes(), 1, payload)),
                arguments("a topic that is no UTF-8", publish(2, new byte[] {'i', (byte) 0xc0, (byte) 0x80}, 1, payload)),
                arguments("an empty topic", publish(2, new byte[0], 1, payload)),
                arguments("65,400 slashes", publish(2, slashes, 1, payload)),
                arguments("131,073 bytes", publish(2, GOOD, 1, new byte[131_073])),
                arguments("QoS 3", publish(6, GOOD, 1, payload)),
                arguments("packet id 0", publish(2, GOOD, 0, payload)),
                arguments("a second CONNECT", connect("d:" + hub.org + ":bad:d-1", "use-token-auth", TestHub.TOKEN)),
                arguments("a remaining length of five bytes", new byte[] {0x30, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 1}),
                arguments("a reserved packet type", new byte[] {(byte) 0xf0, 0}),
                arguments("a server's packet", new byte[] {0x20, 2, 0, 0}),
                arguments("another device's commands", subscribe("iot-2/type/bad/id/neighbour/cmd/+/fmt/+")),
                arguments("everything", subscribe("#")),
                arguments("a malformed filter", subscribe("iot-2/cmd/a#/fmt/+")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cut")
    void endsTheConnectionOrIsRefused(String what, byte[] packet) throws Exception {
        try (RawMqtt device = device()) {
            device.send(packet);
            int answer = device.next();
            boolean refusedSubscription = answer == 0x90;
            assertTrue(answer == -1 || refusedSubscription, what + " was answered 0x" + Integer.toHexString(answer));
        }
    }

    @Test
    void theLargestMessagePasses() throws Exception {
        try (RawMqtt device = device()) {
            device.send(publish(2, GOOD, 1, new byte[131_072]));
            assertEquals(0x40, device.next());
            assertEquals(131_072, bystander.next().payload().length);
        }
    }

    static Stream<Arguments> logins() {
        return Stream.of(
                arguments("a wrong token", "d:ORG:bad:d-1", "use-token-auth", "wrong", 5),
                arguments("no token", "d:ORG:bad:d-1", "use-token-auth", null, 5),
                arguments("no user", "d:ORG:bad:d-1", null, null, 5),
                arguments("a wrong user", "d:ORG:bad:d-1", "somebody", TestHub.TOKEN, 5),
                arguments("an unknown device", "d:ORG:bad:nobody", "use-token-auth", TestHub.TOKEN, 5),
                arguments("another organisation", "d:other1:bad:d-1", "use-token-auth", TestHub.TOKEN, 5),
                arguments("another's token", "a:ORG:app", "a-ORG-xxxxxxxxxx", TestHub.TOKEN, 5),
                arguments("a client id of no kind", "whoever", "use-token-auth", TestHub.TOKEN, 2),
                arguments("a client id with too few parts", "d:ORG:bad", "use-token-auth", TestHub.TOKEN, 2),
                arguments("a client id with a slash", "d:ORG:bad:a/b", "use-token-auth", TestHub.TOKEN, 2),
                arguments("a client id with a wildcard", "d:ORG:bad:+", "use-token-auth", TestHub.TOKEN, 2));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("logins")
    void loginsAreRefused(String what, String clientId, String user, String password, int code) throws Exception {
        try (RawMqtt client = new RawMqtt(hub.mqtt())) {
            client.send(connect(clientId.replace("ORG", hub.org), user == null ? null : user.replace("ORG", hub.org), password));
            assertEquals(code, client.connack(), what);
            assertEquals(-1, client.next());
        }
    }

    static Stream<Arguments> notMqtt() throws Exception {
        return Stream.of(
                arguments("a truncated CONNECT", new byte[] {0x10, 10, 0, 4, 'M', 'Q'}),
                arguments("a CONNECT with the wrong name", packet(0x10, text("MQXX"))),
                arguments("PUBLISH first", publish(0, GOOD, 0, new byte[1])),
                arguments("rubbish", "\0\1\2\3\4\5\6\7".getBytes()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("notMqtt")
    void whatIsNoLoginIsCut(String what, byte[] bytes) throws Exception {
        for (int port : new int[] {hub.mqtt(), hub.box.port("pantograph.hub.http.port")}) {
            try (RawMqtt client = new RawMqtt(port)) {
                client.send(bytes);
                if (what.startsWith("a truncated")) {
                    continue; // waits for the rest, for a time; the neighbour is not kept waiting
                }
                assertEquals(-1, client.next(), what + " on port " + port);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "POST | /device/types | {\"id\":\"a/b\"} | 400",
            "POST | /device/types | {\"id\":\"a+b\"} | 400",
            "POST | /device/types | {\"id\":\"\\u0000\"} | 400",
            "POST | /device/types | {\"id\":  | 400",
            "POST | /device/types | [] | 400",
            "POST | /device/types | {\"id\":\"x\",\"metadata\":{\"n\":1e999999999}} | 400",
            "POST | /device/types/bad/devices | {} | 400",
            "POST | /device/types/nosuch/devices | {\"deviceId\":\"x\"} | 404",
            "GET | /device/types/bad/devices/%00 | | 400",
            "GET | /device/types/bad/devices/nosuch | | 404",
            "GET | /nosuch | | 404",
            "PATCH | /device/types | {} | 405"})
    void restSaysWhatIsWrong(String method, String path, String body, int status) throws Exception {
        HttpResponse<String> answer = hub.rest(method, path, body);
        assertEquals(status, answer.statusCode(), answer.body());
    }

    @Test
    void restRefusesDepthAndSize() throws Exception {
        HttpResponse<String> deep = hub.rest("POST", "/device/types", "{\"id\":\"x\",\"metadata\":" + "{\"a\":".repeat(2_000) + "1" + "}".repeat(2_001));
        assertEquals(400, deep.statusCode());
        HttpResponse<String> large = hub.rest("POST", "/bulk/devices/add", "[\"" + "x".repeat(600_000) + "\"]");
        assertEquals(413, large.statusCode());
        assertTrue(large.body().contains("\"message\""), large.body());
    }

    // Slow or silent connections cost nobody else a place.
    @Test
    void manySilentConnectionsDoNoHarm() throws Exception {
        List<RawMqtt> silent = new java.util.ArrayList<>();
        for (int i = 0; i < 200; i++) {
            RawMqtt one = new RawMqtt(i % 2 == 0 ? hub.mqtt() : hub.mqtts());
            one.send(new byte[] {0x10});
            silent.add(one);
        }
        try (RawMqtt device = device()) {
            device.send(publish(2, GOOD, 1, "{}".getBytes()));
            assertEquals(0x40, device.next());
            assertNotEquals(null, bystander.next());
        }
        for (RawMqtt one : silent) {
            one.close();
        }
    }
}
