package io.pantograph.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.codec.CodecException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {

    // The JDK's strict decoder is the judge; beginnings of one to four bytes cover every branch of ours.
    @Test
    void judgesEverySequenceAsTheStrictDecoderDoes() {
        byte[] edges = {0, 0x22, 0x5c, 0x7f, (byte) 0x80, (byte) 0x8f, (byte) 0x90, (byte) 0x9f, (byte) 0xa0, (byte) 0xbf,
            (byte) 0xc0, (byte) 0xc1, (byte) 0xc2, (byte) 0xdf, (byte) 0xe0, (byte) 0xe1, (byte) 0xec, (byte) 0xed, (byte) 0xee,
            (byte) 0xef, (byte) 0xf0, (byte) 0xf1, (byte) 0xf3, (byte) 0xf4, (byte) 0xf5, (byte) 0xff};
        int judged = 0;
        for (int length = 1; length <= 4; length++) {
            byte[] text = new byte[length];
            int count = (int) Math.pow(edges.length, length);
            for (int i = 0; i < count; i++) {
                int rest = i;
                for (int at = 0; at < length; at++, rest /= edges.length) {
                    text[at] = edges[rest % edges.length];
                }
                compare(text);
                judged++;
            }
        }
        assertEquals(475_254, judged);
    }

    // The first eight bytes at a time take another way than the rest.
    @Test
    void judgesTextsOfAnyLengthAsTheStrictDecoderDoes() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] text = new byte[random.nextInt(40)];
            for (int at = 0; at < text.length; at++) {
                text[at] = (byte) ('0' + random.nextInt(60));
            }
            if (text.length > 0 && random.nextBoolean()) {
                text[random.nextInt(text.length)] = (byte) random.nextInt(256);
            }
            compare(text);
        }
    }

    @Test
    void tellsThePlaceOfTheFirstBadByte() {
        byte[] text = "0123456789ä".getBytes(StandardCharsets.UTF_8);
        text[11] = '"';
        CodecException thrown = org.junit.jupiter.api.Assertions.assertThrows(CodecException.class, () -> Utf8.escapes(text));
        assertEquals("expected UTF-8, but byte 10 is none", thrown.getMessage());
    }

    private static void compare(byte[] text) {
        boolean backslash = false;
        for (byte one : text) {
            backslash |= one == '\\';
        }
        assertEquals(backslash, Utf8.hasBackslash(text));
        try {
            boolean escapes = Utf8.escapes(text);
            assertTrue(strictlyGood(text), () -> java.util.HexFormat.of().formatHex(text) + " was taken");
            assertEquals(backslash, escapes);
        } catch (CodecException e) {
            assertFalse(strictlyGood(text), () -> java.util.HexFormat.of().formatHex(text) + " was refused");
        }
    }

    private static boolean strictlyGood(byte[] text) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
