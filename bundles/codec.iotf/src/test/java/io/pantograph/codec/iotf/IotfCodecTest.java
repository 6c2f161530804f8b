package io.pantograph.codec.iotf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Values;
import io.pantograph.testkit.CodecContract;
import java.lang.annotation.Annotation;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Row by row what Watson's own clients do, as it was recorded from them; where we differ, the row says why. */
class IotfCodecTest extends CodecContract {

    private final IotfCodec codec = new IotfCodec(config(false));
    private final IotfCodec strict = new IotfCodec(config(true));

    @Override
    protected Codec codec() {
        return new IotfCodec(config(false));
    }

    private static IotfCodec.Config config(boolean strict) {
        return new IotfCodec.Config() {
            @Override
            public boolean strict() {
                return strict;
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return IotfCodec.Config.class;
            }
        };
    }

    private static final Values D = Values.of("interval", 7);

    private static Arguments at(String stamp, String instant) {
        return arguments("{\"d\":{\"interval\":7},\"ts\":\"" + stamp + "\"}", D, instant);
    }

    static Stream<Arguments> taken() {
        return Stream.of(
                at("2015-01-22T02:05:18.720Z", "2015-01-22T02:05:18.720Z"),
                at("2014-12-30T14:47:36+00:00", "2014-12-30T14:47:36Z"),
                // a zone is converted
                at("2015-01-22T02:05:18+02:00", "2015-01-22T00:05:18Z"),
                at("2015-01-22T02:05:18+0530", "2015-01-21T20:35:18Z"),
                at("2015-01-22T02:05:18-08", "2015-01-22T10:05:18Z"),
                // without one it is UTC; parts from the right may be missing
                at("2015-01-22T02:05:18", "2015-01-22T02:05:18Z"),
                at("2015-01-22T02:05", "2015-01-22T02:05:00Z"),
                at("2015-01-22", "2015-01-22T00:00:00Z"),
                at("2015-01", "2015-01-01T00:00:00Z"),
                at("2015-01-22 02:05:18", "2015-01-22T02:05:18Z"),
                at("20150122T020518Z", "2015-01-22T02:05:18Z"),
                // as commands of the original application client carry it
                at("2026-11-21T03:17:52.876788", "2026-11-21T03:17:52.876788Z"),
                // nine digits are cut to microseconds
                at("2015-01-22T02:05:18.123456789Z", "2015-01-22T02:05:18.123456Z"),
                at("2015-01-22T02:05:18.5Z", "2015-01-22T02:05:18.500Z"),
                // no ts: the receiver knows the time of receipt, a codec does not
                arguments("{\"d\":{\"interval\":7}}", D, null),
                // no d: null, without an error
                arguments("{\"interval\":7}", null, null),
                arguments("{}", null, null),
                arguments("{\"ts\":\"2015-01-22\"}", null, "2015-01-22T00:00:00Z"),
                // any d is taken as it is
                arguments("{\"d\":null}", null, null),
                arguments("{\"d\":1}", 1, null),
                arguments("{\"d\":[1,2]}", List.of(1, 2), null),
                arguments("{\"ts\":\"2015-01-22\",\"d\":{}}", Values.EMPTY, "2015-01-22T00:00:00Z"),
                // other members are ignored
                arguments("{\"x\":{\"d\":2,\"ts\":[]},\"d\":{\"interval\":7},\"y\":[1,{}]}", D, null),
                // a root that is an array or a text without ts in it: null, without an error
                arguments("[]", null, null),
                arguments("[1,{\"ts\":2}]", null, null),
                arguments("\"hello\"", null, null),
                // of members with the same name the last one wins
                arguments("{\"d\":{\"interval\":6},\"d\":{\"interval\":8,\"interval\":7}}", D, null),
                arguments("{\"ts\":\"2014-01-01\",\"ts\":\"2015-01-22\"}", null, "2015-01-22T00:00:00Z"));
    }

    @ParameterizedTest
    @MethodSource("taken")
    void readsWhatTheOriginalReads(String document, Object data, String instant) throws CodecException {
        Content content = codec.decode(Bytes.utf8(document));
        assertEquals(data, content.data());
        assertEquals(Optional.ofNullable(instant).map(Instant::parse), content.time());
    }

    private static Arguments refused(String document, String message) {
        return arguments(document.getBytes(StandardCharsets.UTF_8), message);
    }

    private static Arguments badStamp(String stamp) {
        return refused("{\"d\":{},\"ts\":\"" + stamp + "\"}", "the timestamp ts '" + stamp + "' is no ISO 8601 time");
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                // the original drops these messages, and names the timestamp
                refused("{\"d\":{},\"ts\":null}", "the timestamp ts must be a text"),
                refused("{\"d\":{},\"ts\":1421892318}", "the timestamp ts must be a text"),
                refused("{\"d\":{},\"ts\":{}}", "the timestamp ts must be a text"),
                badStamp(""),
                badStamp("yesterday"),
                badStamp("2015-13-01T00:00:00Z"),
                badStamp("2015-02-30"),
                badStamp("2015-01-22T25:00Z"),
                badStamp("2015-01-22T02:05:18Q"),
                badStamp("2015-01-22T02:05:18.Z"),
                badStamp("2015-01-22T02:05:18+99:00"),
                badStamp("2015-01-"),
                badStamp("0000-01-01"),
                badStamp(" 2015-01-22"),
                // at these the original's network thread dies, and with it the device
                refused("42", "must be an object with a member d"),
                refused("null", "must be an object with a member d"),
                refused("true", "must be an object with a member d"),
                refused("NaN", "no JSON"),
                refused("\"tests\"", "must be an object with a member d"),
                refused("[\"ts\"]", "must be an object with a member d"),
                // the original drops these too
                refused("", "expected a JSON document, got none"),
                refused("\ufeff{\"d\":{}}", "byte order mark"),
                refused("{\"d\":", "ends too early"),
                refused("{d:1}", "no JSON"),
                arguments(new byte[] {'{', '"', (byte) 0xe4, '"', ':', '1', '}'}, "expected UTF-8, but byte 2 is none"),
                // the original takes NaN for a number; content holds none
                refused("{\"d\":{\"x\":NaN}}", "no JSON"),
                // limits of ours, as in the format json
                refused("{\"d\":{\"x\":1e999999999}}", "too large for a double"),
                refused("{\"d\":{}} {}", "expected the end"),
                refused("{\"d\":\"\\u0000\"}", "U+0000"),
                refused("{\"x\":" + "[".repeat(70) + "]".repeat(70) + "}", "nesting depth"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWhatTheOriginalDropsOrDiesOf(byte[] document, String message) {
        CodecException thrown = assertThrows(CodecException.class, () -> codec.decode(Bytes.of(document)));
        assertTrue(thrown.getMessage().contains(message), thrown.getMessage());
    }

    static Stream<Arguments> written() {
        return Stream.of(
                // d first, then ts; no spaces and UTF-8 as it is, where the original writes ", " and escapes: the same document
                arguments(Content.of(Values.of("näme", "ä")).at(Instant.parse("2026-11-21T03:00:25.917662Z")),
                        "{\"d\":{\"näme\":\"ä\"},\"ts\":\"2026-11-21T03:00:25.917662+00:00\"}"),
                arguments(Content.of(D).at(Instant.parse("2020-01-02T03:04:05Z")),
                        "{\"d\":{\"interval\":7},\"ts\":\"2020-01-02T03:04:05+00:00\"}"),
                arguments(Content.of(D).at(Instant.parse("2020-01-02T03:04:05.000999Z")),
                        "{\"d\":{\"interval\":7},\"ts\":\"2020-01-02T03:04:05.000999+00:00\"}"),
                // what is below a microsecond is no fraction
                arguments(Content.of(D).at(Instant.parse("2020-01-02T03:04:05.000000999Z")),
                        "{\"d\":{\"interval\":7},\"ts\":\"2020-01-02T03:04:05+00:00\"}"),
                arguments(Content.of(D).at(Instant.parse("0001-01-01T00:00:00Z")),
                        "{\"d\":{\"interval\":7},\"ts\":\"0001-01-01T00:00:00+00:00\"}"),
                // no time: the original fails with an AttributeError; the specification lets ts be left away
                arguments(Content.of(D), "{\"d\":{\"interval\":7}}"),
                arguments(Content.of(Values.EMPTY), "{\"d\":{}}"));
    }

    @ParameterizedTest
    @MethodSource("written")
    void writesToTheLetterOfTheSpecification(Content content, String document) throws CodecException {
        Bytes written = codec.encode(content);
        assertEquals(document, written.text());
        assertEquals(content.data(), strict.decode(written).data());
    }

    static Stream<Arguments> unwritable() {
        return Stream.of(
                // the original writes any data; the specification wants an object
                arguments(Content.of(21.5), "not a Double"),
                arguments(Content.of((Object) null), "not null"),
                arguments(Content.of(List.of(1)), "an object with named values"),
                arguments(Content.of("text"), "not a String"),
                arguments(Content.of(D).at(Instant.parse("+10000-01-01T00:00:00Z")), "this one is +10000-01-01T00:00:00Z"),
                arguments(Content.of(D).at(Instant.MAX), "this one is +1000000000-12-31T23:59:59.999999999Z"),
                arguments(Content.of(D).at(Instant.parse("0000-12-31T23:59:59Z")), "this one is 0000-12-31T23:59:59Z"));
    }

    @ParameterizedTest
    @MethodSource("unwritable")
    void refusesToWriteWhatTheSpecificationForbids(Content content, String message) {
        CodecException thrown = assertThrows(CodecException.class, () -> codec.encode(content));
        assertTrue(thrown.getMessage().contains(message), thrown.getMessage());
    }

    @Test
    void whenStrictTakesOnlyWhatTheSpecificationAllows() throws CodecException {
        assertEquals(new Content(D, Optional.of(Instant.parse("2014-12-30T13:47:36.500Z"))),
                strict.decode(Bytes.utf8("{\"ts\":\"2014-12-30T14:47:36.5+01:00\",\"d\":{\"interval\":7}}")));
        assertEquals(Content.of(D), strict.decode(Bytes.utf8("{\"d\":{\"interval\":7}}")));
        for (String document : Arrays.asList("{}", "[]", "1", "{\"d\":1}", "{\"d\":null}", "{\"d\":[]}", "{\"d\":{},\"x\":1}",
                "{\"d\":{},\"d\":{}}", "{\"d\":{\"a\":1,\"a\":1}}", "{\"d\":{},\"ts\":\"2015-01-22\"}",
                "{\"d\":{},\"ts\":\"2015-01-22T02:05:18\"}", "{\"d\":{},\"ts\":\"2015-01-22 02:05:18Z\"}",
                "{\"d\":{},\"ts\":\"20150122T020518Z\"}", "{\"d\":{},\"ts\":\"2015-01-22T02:05Z\"}", "{\"d\":{},\"ts\":1}",
                "{\"d\":{},\"ts\":\"2015-01-22T02:05:18Z\",\"ts\":\"2015-01-22T02:05:18Z\"}")) {
            assertThrows(CodecException.class, () -> strict.decode(Bytes.utf8(document)), document);
        }
    }

    @Test
    void canBeMadeStrictWhileInUse() throws CodecException {
        Bytes bare = Bytes.utf8("{}");
        codec.decode(bare);
        codec.modified(config(true));
        assertThrows(CodecException.class, () -> codec.decode(bare));
    }
}
