package io.pantograph.azure;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Percent-encoding of UTF-8 (RFC 3986): a space is {@code %20}, and a {@code +} is itself both ways. */
public final class Percent {

    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private Percent() {
    }

    /** All but A-Z a-z 0-9 - . _ ~ is encoded; a lone surrogate becomes {@code ?} as in all of Java's encoders. */
    public static String encode(String text) {
        int plain = plain(text);
        if (plain == text.length()) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 16);
        encode(text, out);
        return out.toString();
    }

    /** As {@link #encode(String)}, to the end of this. */
    public static void encode(String text, StringBuilder out) {
        int plain = plain(text);
        out.append(text, 0, plain);
        if (plain == text.length()) {
            return;
        }
        for (int i = plain; i < text.length(); i++) {
            char c = text.charAt(i);
            if (unreserved(c)) {
                out.append(c);
            } else if (c < 0x80) {
                hex(c, out);
            } else if (c < 0x800) {
                hex(0xc0 | c >> 6, out);
                hex(0x80 | c & 0x3f, out);
            } else if (!Character.isSurrogate(c)) {
                hex(0xe0 | c >> 12, out);
                hex(0x80 | c >> 6 & 0x3f, out);
                hex(0x80 | c & 0x3f, out);
            } else if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                int pair = Character.toCodePoint(c, text.charAt(++i));
                hex(0xf0 | pair >> 18, out);
                hex(0x80 | pair >> 12 & 0x3f, out);
                hex(0x80 | pair >> 6 & 0x3f, out);
                hex(0x80 | pair & 0x3f, out);
            } else {
                hex('?', out);
            }
        }
    }

    private static void hex(int b, StringBuilder out) {
        out.append('%').append(HEX[b >> 4]).append(HEX[b & 0xf]);
    }

    private static int plain(String text) {
        int i = 0;
        while (i < text.length() && unreserved(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private static boolean unreserved(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~';
    }

    /** @throws IllegalArgumentException if after a % come no two hexadecimal digits, or the bytes are no UTF-8 */
    public static String decode(String text) {
        int first = text.indexOf('%');
        if (first < 0) {
            return text;
        }
        byte[] from = text.getBytes(StandardCharsets.UTF_8);
        byte[] to = new byte[from.length];
        int length = 0;
        for (int i = 0; i < from.length; i++) {
            if (from[i] != '%') {
                to[length++] = from[i];
                continue;
            }
            int high = i + 2 < from.length ? Character.digit(from[i + 1], 16) : -1;
            int low = i + 2 < from.length ? Character.digit(from[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                throw new IllegalArgumentException("after % must come two hexadecimal digits");
            }
            to[length++] = (byte) (high * 16 + low);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(to, 0, length)).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("what is percent-encoded must be UTF-8");
        }
    }
}
