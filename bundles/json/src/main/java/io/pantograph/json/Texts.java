package io.pantograph.json;

import com.fasterxml.jackson.core.JsonParser;
import io.pantograph.api.codec.CodecException;

/** What a text must not hold: U+0000, at which half of the world's programs stop reading, and half characters. */
final class Texts {

    private Texts() {
    }

    static void check(String text, JsonParser where) throws CodecException {
        String wrong = wrong(text);
        if (wrong != null) {
            throw new CodecException("a text holds " + wrong + JsonReader.place(where));
        }
    }

    /** What is wrong with it; null if nothing is. */
    static String wrong(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return "the character U+0000";
            }
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c) && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    return "a lone surrogate";
                }
                i++;
            }
        }
        return null;
    }
}
