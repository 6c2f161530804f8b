package io.pantograph.dialect.azure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.dialect.Profile;
import io.pantograph.api.dialect.Reading;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeliveryException.Reason;
import io.pantograph.api.model.Headers;
import io.pantograph.api.model.Provenance;
import io.pantograph.api.model.Qos;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the hub would cut the connection for is refused before it is queued. */
class LimitsTest {

    private static final int MAX = 262_144;

    private final Profile profile = Given.device("");

    @Test
    void knowsNoQos2() {
        DeliveryException refused = refused(Given.reading("status", "json", Bytes.EMPTY, Qos.EXACTLY_ONCE, Map.of()));
        assertEquals(Reason.UNSUPPORTED, refused.reason());
        assertTrue(refused.getMessage().contains("event 'status' of device/dev1 has QoS 2"), refused.getMessage());
    }

    @Test
    void countsABodyAlone() throws Exception {
        profile.check(bare("bin", MAX));
        assertTooLarge(bare("bin", MAX + 1), "has 262145 bytes in format bin");
    }

    // For json the content type and encoding are sent without being asked for; a body that is counted alone would be 21 bytes too long.
    @Test
    void countsWhatIsSaidByItself() throws Exception {
        profile.check(bare("json", MAX - 21));
        assertTooLarge(bare("json", MAX - 20), "has 262145 bytes");
    }

    // 256 KB of body, values of the system, names and values of the application: each must count, in bytes and not in characters.
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            mid | 6
            cid | 6
            uid | 6
            ct | 6
            ce | 6
            sub | 6
            ctime | 20
            exp | 20
            property | 9
            """)
    void countsWhatStandsBeside(String what, int bytes) throws Exception {
        profile.check(beside(what, MAX - bytes));
        assertTooLarge(beside(what, MAX - bytes + 1), "has 262145 bytes");
    }

    // Name, bundle, a slash, version, and ;sha256= with the hash: "é" has two bytes. The author's own counts alone.
    @ParameterizedTest
    @CsvSource({"bin, '', 97", "bin, 7, 3", "json, '', 118"})
    void countsTheNameOfTheCodec(String format, String own, int bytes) throws Exception {
        Profile naming = Given.device("codec-property=\u00e9");
        Map<String, String> properties = own.isEmpty() ? Map.of() : Map.of("\u00e9", own);
        Provenance codec = new Provenance("org.example.codec", "1.0.0", "0a".repeat(32));
        naming.check(Given.by(codec, Given.reading("status", format, Bytes.wrap(new byte[MAX - bytes]), Qos.AT_LEAST_ONCE, properties)));
        Reading large = Given.by(codec, Given.reading("status", format, Bytes.wrap(new byte[MAX - bytes + 1]), Qos.AT_LEAST_ONCE, properties));
        DeliveryException refused = assertThrows(DeliveryException.class, () -> naming.check(large));
        assertEquals(Reason.TOO_LARGE, refused.reason());
        assertTrue(refused.getMessage().contains("has 262145 bytes"), refused.getMessage());
    }

    @Test
    void theTopicHasRoomForTheNameOfTheCodec() {
        Profile naming = Given.device("codec-property=c");
        Reading lengthy = Given.by(new Provenance("x".repeat(65_535), "1.0.0", ""), bare("bin", 1));
        assertTrue(assertThrows(DeliveryException.class, () -> naming.check(lengthy)).getMessage().contains("MQTT carries at most 65535"));
    }

    private static Reading beside(String what, int body) {
        String text = "\u00e9\u65e5x"; // two, three, one: six bytes
        Headers none = Headers.NONE;
        Headers headers = switch (what) {
            case "uid" -> none.userId(text);
            case "ct" -> none.contentType(text);
            case "ce" -> none.contentEncoding(text);
            case "sub" -> none.component(text);
            case "ctime" -> none.created(Given.NOW);
            default -> none;
        };
        return new Reading("status", "bin", Bytes.wrap(new byte[body]), Qos.AT_LEAST_ONCE, what.equals("property") ? Map.of(text, "abc") : Map.of(),
                what.equals("mid") ? Optional.of(text) : Optional.empty(), what.equals("cid") ? Optional.of(text) : Optional.empty(), Given.NOW,
                what.equals("exp") ? Optional.of(Given.NOW) : Optional.empty(), headers);
    }

    @ParameterizedTest
    @ValueSource(strings = {"message id", "correlation id", "user id"})
    void idsHaveALength(String what) throws Exception {
        profile.check(withId(what, "x".repeat(128)));
        assertTooLarge(withId(what, "x".repeat(129)), "has a " + what + " of 129 characters; IoT Hub takes at most 128");
    }

    private static Reading withId(String what, String id) {
        return Given.full(Map.of(), what.startsWith("m") ? id : null, what.startsWith("c") ? id : null, null,
                what.startsWith("u") ? Headers.NONE.userId(id) : Headers.NONE);
    }

    // A topic beyond what MQTT carries would end the connection again and again, with the message first in line.
    @Test
    void aTopicHasALength() throws Exception {
        int prefix = "devices/dev1/messages/events/".length();
        String json = "%24.ct=application%2Fjson&%24.ce=utf-8&a=";
        int room = (65_535 - prefix - json.length()) / 9;
        Reading fits = Given.json(Map.of("a", "\u65e5".repeat(room)));
        profile.check(fits);
        assertTrue(profile.frame(fits).topic().length() <= 65_535);
        assertTooLarge(Given.json(Map.of("a", "\u65e5".repeat(room + 1))), "and MQTT carries at most 65535");
    }

    @Test
    void propertiesHaveNames() {
        assertUnsupported(Given.json(Map.of("", "x")), "a property without a name");
        assertUnsupported(Given.json(Map.of("$.mid", "x")), "the property '$.mid'");
        assertUnsupported(Given.json(Map.of("a", "x\ud800")), "property 'a' with half a character");
        assertUnsupported(Given.json(Map.of("a\udc00", "x")), "property name with half a character");
        assertUnsupported(withId("message id", "\ud800x"), "message id with half a character");
    }

    @Test
    void theProtocolsOwnAreFewerThanAll() throws Exception {
        profile.check(Given.json(Map.of("$.on", "out", "$.ifid", "urn:azureiot:Security:SecurityAgent:1", "$mine", "1", "iothub-app", "2")));
    }

    // Found by adding up, without making it: the sum must be that of the text which is made in the end.
    @Test
    void measuresAsItWrites() {
        Random random = new Random(20260301);
        for (int i = 0; i < 20_000; i++) {
            String text = Texts.random(random, 40);
            int utf8 = Measure.utf8(text);
            assertEquals(text.getBytes(StandardCharsets.UTF_8).length, utf8, text);
            assertEquals(io.pantograph.azure.Percent.encode(text).length(), Measure.encoded(text, utf8), text);
        }
        for (String broken : new String[] {"\ud800", "a\ud800b", "\udc00\ud800", "\udc00", "x\ud83d"}) {
            assertEquals(-1, Measure.utf8(broken));
        }
    }

    @Test
    void anAnswerToAMethodHasItsOwnLimit() {
        assertEquals(131_072, profile.answer("1", 200, Bytes.wrap(new byte[131_072])).payload().length());
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> profile.answer("1", 200, Bytes.wrap(new byte[131_073])));
        assertTrue(refused.getMessage().contains("131073 bytes"), refused.getMessage());
    }

    private static Reading bare(String format, int bytes) {
        return Given.reading("status", format, Bytes.wrap(new byte[bytes]), Qos.AT_LEAST_ONCE, Map.of());
    }

    private void assertTooLarge(Reading reading, String message) {
        DeliveryException refused = refused(reading);
        assertEquals(Reason.TOO_LARGE, refused.reason());
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
    }

    private void assertUnsupported(Reading reading, String message) {
        DeliveryException refused = refused(reading);
        assertEquals(Reason.UNSUPPORTED, refused.reason());
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
    }

    private DeliveryException refused(Reading reading) {
        return assertThrows(DeliveryException.class, () -> profile.check(reading));
    }
}
