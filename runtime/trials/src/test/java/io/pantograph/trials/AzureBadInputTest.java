package io.pantograph.trials;

import static io.pantograph.trials.RawMqtt.connect;
import static io.pantograph.trials.RawMqtt.publish;
import static io.pantograph.trials.RawMqtt.subscribe;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.pantograph.api.service.DeviceEvent;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Hostile and broken input to the hub's Azure side: each is refused or cut, and a neighbour goes on sending. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AzureBadInputTest {

    private static final String EVENTS = "devices/bad/messages/events/";

    private static AzureCloud cloud;
    private static String key;
    private static RawMqtt neighbour;
    private static BlockingQueue<DeviceEvent> events;
    private static BlockingQueue<DeviceEvent> ofTheBad;
    private static int number;

    @BeforeAll
    static void start() throws Exception {
        cloud = AzureCloud.start();
        key = cloud.device("bad");
        neighbour = new RawMqtt(plain());
        neighbour.send(login("neighbour", cloud.device("neighbour")));
        assertEquals(0, neighbour.connack());
        events = cloud.telemetry("neighbour");
        ofTheBad = cloud.telemetry("bad");
    }

    @AfterAll
    static void stop() throws Exception {
        neighbour.close();
        cloud.close();
    }

    @AfterEach
    void theNeighbourNoticesNothing() throws Exception {
        String body = "n" + ++number;
        neighbour.send(publish(0x02, ascii("devices/neighbour/messages/events/"), 5, ascii(body)));
        assertEquals(0x40, neighbour.next(), "the neighbour got no PUBACK");
        assertEquals(body, AzureCloud.next(events, "the neighbour's event").body().text());
        ofTheBad.clear();
    }

    private static int plain() {
        return cloud.port("pantograph.hub.mqtt.port");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] login(String id, String key) throws Exception {
        return connect(id, "127.0.0.1/" + id + "/?api-version=2021-04-12", AzureCloud.token("/devices/" + id, key, Duration.ofMinutes(10)));
    }

    private static RawMqtt device() throws Exception {
        RawMqtt device = new RawMqtt(plain());
        device.send(login("bad", key));
        assertEquals(0, device.connack());
        return device;
    }

    static Stream<Arguments> cut() throws Exception {
        byte[] body = ascii("{}");
        return Stream.of(
                arguments("another device's events", publish(2, ascii("devices/neighbour/messages/events/"), 1, body)),
                arguments("a module's events", publish(2, ascii("devices/bad/modules/m/messages/events/"), 1, body)),
                arguments("messages to the device", publish(2, ascii("devices/bad/messages/devicebound/"), 1, body)),
                arguments("a foreign topic", publish(2, ascii("home/kitchen"), 1, body)),
                arguments("a Watson topic", publish(2, ascii("iot-2/evt/e/fmt/json"), 1, body)),
                arguments("a system topic", publish(2, ascii("$SYS/x"), 1, body)),
                arguments("a twin topic that is none", publish(2, ascii("$iothub/twin/DELETE/?$rid=1"), 1, body)),
                arguments("a desired patch of its own", publish(2, ascii("$iothub/twin/PATCH/properties/desired/?$version=3"), 1, body)),
                arguments("a method's answer without status", publish(2, ascii("$iothub/methods/res/?$rid=1"), 1, body)),
                arguments("a method's answer with a word as status", publish(2, ascii("$iothub/methods/res/good/?$rid=1"), 1, body)),
                arguments("a bag with half an escape", publish(2, ascii(EVENTS + "a=%2"), 1, body)),
                arguments("a bag with an escape of letters", publish(2, ascii(EVENTS + "a=%zz"), 1, body)),
                arguments("a bag that is no UTF-8", publish(2, ascii(EVENTS + "a=%c0%80"), 1, body)),
                arguments("a wildcard in a topic", publish(2, ascii(EVENTS + "+"), 1, body)),
                arguments("NUL in a topic", publish(2, ascii(EVENTS + "a\0"), 1, body)),
                arguments("256 KB and a byte", publish(2, ascii(EVENTS), 1, new byte[262_145])),
                arguments("256 KB with a property", publish(2, ascii(EVENTS + "a=b"), 1, new byte[262_144])),
                arguments("QoS 2", publish(4, ascii(EVENTS), 1, body)),
                arguments("QoS 3", publish(6, ascii(EVENTS), 1, body)),
                arguments("another device's messages", subscribe("devices/neighbour/messages/devicebound/#")),
                arguments("all devices' messages", subscribe("devices/+/messages/devicebound/#")),
                arguments("everybody's events", subscribe("devices/bad/messages/events/#")),
                arguments("everything", subscribe("#")),
                arguments("a Watson filter", subscribe("iot-2/cmd/+/fmt/+")),
                arguments("provisioning as a device", subscribe("$dps/registrations/res/#")),
                arguments("a second CONNECT", login("bad", key)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cut")
    void endsTheConnection(String what, byte[] packet) throws Exception {
        try (RawMqtt device = device()) {
            device.send(packet);
            int answer = device.next();
            boolean refusedSubscription = answer == 0x90;
            assertTrue(answer == -1 || refusedSubscription, what + " was answered 0x" + Integer.toHexString(answer));
            assertNull(ofTheBad.poll(50, TimeUnit.MILLISECONDS), what + " came into the log");
        }
    }

    @Test
    void theLargestMessagePassesAndRetainIsNotedOnly() throws Exception {
        try (RawMqtt device = device()) {
            device.send(publish(2, ascii(EVENTS), 1, new byte[262_144]));
            assertEquals(0x40, device.next());
            assertEquals(262_144, AzureCloud.next(ofTheBad, "the largest").body().length());
            device.send(publish(3, ascii(EVENTS), 2, ascii("{}")));
            assertEquals(0x40, device.next());
            assertEquals("true", AzureCloud.next(ofTheBad, "the retained").properties().get("mqtt-retain"));
        }
    }

    @Test
    void aSixthSubscriptionEndsTheConnection() throws Exception {
        try (RawMqtt device = device()) {
            for (String filter : new String[] {"devices/bad/messages/devicebound/#", "$iothub/twin/res/#", "$iothub/twin/PATCH/properties/desired/#",
                    "$iothub/methods/POST/#", "devices/bad/messages/devicebound/#"}) {
                device.send(subscribe(filter));
                assertEquals(0x90, device.next(), filter);
            }
            for (int i = 0; i < 2; i++) {
                device.send(subscribe("devices/bad/#"));
            }
            device.send(publish(2, ascii("devices/neighbour/messages/events/"), 1, ascii("{}")));
            for (int answer = device.next(); answer != -1; answer = device.next()) {
                assertEquals(0x90, answer);
            }
        }
    }

    static Stream<Arguments> logins() throws Exception {
        String good = AzureCloud.token("/devices/bad", key, Duration.ofMinutes(10));
        String user = "127.0.0.1/bad/?api-version=2021-04-12";
        return Stream.of(
                arguments("no password", "bad", user, null),
                arguments("an empty password", "bad", user, ""),
                arguments("a password that is no token", "bad", user, "secret"),
                arguments("a token with another signature", "bad", user, good.replaceAll("sig=..", "sig=AA")),
                arguments("a token without a signature", "bad", user, good.replaceAll("&sig=[^&]*", "")),
                arguments("a token without an end", "bad", user, good.replaceAll("&se=[^&]*", "")),
                arguments("a token with a later end", "bad", user, good.replaceAll("se=\\d", "se=9")),
                arguments("a token with no number as its end", "bad", user, good.replaceAll("se=\\d*", "se=tomorrow")),
                arguments("a token with its end beyond all numbers", "bad", user, good.replaceAll("se=\\d*", "se=99999999999999999999999")),
                arguments("a token that is over", "bad", user, AzureCloud.token("/devices/bad", key, Duration.ofMinutes(-1))),
                arguments("a token for another device", "bad", user, AzureCloud.token("/devices/neighbour", key, Duration.ofMinutes(1))),
                arguments("a token for what begins alike", "bad", user, AzureCloud.token("/devices/ba", key, Duration.ofMinutes(1))),
                arguments("a token of a policy that is none", "bad", user, good + "&skn=nobody"),
                arguments("a token of 60,000 letters", "bad", user, good + "x".repeat(60_000)),
                arguments("another's client id", "neighbour", user, good),
                arguments("another's user name", "bad", "127.0.0.1/neighbour/?api-version=2021-04-12", good),
                arguments("an unknown device", "nobody", "127.0.0.1/nobody/?api-version=2021-04-12", good),
                arguments("a client id with a wildcard", "+", "127.0.0.1/+/?api-version=2021-04-12", good),
                arguments("a module that is none", "bad/m", "127.0.0.1/bad/m/?api-version=2021-04-12", good),
                arguments("a model id with half an escape", "bad", user + "&model-id=%d", "x"),
                arguments("a registration in another scope", "r", "0neFFFFFFFF/registrations/r/api-version=2019-03-31", good),
                arguments("a registration without proof", "r", cloud.scope + "/registrations/r/api-version=2019-03-31", null),
                arguments("a registration with another's name", "q", cloud.scope + "/registrations/r/api-version=2019-03-31", good));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("logins")
    void loginsAreRefused(String what, String clientId, String user, String password) throws Exception {
        try (RawMqtt client = new RawMqtt(plain())) {
            client.send(connect(clientId, user, password));
            int code = client.connack();
            assertTrue(code == 5 || code == 2 || code == 4, what + " was answered " + code);
            assertEquals(-1, client.next());
        }
    }

    @Test
    void aWillOnAForeignTopicIsNotSpoken() throws Exception {
        java.io.ByteArrayOutputStream body = new java.io.ByteArrayOutputStream();
        body.write(RawMqtt.text("MQTT"));
        body.write(new byte[] {4, (byte) 0xce, 0, 60}); // user, password, will at QoS 1, clean
        body.write(RawMqtt.text("bad"));
        body.write(RawMqtt.text("devices/neighbour/messages/events/"));
        body.write(RawMqtt.text("not mine"));
        body.write(RawMqtt.text("127.0.0.1/bad/?api-version=2021-04-12"));
        body.write(RawMqtt.text(AzureCloud.token("/devices/bad", key, Duration.ofMinutes(1))));
        try (RawMqtt client = new RawMqtt(plain())) {
            client.send(RawMqtt.packet(0x10, body.toByteArray()));
            client.next();
        }
        assertNull(events.poll(300, TimeUnit.MILLISECONDS), "another's event");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "PUT | /devices/a%2Fb | {\"deviceId\":\"a/b\"} | 400",
            "PUT | /devices/x1 | {\"deviceId\":\"other\"} | 400",
            "PUT | /devices/x1 | {\"deviceId\": | 400",
            "PUT | /devices/x1 | [] | 400",
            "PUT | /devices/x1 | {\"deviceId\":\"x1\",\"status\":\"half\"} | 400",
            "PUT | /devices/x1 | {\"deviceId\":\"x1\",\"authentication\":{\"symmetricKey\":{\"primaryKey\":\"!\"}}} | 400",
            "GET | /devices/nosuch | | 404",
            "GET | /devices/%00 | | 400",
            "GET | /nosuch | | 404",
            "PATCH | /twins/bad | {\"properties\":{\"desired\":{\"a.b\":1}}} | 400",
            "PATCH | /twins/bad | {\"properties\":{\"desired\":{\"a\":1e999999999}}} | 400",
            "PATCH | /twins/bad | {\"properties\":{\"desired\":7}} | 400",
            "PATCH | /twins/nosuch | {\"tags\":{\"a\":1}} | 404",
            "POST | /twins/bad/methods | {} | 400",
            "POST | /twins/bad/methods | {\"methodName\":\"m\",\"responseTimeoutInSeconds\":\"soon\"} | 400",
            "POST | /twins/nosuch/methods | {\"methodName\":\"m\"} | 404",
            "POST | /devices/query | {\"query\":\"SELECT * FROM\"} | 400",
            "POST | /devices/query | {\"query\":\"DROP TABLE devices\"} | 400",
            "POST | /devices/query | {} | 400",
            "POST | /devices/nosuch/messages/deviceBound | x | 404",
            "PUT | /enrollments/e1 | {\"attestation\":{\"type\":\"x509\",\"x509\":{}}} | 400",
            "PUT | /enrollmentGroups/g1 | {\"attestation\":{\"type\":\"x509\",\"x509\":{\"signingCertificates\":{\"primary\":{\"certificate\":\"?\"}}}}} | 400"})
    void restSaysWhatIsWrong(String method, String path, String body, int status) throws Exception {
        HttpResponse<String> answer = cloud.rest(method, path + "?api-version=2021-04-12", body);
        assertEquals(status, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("essage"), answer.body());
    }

    @Test
    void restRefusesDepthAndSize() throws Exception {
        char[] deep = new char[4_000];
        Arrays.fill(deep, '[');
        assertEquals(400, cloud.rest("PATCH", "/twins/bad?api-version=2021-04-12", "{\"tags\":{\"a\":" + new String(deep)).statusCode());
        assertEquals(413, cloud.rest("POST", "/devices/bad/messages/deviceBound?api-version=2021-04-12", "x".repeat(66_000)).statusCode());
        HttpResponse<String> large = cloud.rest("POST", "/devices?api-version=2021-04-12", "[\"" + "x".repeat(8_000_000) + "\"]");
        assertTrue(large.statusCode() == 413 || large.statusCode() == 400, large.statusCode() + large.body());
    }
}
