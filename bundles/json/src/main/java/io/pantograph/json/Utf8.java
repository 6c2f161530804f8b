package io.pantograph.json;

import io.pantograph.api.codec.CodecException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Looks over a text before it is parsed: is it UTF-8 to the letter (RFC 3629: no overlong form, no surrogate, nothing above
 * U+10FFFF), and can it hold an escape at all? Parsers are lenient here and turn two different byte strings into one text.
 */
final class Utf8 {

    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long HIGH = 0x8080808080808080L;
    private static final long LOWS = 0x7f7f7f7f7f7f7f7fL;
    private static final long BACKSLASHES = 0x5c5c5c5c5c5c5c5cL;

    private Utf8() {
    }

    /** Whether there is a backslash in it. @throws CodecException if it is not UTF-8, naming the place of the first bad byte */
    static boolean escapes(byte[] text) throws CodecException {
        int at = 0;
        long found = 0;
        for (; at <= text.length - 8; at += 8) {
            long eight = (long) EIGHT.get(text, at);
            if ((eight & HIGH) != 0) {
                break;
            }
            // Without a high bit, xor makes a backslash zero, and only that stays below 0x80 when 0x7f is added.
            found |= ~((eight ^ BACKSLASHES) + LOWS);
        }
        boolean escapes = (found & HIGH) != 0;
        while (at < text.length) {
            int first = text[at];
            escapes |= first == '\\';
            at += first >= 0 ? 1 : sequence(text, at);
        }
        return escapes;
    }

    /** Whether there is a backslash in it, whatever else it is. */
    static boolean hasBackslash(byte[] text) {
        int at = 0;
        long found = 0;
        for (; at <= text.length - 8; at += 8) {
            long zero = (long) EIGHT.get(text, at) ^ BACKSLASHES;
            found |= ~(((zero & LOWS) + LOWS) | zero);
        }
        boolean backslash = (found & HIGH) != 0;
        for (; at < text.length; at++) {
            backslash |= text[at] == '\\';
        }
        return backslash;
    }

    /** The length of the sequence of two to four bytes that begins here. */
    private static int sequence(byte[] text, int at) throws CodecException {
        int first = text[at] & 0xff;
        int second = at + 1 < text.length ? text[at + 1] & 0xff : 0;
        int length;
        boolean good;
        if (first >= 0xc2 && first <= 0xdf) {
            length = 2;
            good = true;
        } else if (first >= 0xe0 && first <= 0xef) {
            length = 3;
            good = first == 0xe0 ? second >= 0xa0 : first != 0xed || second < 0xa0;
        } else {
            length = 4;
            good = first == 0xf0 ? second >= 0x90 : first > 0xf0 && (first < 0xf4 || first == 0xf4 && second < 0x90);
        }
        for (int i = 1; good && i < length; i++) {
            good = at + i < text.length && (text[at + i] & 0xc0) == 0x80;
        }
        if (!good) {
            throw new CodecException("expected UTF-8, but byte " + at + " is none");
        }
        return length;
    }
}
