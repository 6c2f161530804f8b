package io.pantograph.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Values;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {

    private final StrictJson json = new StrictJson();

    @Test
    void readsBackWhatItWrites() throws Exception {
        Values all = Values.builder()
                .put("text", "ä\n\"x\" \uD83D\uDE00").put("whole", 7).put("large", new java.math.BigInteger("12345678901234567890"))
                .put("broken", 1.5).put("yes", true).put("nothing", null)
                .put("list", Content.list(Arrays.asList(1, null, "x"))).put("inner", Values.of("a", Values.EMPTY))
                .build();
        assertEquals(all, json.read(json.write(all)));
    }

    // Old clients read the first line of an answer and no more.
    @Test
    void writesOneLine() {
        String text = json.write(Values.of("a", "x\ny", "b", Values.of("c", 1))).text();
        assertEquals("{\"a\":\"x\\ny\",\"b\":{\"c\":1}}", text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "{\"a\":1} {}", "{\"a\":1,\"a\":2}", "{\"a\":1e999999999}", "[-1e400]", "{\"a\":\"\\u0000\"}",
        "{\"\\u0000\":1}", "{\"a\":\"\\uD800\"}", "{\"a\":\"\\uDC00x\"}", "NaN", "{'a':1}", "[1,]", "\uFEFF{}", "// x\n{}"})
    void refuses(String text) {
        assertThrows(CodecException.class, () -> json.read(Bytes.utf8(text)));
    }

    @Test
    void refusesWhatIsNotUtf8() {
        assertThrows(CodecException.class, () -> json.read(Bytes.of((byte) '"', (byte) 0xC0, (byte) 0x80, (byte) '"')));
        assertThrows(CodecException.class, () -> json.read(Bytes.of("{}".getBytes(StandardCharsets.UTF_16))));
        assertThrows(CodecException.class, () -> json.read(Bytes.of((byte) 0xEF, (byte) 0xBB, (byte) 0xBF, (byte) '1')));
    }

    @Test
    void refusesWhatIsTooMuch() {
        assertThrows(CodecException.class, () -> json.read(Bytes.utf8("[".repeat(65) + "]".repeat(65))));
        assertThrows(CodecException.class, () -> json.read(Bytes.utf8("9".repeat(65))));
        assertThrows(CodecException.class, () -> json.read(Bytes.utf8('"' + "x".repeat(131_073) + '"')));
        assertThrows(CodecException.class, () -> json.read(Bytes.utf8("{\"" + "x".repeat(300) + "\":1}")));
        assertThrows(CodecException.class, () -> json.read(Bytes.utf8('[' + "1,".repeat(200_001) + "1]")));
        assertThrows(CodecException.class, () -> json.read(Bytes.utf8(" ".repeat(524_288) + "1")));
    }

    @Test
    void takesALargeBatch() throws Exception {
        String devices = "{\"typeId\":\"thermostat\",\"deviceId\":\"t-0001\"},".repeat(10_000);
        assertEquals(10_000, ((java.util.List<?>) json.read(Bytes.utf8('[' + devices.substring(0, devices.length() - 1) + ']'))).size());
    }
}
