package io.pantograph.dialect.azure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.dialect.TwinGrammar;
import io.pantograph.api.dialect.TwinGrammar.Document;
import io.pantograph.api.dialect.TwinGrammar.Section;
import io.pantograph.api.dialect.TwinGrammar.Wish;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeliveryException.Reason;
import io.pantograph.api.model.Values;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TwinTest {

    private static final Optional<String> NONE = Optional.empty();

    private final TwinGrammar twin = new AzureTwins();

    // {"desired":{"name":"a","sensor1":{"__t":"c","limit":5},"$version":4},"reported":{"$version":2}}, as the hub answers GET.
    @Test
    void readsADocument() {
        Values sensor = Values.of("__t", "c", "limit", 5);
        Document read = twin.document(Values.of("desired", Values.of("name", "a", "sensor1", sensor, "$version", 4), "reported", Values.of("$version", 2L)));
        assertEquals(new Document(new Section(Values.of("name", "a", "sensor1", sensor), 4), new Section(Values.EMPTY, 2)), read);
    }

    static Stream<Arguments> noDocuments() {
        Values good = Values.of("$version", 1);
        return Stream.of(
                Arguments.of(Values.EMPTY, "'desired' is missing"),
                Arguments.of(Values.of("desired", good), "'reported' is missing"),
                Arguments.of(Values.of("desired", 1, "reported", good), "'desired' is no object"),
                Arguments.of(Values.of("desired", null, "reported", good), "'desired' is no object"),
                Arguments.of(Values.of("desired", good, "reported", Values.EMPTY), "'reported' has no $version"),
                Arguments.of(Values.of("desired", Values.of("$version", "1"), "reported", good), "'desired' has no $version"),
                Arguments.of(Values.of("desired", Values.of("$version", 1.5), "reported", good), "'desired' has no $version"),
                Arguments.of(Values.of("desired", Values.of("$version", -1), "reported", good), "'desired' has no $version"),
                Arguments.of(Values.of("errorCode", 500, "message", "no"), "'desired' is missing"));
    }

    @ParameterizedTest
    @MethodSource("noDocuments")
    void saysWhyItIsNoDocument(Values body, String message) {
        String said = assertThrows(IllegalArgumentException.class, () -> twin.document(body)).getMessage();
        assertTrue(said.contains(message), said);
    }

    // Old clients of the cloud look at the topic, newer ones at the body; the hub tells both.
    @Test
    void readsAChange() {
        Values body = Values.of("name", null, "$version", 7);
        Section change = new Section(Values.of("name", null), 7);
        assertEquals(change, twin.change(body, OptionalLong.of(7)));
        assertEquals(change, twin.change(body, OptionalLong.empty()));
        assertEquals(change, twin.change(Values.of("name", null), OptionalLong.of(7)));
        assertEquals(change, twin.change(Values.of("$metadata", Values.EMPTY, "name", null, "$version", 7), OptionalLong.empty()));
        String said = assertThrows(IllegalArgumentException.class, () -> twin.change(Values.of("name", null), OptionalLong.empty())).getMessage();
        assertTrue(said.contains("no $version"), said);
    }

    static Stream<Arguments> desired() {
        Values object = Values.of("__t", "d", "x", 1);
        return Stream.of(
                Arguments.of(Values.EMPTY, List.of()),
                Arguments.of(Values.of("brightness", 2), List.of(new Wish(NONE, "brightness", 2))),
                Arguments.of(Values.of("a", null, "b", Values.of("x", 1)), List.of(new Wish(NONE, "a", null), new Wish(NONE, "b", Values.of("x", 1)))),
                Arguments.of(Values.of("s", Values.of("__t", "c", "limit", 5, "gone", null)),
                        List.of(new Wish(Optional.of("s"), "limit", 5), new Wish(Optional.of("s"), "gone", null))),
                Arguments.of(Values.of("s", Values.of("__t", "c")), List.of()),
                Arguments.of(Values.of("s", null), List.of(new Wish(NONE, "s", null))),
                Arguments.of(Values.of("s", object), List.of(new Wish(NONE, "s", object))),
                Arguments.of(Values.of("a", 1, "$version", 3), List.of(new Wish(NONE, "a", 1))));
    }

    @ParameterizedTest
    @MethodSource("desired")
    void takesWishesApart(Values desired, List<Wish> wishes) {
        assertEquals(wishes, twin.wishes(desired));
    }

    // IoT Central shows a property as "pending" for ever if one of these four is spelt otherwise. Reports are merged: only null takes the
    // note of the answer before away.
    @Test
    void acknowledgesAsPlugAndPlayDoes() {
        assertEquals("{name={value=a, ac=200, ad=null, av=3}}", twin.acknowledgement(new Wish(NONE, "name", "a"), 200, NONE, "a", 3).toString());
        assertEquals("{name={value=b, ac=400, ad=too long, av=3}}",
                twin.acknowledgement(new Wish(NONE, "name", "a"), 400, Optional.of("too long"), "b", 3).toString());
        assertEquals("{s={__t=c, limit={value=5, ac=202, ad=null, av=3}}}", twin.acknowledgement(new Wish(Optional.of("s"), "limit", 5), 202, NONE, 5, 3).toString());
        assertEquals("{name={value=null, ac=200, ad=null, av=3}}", twin.acknowledgement(new Wish(NONE, "name", null), 200, NONE, null, 3).toString());
    }

    @Test
    void anAnswerDoesNotFailOverItsNote() throws Exception {
        for (String note : List.of("x".repeat(5_000), "\ud83d\ude00".repeat(5_000), 'x' + "\ud83d\ude00".repeat(5_000))) {
            Values answer = twin.acknowledgement(new Wish(NONE, "name", "a"), 500, Optional.of(note), "a", 3);
            twin.check(answer, 4_000);
            String shortened = answer.values("name").text("ad");
            assertTrue(shortened.length() >= 999 && note.startsWith(shortened), shortened);
        }
    }

    @Test
    void reportsWithinAComponent() {
        assertEquals("{s={__t=c, a=1, b=null}}", twin.within("s", Values.of("a", 1, "b", null)).toString());
    }

    @Test
    void tellsOutcomesOfLongCommands() {
        assertEquals("{rundiagnostics={value=ok}}", twin.outcome("rundiagnostics", "ok").toString());
        assertEquals("{rundiagnostics={value=null}}", twin.outcome("rundiagnostics", null).toString());
        assertEquals("{s={__t=c, reset={value={ok=true}}}}", twin.outcome("s*reset", Values.of("ok", true)).toString());
    }

    // --- what the hub would refuse

    static Stream<Object> good() {
        return Stream.of(null, true, 0, 4_503_599_627_370_495L, -4_503_599_627_370_496L, 1.5, 1e300, new BigDecimal("12345678901234567890.5"),
                BigInteger.valueOf(4_503_599_627_370_495L), "x".repeat(4_096), "\u00e9".repeat(2_048), Bytes.wrap(new byte[3_072]),
                Content.list(Arrays.asList(1, "a", null, Values.of("b", 2))), Values.of("x", Values.EMPTY));
    }

    @ParameterizedTest
    @MethodSource("good")
    void takesWhatTheHubTakes(Object value) throws Exception {
        twin.check(Values.of("p", value), 10);
    }

    static Stream<Arguments> bad() {
        return Stream.of(
                Arguments.of(4_503_599_627_370_496L, Reason.UNSUPPORTED, "the number 4503599627370496 of 'p'"),
                Arguments.of(-4_503_599_627_370_497L, Reason.UNSUPPORTED, "the number -4503599627370497 of 'p'"),
                Arguments.of(new BigDecimal("4503599627370496"), Reason.UNSUPPORTED, "the number 4503599627370496"),
                Arguments.of(BigInteger.TEN.pow(5_000), Reason.UNSUPPORTED, "the number of 16610 bits"),
                Arguments.of("x".repeat(4_097), Reason.TOO_LARGE, "the text of 'p' has 4097 bytes"),
                Arguments.of("\u00e9".repeat(2_049), Reason.TOO_LARGE, "has 4098 bytes"),
                Arguments.of("\ud800", Reason.UNSUPPORTED, "half a character"),
                Arguments.of(Bytes.wrap(new byte[3_073]), Reason.TOO_LARGE, "has 4100 bytes"),
                Arguments.of(Content.list(List.of(Values.of("a", 1L << 60))), Reason.UNSUPPORTED, "of 'a'"),
                Arguments.of(Content.list(List.of("x".repeat(4_097))), Reason.TOO_LARGE, "the text of 'p'"),
                Arguments.of(Values.of("a.b", 1), Reason.UNSUPPORTED, "the name 'a.b'"));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void refusesWhatTheHubWouldRefuse(Object value, Reason reason, String message) {
        assertRefused(Values.of("p", value), reason, message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b", "$a", "a$", "a b", " ", "a\u0000", "a\u001f", "a\u007f", "a\u0085", "a\u009f"})
    void namesHaveARule(String name) {
        assertRefused(Values.of(name, 1), Reason.UNSUPPORTED, "has a control character, a space, a . or a $");
        assertRefused(Values.of("p", Values.of(name, null)), Reason.UNSUPPORTED, "has a control character");
    }

    @ParameterizedTest
    @ValueSource(strings = {"__t", "\u00e9", "a-b_c", "\ud83d\ude00", "a*b", "1"})
    void namesMayBeAnythingElse(String name) throws Exception {
        twin.check(Values.of(name, 1), 10);
    }

    @Test
    void namesHaveALength() throws Exception {
        twin.check(Values.of("x".repeat(1_024), 1), 10);
        assertRefused(Values.of("x".repeat(1_025), 1), Reason.TOO_LARGE, "has 1025 bytes; IoT Hub takes at most 1024");
        assertRefused(Values.of("", 1), Reason.UNSUPPORTED, "a value without a name");
    }

    // The manual's own example: ten objects, one in the other, and a property in the tenth.
    @Test
    void objectsMayBeTenDeep() throws Exception {
        Values ten = nested(10);
        twin.check(ten, 10);
        assertRefused(Values.of("zero", ten), Reason.UNSUPPORTED, "nested deeper than the 10 levels");
    }

    private static Values nested(int levels) {
        return levels == 0 ? Values.of("property", 1) : Values.of("level" + levels, nested(levels - 1));
    }

    // Names and values count, 8 bytes for a number and 4 for a truth value; what is deleted counts by its name.
    @Test
    void aSectionHasASize() throws Exception {
        twin.check(sized(4_096, 7, 8 * 8), 40_000);
        Values.Builder numbers = Values.builder();
        for (int i = 0; i < 8; i++) {
            numbers.put("t" + i, "x".repeat(4_000));
        }
        Values exactly = numbers.put("n1", 1).put("b1", true).put("rest", "x".repeat(32_768 - 8 * 4_002 - 10 - 6 - 4)).build();
        twin.check(exactly, 40_000);
        Values.Builder more = Values.builder();
        exactly.forEach(more::put);
        assertRefused(more.put("d", null).build(), Reason.TOO_LARGE, "has 32769 bytes of names and values; IoT Hub keeps at most 32768");
        DeliveryException refused = assertThrows(DeliveryException.class, () -> twin.check(Values.of("a", 1), 262_145));
        assertEquals(Reason.TOO_LARGE, refused.reason());
    }

    private static Values sized(int textBytes, int texts, int more) {
        Values.Builder values = Values.builder();
        for (int i = 0; i < texts; i++) {
            values.put("t" + i, "x".repeat(textBytes));
        }
        return values.put("m", "x".repeat(more)).build();
    }

    private void assertRefused(Values patch, Reason reason, String message) {
        DeliveryException refused = assertThrows(DeliveryException.class, () -> twin.check(patch, 10));
        assertEquals(reason, refused.reason(), refused.getMessage());
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
        assertTrue(refused.getMessage().chars().allMatch(c -> c >= 0x20 && c < 0x7f) && refused.getMessage().length() < 400, refused.getMessage());
    }
}
