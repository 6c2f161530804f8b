package io.pantograph.codec.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Values;
import io.pantograph.testkit.CodecContract;
import java.math.BigDecimal;
import java.math.BigInteger;
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

class JsonCodecTest extends CodecContract {

    private final JsonCodec codec = new JsonCodec();

    @Override
    protected Codec codec() {
        return new JsonCodec();
    }

    static Stream<Arguments> documents() {
        return Stream.of(
                arguments("{}", Values.EMPTY),
                arguments("{\"a\":1,\"b\":{\"c\":[true,false,null,\"x\"]}}",
                        Values.of("a", 1, "b", Values.of("c", Content.list(Arrays.asList(true, false, null, "x"))))),
                arguments(" [ 1 , 2.5 ] ", List.of(1, 2.5)),
                arguments("[]", List.of()),
                arguments("\"text\"", "text"),
                arguments("42", 42),
                arguments("-0", 0),
                arguments("2147483648", 2147483648L),
                arguments("9223372036854775808", new BigInteger("9223372036854775808")),
                arguments("9".repeat(64), new BigInteger("9".repeat(64))),
                arguments("21.50", 21.5),
                arguments("1e2", 100.0),
                arguments("1e-999999999", 0.0),
                arguments("0.1000000000000000055511151231257827", 0.1),
                arguments("true", true),
                arguments("null", null),
                arguments("\"\\u00e4\\ud83d\\ude00\\n\"", "ä😀\n"),
                arguments("{\"ts\":\"2015-01-22T02:05:18Z\",\"d\":{}}",
                        Values.of("ts", "2015-01-22T02:05:18Z", "d", Values.EMPTY)));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void readsTheWholeDocumentAsData(String document, Object data) throws CodecException {
        Content content = codec.decode(Bytes.utf8(document));
        assertEquals(data, content.data());
        // A codec knows no time of receipt; whoever received the bytes adds it.
        assertEquals(Optional.empty(), content.time());
    }

    static Stream<Arguments> refusals() {
        String deep = "[".repeat(65) + "]".repeat(65);
        return Stream.of(
                refusal("empty", "", "expected a JSON document, got none"),
                refusal("blank", "  \n", "expected a JSON document, got none"),
                refusal("cut off", "{\"a\":", "ends too early"),
                refusal("single quotes", "{'a':1}", "no JSON at about byte 1"),
                refusal("bare word", "secret", "no JSON at about byte"),
                refusal("NaN", "NaN", "no JSON"),
                refusal("Infinity inside", "{\"a\":-Infinity}", "no JSON"),
                refusal("second document", "{} {}", "expected the end after the JSON document, but something stands at byte 3"),
                refusal("text behind", "1 x", "no JSON"),
                refusal("name twice", "{\"a\":1,\"a\":2}", "a name comes twice in one object"),
                refusal("name twice, once escaped", "{\"a\":1,\"\\u0061\":2}", "a name comes twice in one object"),
                refusal("too large for a double", "1e999999999", "too large for a double"),
                refusal("far too large inside", "{\"a\":[-1E400]}", "too large for a double"),
                refusal("65 levels", deep, "Document nesting depth (65)"),
                refusal("100,000 levels", "[".repeat(100_000), "Document nesting depth"),
                refusal("number of 65 digits", "1".repeat(65), "Number value length (65)"),
                refusal("name of 257 characters", "{\"" + "n".repeat(257) + "\":1}", "Name length (257)"),
                refusal("text of 131,073 characters", "\"" + "t".repeat(131_073) + "\"", "String value length (131073)"),
                refusal("20,001 tokens", "[" + "1,".repeat(19_999) + "1]", "Token count (20001)"),
                refusal("262,145 bytes", " ".repeat(262_143) + "{}", "at most 262144 bytes, this one has 262145"),
                refusal("U+0000 escaped", "\"a\\u0000\"", "U+0000"),
                refusal("U+0000 escaped in a name", "{\"a\\u0000\":1}", "U+0000"),
                refusal("U+0000 raw", "\"a\0\"", "no JSON"),
                refusal("lone high surrogate", "\"\\ud83d\"", "lone surrogate"),
                refusal("lone low surrogate in a list", "[\"\\ude00x\"]", "lone surrogate"),
                refusal("surrogates the wrong way round", "\"\\ude00\\ud83d\"", "lone surrogate"),
                refusal("byte order mark", "\ufeff{}", "byte order mark"),
                arguments("overlong NUL", bytes("22 c0 80 22"), "expected UTF-8, but byte 1 is none"),
                arguments("surrogate in UTF-8", bytes("22 ed a0 80 22"), "expected UTF-8, but byte 1 is none"),
                arguments("Latin-1", bytes("22 e4 22"), "expected UTF-8, but byte 1 is none"),
                arguments("cut off in a character", bytes("22 c3"), "expected UTF-8, but byte 1 is none"),
                arguments("UTF-16 with byte order mark", new String("\ufeff{}").getBytes(StandardCharsets.UTF_16BE), "expected UTF-8"),
                arguments("UTF-16 without", "{}".getBytes(StandardCharsets.UTF_16BE), "no JSON"),
                arguments("UTF-16, other order", "{}".getBytes(StandardCharsets.UTF_16LE), "no JSON"),
                arguments("UTF-32", "{}".getBytes(java.nio.charset.Charset.forName("UTF-32BE")), "no JSON"));
    }

    private static Arguments refusal(String what, String document, String message) {
        return arguments(what, document.getBytes(StandardCharsets.UTF_8), message);
    }

    private static byte[] bytes(String hex) {
        return java.util.HexFormat.ofDelimiter(" ").parseHex(hex);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void refusesWhatOnlyLooksLikeADocument(String what, byte[] document, String message) {
        CodecException thrown = assertThrows(CodecException.class, () -> codec.decode(Bytes.of(document)));
        assertTrue(thrown.getMessage().contains(message), thrown.getMessage());
    }

    @Test
    void takesWhatIsJustWithinTheLimits() throws CodecException {
        for (String document : List.of("[".repeat(64) + "]".repeat(64), "1".repeat(64), "{\"" + "n".repeat(256) + "\":1}",
                "\"" + "t".repeat(131_072) + "\"", "[" + "1,".repeat(19_997) + "1]", " ".repeat(262_142) + "{}")) {
            codec.decode(Bytes.utf8(document));
        }
    }

    // The text of an error goes into logs and to operators; what a device sent does not.
    @Test
    void neverQuotesTheDocument() {
        for (String document : List.of("{\"token\": hunter2}", "hunter2", "{\"hunter2\":1,\"hunter2\":1}", "[hunter2", "\"hunter2",
                "{\"a\":\"hunter2\\q\"}", "1 hunter2", "{hunter2:1}")) {
            CodecException thrown = assertThrows(CodecException.class, () -> codec.decode(Bytes.utf8(document)));
            for (Throwable at = thrown; at != null; at = at.getCause()) {
                assertFalse(String.valueOf(at.getMessage()).contains("hunter"), at.toString());
            }
        }
    }

    static Stream<Arguments> contents() {
        return Stream.of(
                arguments(Values.EMPTY, "{}"),
                arguments(Values.of("z", 1, "a", 2.5, "m", null), "{\"z\":1,\"a\":2.5,\"m\":null}"),
                arguments(Content.list(Arrays.asList(true, null, "x", 9_007_199_254_740_993L)), "[true,null,\"x\",9007199254740993]"),
                arguments(null, "null"),
                arguments("ä😀\"\\\u0001\n", "\"ä😀\\\"\\\\\\u0001\\n\""),
                arguments((short) 7, "7"),
                arguments((byte) -7, "-7"),
                arguments(1.5f, "1.5"),
                arguments(1e300, "1.0E300"),
                arguments(new BigInteger("9".repeat(64)), "9".repeat(64)),
                arguments(new BigDecimal("1.10"), "1.10"),
                // JSON has no bytes: they become a text.
                arguments(Bytes.of((byte) 0xff, (byte) 0xfe, (byte) 0xfd, (byte) 0), "\"//79AA==\""),
                arguments("\\u0000 in letters is no NUL", "\"\\\\u0000 in letters is no NUL\""));
    }

    @ParameterizedTest
    @MethodSource("contents")
    void writesTheDataAndNoTime(Object data, String document) throws CodecException {
        assertEquals(document, codec.encode(Content.of(data).at(Instant.EPOCH)).text());
    }

    static Stream<Arguments> unspeakable() {
        return Stream.of(
                arguments("a\0b", "U+0000"),
                arguments(Values.of("a\0b", 1), "U+0000"),
                arguments("\ud83d", "lone surrogate"),
                arguments(Values.of("a", List.of("\ude00 ")), "lone surrogate"),
                arguments(Values.of("\ud83dx", 1), "lone surrogate"),
                arguments(BigInteger.TEN.pow(64), "more than 64 characters"),
                arguments(BigInteger.TWO.pow(5_000_000), "more than 64 characters"),
                arguments(new BigDecimal("1e999999999"), "too large for a double"));
    }

    // What we would not read back we do not write.
    @ParameterizedTest
    @MethodSource("unspeakable")
    void refusesToWriteWhatItWouldNotRead(Object data, String message) {
        CodecException thrown = assertThrows(CodecException.class, () -> codec.encode(Content.of(data)));
        assertTrue(thrown.getMessage().contains(message), thrown.getMessage());
    }

    // The generator hands a document of more than its buffer over in pieces.
    @Test
    void carriesALargeDocumentThereAndBack() throws CodecException {
        Values.Builder many = Values.builder();
        for (int i = 0; i < 1_000; i++) {
            many.put("näme-" + i, "value \"" + i + "\" 😀" + "x".repeat(i % 7));
        }
        for (int i = 0; i < 3; i++) {
            many.put("long-" + i, "x".repeat(i) + "😀".repeat(10_000));
        }
        Content content = Content.of(many.build());
        assertEquals(content, codec.decode(codec.encode(content)));
    }
}
