package io.pantograph.samples.codec.custom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Values;
import io.pantograph.testkit.CodecContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CustomCodecTest extends CodecContract {

    private final CustomCodec codec = new CustomCodec();

    @Override
    protected Codec codec() {
        return new CustomCodec();
    }

    @Test
    void writesAndReadsTheExampleOfTheManual() throws CodecException {
        Content content = Content.of(Values.of("hello", "world", "x", 10L));
        assertEquals("world,10", codec.encode(content).text());
        assertEquals(content, codec.decode(Bytes.utf8("world,10")));
        assertEquals(Content.of(Values.of("hello", "", "x", -1L)), codec.decode(Bytes.utf8(",-1")));
    }

    // Whatever comes from outside must end as content or as a CodecException; anything else looks like a broken codec.
    @ParameterizedTest
    @ValueSource(strings = {"", "world", "world,", "world,x", "a,b,1", "world,1.5", "world,99999999999999999999", "world, 1"})
    void refusesOtherBytes(String bytes) {
        assertThrows(CodecException.class, () -> codec.decode(Bytes.utf8(bytes)));
    }

    @Test
    void refusesOtherContent() {
        for (Content content : new Content[] {Content.of(1), Content.of(Values.EMPTY), Content.of(Values.of("hello", 1, "x", 1)),
            Content.of(Values.of("hello", "world", "x", 1.5)), Content.of(Values.of("hello", "a,b", "x", 1))}) {
            assertThrows(CodecException.class, () -> codec.encode(content));
        }
    }
}
