package io.pantograph.dialect.azure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.dialect.Inbound;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.dialect.TwinGrammar;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Headers;
import io.pantograph.api.model.Provenance;
import io.pantograph.api.model.Qos;
import io.pantograph.api.wire.Frame;
import io.pantograph.api.wire.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A row for each topic that the cloud's manual has for devices and modules, both directions. */
class TopicTableTest {

    private static final Bytes BODY = Bytes.utf8("{\"a\":1}");
    private static final String DEVICE_DOWN = "devices/dev1/messages/devicebound/";
    private static final String MODULE_DOWN = "devices/dev1/modules/mod1/messages/devicebound/";

    @Test
    void subscribesWhatADeviceCanBeSent() {
        assertEquals(List.of("devices/dev1/messages/devicebound/#", "$iothub/methods/POST/#", "$iothub/twin/res/#",
                "$iothub/twin/PATCH/properties/desired/#"), filters(Given.device("")));
        assertEquals(List.of("devices/dev1/modules/mod1/messages/devicebound/#", "devices/dev1/modules/mod1/inputs/#", "$iothub/methods/POST/#",
                "$iothub/twin/res/#", "$iothub/twin/PATCH/properties/desired/#"), filters(Given.profile(Given.MODULE, "")));
        assertTrue(Given.device("").subscriptions().stream().allMatch(one -> one.qos() == Qos.AT_LEAST_ONCE));
    }

    private static List<String> filters(Profile profile) {
        return profile.subscriptions().stream().map(Subscription::filter).toList();
    }

    // --- up

    @ParameterizedTest(name = "{0} {1} {2} -> {3}")
    @CsvSource(delimiter = '|', textBlock = """
            device | bin | | devices/dev1/messages/events/
            device | json | | devices/dev1/messages/events/%24.ct=application%2Fjson&%24.ce=utf-8
            module | bin | | devices/dev1/modules/mod1/messages/events/
            module | bin | $.on=output1 | devices/dev1/modules/mod1/messages/events/%24.on=output1
            device | bin | a=1 | devices/dev1/messages/events/a=1
            device | bin | a=x y | devices/dev1/messages/events/a=x%20y
            device | bin | a=x+y | devices/dev1/messages/events/a=x%2By
            device | bin | a=100% | devices/dev1/messages/events/a=100%25
            device | bin | a=x&y=z | devices/dev1/messages/events/a=x%26y%3Dz
            device | bin | a= | devices/dev1/messages/events/a=
            device | bin | a=#/+ | devices/dev1/messages/events/a=%23%2F%2B
            device | bin | é ü=日本 | devices/dev1/messages/events/%C3%A9%20%C3%BC=%E6%97%A5%E6%9C%AC
            device | bin | a=😀 | devices/dev1/messages/events/a=%F0%9F%98%80
            device | bin | a.b-c_d~e=A9 | devices/dev1/messages/events/a.b-c_d~e=A9
            device | json | a=1 | devices/dev1/messages/events/%24.ct=application%2Fjson&%24.ce=utf-8&a=1
            """)
    void sendsTelemetry(String as, String format, String property, String topic) throws Exception {
        Profile profile = as.equals("module") ? Given.profile(Given.MODULE, "") : Given.device("");
        Map<String, String> properties = property == null ? Map.of()
                : Map.of(property.substring(0, property.indexOf('=')), property.substring(property.indexOf('=') + 1));
        for (Qos qos : List.of(Qos.AT_MOST_ONCE, Qos.AT_LEAST_ONCE)) {
            var reading = Given.reading("status", format, BODY, qos, properties);
            profile.check(reading);
            assertEquals(new Frame(topic, BODY, qos), profile.frame(reading));
        }
    }

    static Stream<Arguments> fields() {
        String type = "%24.ct=application%2Fjson&%24.ce=utf-8";
        return Stream.of(
                Arguments.of("%24.mid=m%201&" + type, "m 1", null, null, Headers.NONE),
                Arguments.of("%24.cid=c%2F1&" + type, null, "c/1", null, Headers.NONE),
                Arguments.of("%24.uid=u&" + type, null, null, null, Headers.NONE.userId("u")),
                Arguments.of("%24.ct=text%2Fplain&%24.ce=utf-8", null, null, null, Headers.NONE.contentType("text/plain")),
                Arguments.of("%24.ct=application%2Fjson&%24.ce=utf-16", null, null, null, Headers.NONE.contentEncoding("utf-16")),
                Arguments.of(type + "&%24.ctime=2026-03-01T12%3A00%3A00Z", null, null, null, Headers.NONE.created(Given.NOW)),
                Arguments.of(type + "&%24.sub=sensor1", null, null, null, Headers.NONE.component("sensor1")),
                Arguments.of(type + "&%24.exp=2026-03-01T12%3A00%3A00Z", null, null, Given.NOW, Headers.NONE),
                Arguments.of(type + "&%24.ctime=2026-03-01T12%3A00%3A00.123Z&%24.exp=2026-03-01T12%3A00%3A00.987Z", null, null,
                        Given.NOW.plusNanos(987_654_321), Headers.NONE.created(Given.NOW.plusNanos(123_456_789))),
                Arguments.of("%24.mid=m&%24.cid=c&%24.uid=u&%24.ct=a&%24.ce=b&%24.ctime=1970-01-01T00%3A00%3A00Z&%24.sub=s"
                        + "&%24.exp=2026-03-01T12%3A00%3A00Z", "m", "c", Given.NOW, Headers.NONE.userId("u").contentType("a").contentEncoding("b")
                        .created(Instant.EPOCH).component("s")));
    }

    @ParameterizedTest
    @MethodSource("fields")
    void saysOfAReadingWhatThereIsToSay(String bag, String messageId, String correlationId, Instant expiry, Headers headers) throws Exception {
        Profile profile = Given.device("");
        var reading = Given.full(Map.of(), messageId, correlationId, expiry, headers);
        profile.check(reading);
        assertEquals("devices/dev1/messages/events/" + bag, profile.frame(reading).topic());
        var more = Given.full(Map.of("p", "1"), messageId, correlationId, expiry, headers);
        assertEquals("devices/dev1/messages/events/" + bag + "&p=1", profile.frame(more).topic());
    }

    @Test
    void namesTheEventWhereItIsToldTo() {
        Profile profile = Given.device("event-property=what kind");
        assertEquals("devices/dev1/messages/events/what%20kind=status",
                profile.frame(Given.reading("status", "bin", BODY, Qos.AT_LEAST_ONCE, Map.of())).topic());
        assertEquals("devices/dev1/messages/events/what%20kind=mine", // a property has one value
                profile.frame(Given.reading("status", "bin", BODY, Qos.AT_LEAST_ONCE, Map.of("what kind", "mine"))).topic());
    }

    // A property has one value, and the author's counts; what nobody wrote has none. NAMED stands for name, bundle and version.
    @ParameterizedTest(name = "{0} {1} {2} {3}")
    @CsvSource(delimiter = '|', textBlock = """
            bin  | SHA  |              |                  | NAMED%3Bsha256%3DSHA
            json | SHA  |              |                  | %24.ct=application%2Fjson&%24.ce=utf-8&NAMED%3Bsha256%3DSHA
            bin  | ''   |              |                  | NAMED
            bin  |      |              |                  | ''
            json |      |              |                  | %24.ct=application%2Fjson&%24.ce=utf-8
            bin  | SHA  | a=1          |                  | NAMED%3Bsha256%3DSHA&a=1
            bin  | SHA  | who wrote=me |                  | who%20wrote=me
            json | ''   | a=1          | event-property=e | %24.ct=application%2Fjson&%24.ce=utf-8&e=status&NAMED&a=1
            bin  | ''   |              | event-property=e | e=status&NAMED
            bin  |      | a=1          | event-property=e | e=status&a=1
            """)
    void namesTheCodecWhereItIsToldTo(String format, String sha256, String property, String more, String bag) throws Exception {
        String hash = "0a".repeat(32);
        Provenance by = sha256 == null ? Provenance.NONE : new Provenance("org.example.codec", "1.0.0", sha256.replace("SHA", hash));
        Profile profile = Given.device("codec-property=who wrote" + (more == null ? "" : "," + more));
        String topic = "devices/dev1/messages/events/" + bag.replace("NAMED", "who%20wrote=org.example.codec%2F1.0.0").replace("SHA", hash);
        for (int again = 0; again < 2; again++) {
            var reading = Given.by(by, Given.reading("status", format, BODY, Qos.AT_LEAST_ONCE, Given.settings(property)));
            profile.check(reading);
            assertEquals(new Frame(topic, BODY, Qos.AT_LEAST_ONCE), profile.frame(reading));
        }
    }

    @Test
    void namesNoCodecUnlessTold() {
        assertEquals("devices/dev1/messages/events/", Given.device("").frame(Given.by(new Provenance("org.example.codec", "1.0.0", ""),
                Given.reading("status", "bin", BODY, Qos.AT_LEAST_ONCE, Map.of()))).topic());
    }

    // Versions come and go while a device stays: what is kept of them is bounded.
    @Test
    void namesEveryCodecOfManyAndForgetsSome() {
        Profile profile = Given.device("codec-property=c");
        String before = "";
        for (int version = 0; version <= 200; version++) {
            var reading = Given.by(new Provenance("a", "1.0." + version % 200, ""), Given.reading("status", "bin", BODY, Qos.AT_LEAST_ONCE, Map.of()));
            String topic = profile.frame(reading).topic();
            assertEquals("devices/dev1/messages/events/c=a%2F1.0." + version % 200, topic);
            assertNotSame(before, topic);
            before = version == 0 ? topic : before;
        }
    }

    @Test
    void aBareReadingsTopicIsThereAlreadyWithItsCodecToo() {
        Profile profile = Given.device("codec-property=c");
        Provenance one = new Provenance("a", "1.0.0", "");
        Provenance other = new Provenance("a", "1.0.1", "");
        String first = profile.frame(Given.by(one, Given.json(Map.of()))).topic();
        profile.frame(Given.by(other, Given.json(Map.of())));
        assertSame(first, profile.frame(Given.by(one, Given.json(Map.of()))).topic());
    }

    // A device sends thousands of these a second.
    @Test
    void theTopicOfABareReadingIsThereAlready() {
        Profile profile = Given.device("");
        assertSame(profile.frame(Given.json(Map.of())).topic(), profile.frame(Given.json(Map.of())).topic());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            7 | 200 | $iothub/methods/res/200/?$rid=7
            0a1b-%2F | 404 | $iothub/methods/res/404/?$rid=0a1b-%2F
            """)
    void answersMethods(String ticket, int status, String topic) {
        assertEquals(new Frame(topic, BODY, Qos.AT_LEAST_ONCE), Given.device("").answer(ticket, status, BODY));
        assertEquals(Bytes.EMPTY, Given.device("").answer(ticket, status, Bytes.EMPTY).payload());
    }

    @Test
    void asksForTheTwinAndReports() {
        TwinGrammar twin = Given.device("").twin().orElseThrow();
        assertEquals(new Frame("$iothub/twin/GET/?$rid=r-1", Bytes.EMPTY, Qos.AT_LEAST_ONCE), twin.read("r-1"));
        assertEquals(new Frame("$iothub/twin/PATCH/properties/reported/?$rid=r-1", BODY, Qos.AT_LEAST_ONCE), twin.report("r-1", BODY));
    }

    // --- down

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            $iothub/methods/POST/blink/?$rid=1 | blink | 1
            $iothub/methods/POST/sensor1*getMaxMinReport/?$rid=0f8fad5b-d9cb-469f-a165-70867728950e | sensor1*getMaxMinReport | 0f8fad5b-d9cb-469f-a165-70867728950e
            $iothub/methods/POST/blink/?$rid=a%2Fb | blink | a%2Fb
            $iothub/methods/POST/blink/?x=1&$rid=7&y=2 | blink | 7
            $iothub/methods/POST/a.b:c/?$rid=7 | a.b:c | 7
            """)
    void readsMethods(String topic, String command, String ticket) {
        for (Bytes body : List.of(BODY, Bytes.EMPTY, Bytes.utf8("10"))) {
            Inbound.Call call = assertInstanceOf(Inbound.Call.class, Given.device("method-patience-s=200").read(topic, body));
            assertEquals(new Inbound.Call(Given.device("").device(), command, "json", body, Optional.of(ticket), Map.of(),
                    Optional.of(new Inbound.Asked(ticket, Duration.ofSeconds(200), Duration.ofSeconds(2)))), call);
        }
        assertEquals(Duration.ofSeconds(300),
                assertInstanceOf(Inbound.Call.class, Given.device("").read(topic, BODY)).asked().orElseThrow().patience());
    }

    @ParameterizedTest(name = "{0} -> {4}")
    @CsvSource(delimiter = '|', textBlock = """
            | message | raw | | {}
            ? | message | raw | | {}
            p=1 | message | raw | | {p=1}
            %24.mid=m1&%24.to=%2Fdevices%2Fdev1%2Fmessages%2FdeviceBound&iothub-ack=full&p=a%20b | message | raw | m1 | {iothub-ack=full, message-id=m1, p=a b, to=/devices/dev1/messages/deviceBound}
            $.mid=m1&$.cid=c1&$.uid=u1 | message | raw | m1 | {correlation-id=c1, message-id=m1, user-id=u1}
            %24.ct=application%2Fjson&%24.ce=utf-8 | message | json | | {content-encoding=utf-8, content-type=application/json}
            %24.ct=Application%2FJSON%3B%20charset%3Dutf-8 | message | json | | {content-type=Application/JSON; charset=utf-8}
            %24.ct=application%2Fjsonp | message | raw | | {content-type=application/jsonp}
            %24.exp=2026-03-01T12%3A00%3A00Z&%24.ctime=2026-03-01T11%3A00%3A00Z | message | raw | | {creation-time=2026-03-01T11:00:00Z, expiry=2026-03-01T12:00:00Z}
            %24.cdid=d&%24.cmid=m&%24.on=o&%24.ifid=i&%24.sub=s | message | raw | | {component=s, connection-device-id=d, connection-module-id=m, interface=i, output=o}
            bare&empty=&%C3%A9=%F0%9F%98%80 | message | raw | | {bare=, empty=, é=😀}
            message-id=fake&%24.mid=true-one | message | raw | true-one | {message-id=true-one}
            a=1+2 | message | raw | | {a=1+2}
            %24.mid=&a=1 | message | raw | | {a=1}
            %24.mid=m1&method-name=rundiagnostics | rundiagnostics | json | m1 | {message-id=m1, method-name=rundiagnostics}
            method-name=sensor1*reset | sensor1*reset | json | | {method-name=sensor1*reset}
            method-name= | message | raw | | {method-name=}
            """)
    void readsCloudToDeviceMessages(String bag, String command, String format, String id, String properties) {
        for (String prefix : List.of(DEVICE_DOWN, MODULE_DOWN)) {
            Profile profile = prefix.equals(MODULE_DOWN) ? Given.profile(Given.MODULE, "") : Given.device("");
            Inbound.Call call = assertInstanceOf(Inbound.Call.class, profile.read(prefix + (bag == null ? "" : bag), BODY));
            assertEquals(profile.device(), call.device());
            assertEquals(command, call.command());
            assertEquals(format, call.format());
            assertEquals(Optional.ofNullable(id), call.id());
            assertEquals(properties, new TreeMap<>(call.properties()).toString());
            assertEquals(BODY, call.payload());
            assertEquals(Optional.empty(), call.asked());
        }
    }

    // Central keeps commands for devices that are away; where there is nothing to say it says @.
    @Test
    void aCommandThatWasKeptMayHaveNoBody() {
        Profile profile = Given.device("c2d-format=bin");
        for (String nothing : List.of("@", "")) {
            Inbound.Call call = assertInstanceOf(Inbound.Call.class, profile.read(DEVICE_DOWN + "method-name=reset", Bytes.utf8(nothing)));
            assertEquals("json", call.format());
            assertEquals(Bytes.utf8("null"), call.payload());
        }
        assertEquals("@", assertInstanceOf(Inbound.Call.class, profile.read(DEVICE_DOWN, Bytes.utf8("@"))).payload().text());
    }

    @Test
    void messagesHaveTheFormatThatIsSet() {
        Profile profile = Given.device("c2d-format=bin");
        assertEquals("bin", assertInstanceOf(Inbound.Call.class, profile.read(DEVICE_DOWN + "%24.ct=application%2Fjson", BODY)).format());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            input1/%24.mid=m1 | input1 | m1
            input1/ | input1 |
            input1 | input1 |
            """)
    void readsInputsOfModules(String rest, String command, String id) {
        Inbound.Call call = assertInstanceOf(Inbound.Call.class, Given.profile(Given.MODULE, "").read("devices/dev1/modules/mod1/inputs/" + rest, BODY));
        assertEquals(command, call.command());
        assertEquals(Optional.ofNullable(id), call.id());
        assertInstanceOf(Inbound.Unreadable.class, Given.device("").read("devices/dev1/modules/mod1/inputs/" + rest, BODY));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            $iothub/twin/res/200/?$rid=r1 | Answer[request=r1, status=200, version=OptionalLong.empty, payload=7 bytes]
            $iothub/twin/res/204/?$rid=r1&$version=12 | Answer[request=r1, status=204, version=OptionalLong[12], payload=7 bytes]
            $iothub/twin/res/412/?$version=4&$rid=r1 | Answer[request=r1, status=412, version=OptionalLong[4], payload=7 bytes]
            $iothub/twin/res/429/?$rid=a-b%20c&x | Answer[request=a-b%20c, status=429, version=OptionalLong.empty, payload=7 bytes]
            $iothub/twin/res/500/?$rid=r1&$version=-1 | Answer[request=r1, status=500, version=OptionalLong.empty, payload=7 bytes]
            $iothub/twin/PATCH/properties/desired/?$version=5 | Changed[version=OptionalLong[5], payload=7 bytes]
            $iothub/twin/PATCH/properties/desired/ | Changed[version=OptionalLong.empty, payload=7 bytes]
            $iothub/twin/PATCH/properties/desired/?$version=x | Changed[version=OptionalLong.empty, payload=7 bytes]
            $iothub/twin/PATCH/properties/desired/?$version=99999999999999999999 | Changed[version=OptionalLong.empty, payload=7 bytes]
            """)
    void readsWhatTheTwinSays(String topic, String inbound) {
        assertEquals(inbound, Given.device("").read(topic, BODY).toString());
    }

    @ParameterizedTest(name = "''{0}''")
    @CsvSource(delimiter = '|', textBlock = """
            ''
            $iothub
            $iothub/methods/POST/
            $iothub/methods/POST/blink
            $iothub/methods/POST/blink/
            $iothub/methods/POST/blink/?
            $iothub/methods/POST/blink/?$rid=
            $iothub/methods/POST/blink/?$ridx=1
            $iothub/methods/POST//?$rid=1
            $iothub/methods/POST/?$rid=1
            $iothub/methods/res/200/?$rid=1
            $iothub/twin/res/
            $iothub/twin/res/20/?$rid=1
            $iothub/twin/res/2000/?$rid=1
            $iothub/twin/res/abc/?$rid=1
            $iothub/twin/res/020/?$rid=1
            $iothub/twin/res/200/?$version=1
            $iothub/twin/res/200
            $iothub/twin/res/200/?
            $iothub/twin/PATCH/properties/reported/?$rid=1
            $dps/registrations/res/200/?$rid=1
            devices/dev2/messages/devicebound/
            devices/dev1/messages/devicebound
            devices/dev1/messages/events/
            devices/dev1/modules/mod1/messages/devicebound/
            devices/dev1/messages/devicebound/%zz=1
            devices/dev1/messages/devicebound/a=%2
            devices/dev1/messages/devicebound/a=%FF
            devices/dev1/messages/devicebound/=1
            devices/dev11/messages/devicebound/
            iot-2/cmd/x/fmt/json
            """)
    void whatIsNotOfThisProtocolIsUnreadable(String topic) {
        Inbound.Unreadable unreadable = assertInstanceOf(Inbound.Unreadable.class, Given.device("").read(topic, BODY));
        assertTrue(!unreadable.reason().contains("\"a\"") && unreadable.reason().length() < 300, unreadable.reason());
    }

    static Stream<String> huge() {
        return Stream.of("/".repeat(65_535), "x".repeat(65_535), "$iothub/methods/POST/" + "/?".repeat(32_000), "$iothub/methods/POST/a/?" + "&".repeat(65_000),
                "$iothub/twin/res/200/?" + "$rid&".repeat(13_000), DEVICE_DOWN + "%".repeat(65_000), "devices/dev1/".repeat(5_000));
    }

    // A topic may be 65,535 bytes long: neither time nor log lines may grow with it.
    @ParameterizedTest
    @MethodSource("huge")
    void hugeTopicsMakeNoHugeTrouble(String topic) {
        Inbound.Unreadable unreadable = assertInstanceOf(Inbound.Unreadable.class, Given.device("").read(topic, BODY));
        assertTrue(unreadable.reason().length() < 300, unreadable.reason());
    }
}
