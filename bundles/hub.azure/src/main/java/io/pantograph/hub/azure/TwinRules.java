package io.pantograph.hub.azure;

import io.pantograph.api.azure.AzureException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Values;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** What a twin can hold. Each refusal names the path. */
final class TwinRules {

    static final int TAGS = 8 * 1024;
    static final int PROPERTIES = 32 * 1024;

    private static final int DEPTH = 10;
    private static final int KEY = 1024;
    private static final int KEY_CHARACTERS = 256; // what the hub's JSON reads
    private static final int TEXT = 4 * 1024;
    private static final BigInteger LEAST = BigInteger.valueOf(-4_503_599_627_370_496L);
    private static final BigInteger MOST = BigInteger.valueOf(4_503_599_627_370_495L);

    private TwinRules() {
    }

    /** @param section its path, such as {@code properties.desired} */
    static void check(String section, Values content) throws AzureException {
        members(section, content, 0);
    }

    /** Also where the whole came together of many small patches. */
    static void checkSize(String section, Values content, int most) throws AzureException {
        long size = size(content);
        if (size > most) {
            throw Fields.invalid(section + " would have " + size + " bytes; " + most + " is the most");
        }
    }

    private static void members(String path, Values values, int depth) throws AzureException {
        if (depth > DEPTH) {
            throw Fields.invalid(path + " is nested too deep; " + DEPTH + " levels are the most");
        }
        for (Map.Entry<String, Object> entry : values.entrySet()) {
            key(path, entry.getKey());
            value(path, entry.getKey(), entry.getValue(), depth);
        }
    }

    private static void key(String path, String key) throws AzureException {
        if (key.isEmpty() || key.length() > KEY_CHARACTERS || utf8(key, true) > KEY) {
            throw Fields.invalid(path + " has the key '" + Names.visible(key) + "'; a key has 1 to " + KEY_CHARACTERS + " characters and " + KEY + " bytes");
        }
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c == '.' || c == '$' || c == ' ' || Character.isISOControl(c)) {
                throw Fields.invalid(path + " has the key '" + Names.visible(key) + "'; a key has no dot, dollar sign, space or control character");
            }
        }
    }

    // The path is put together only for what is refused.
    private static void value(String path, String key, Object value, int depth) throws AzureException {
        if (value instanceof Values inner) {
            members(path + '.' + Names.visible(key), inner, depth + 1);
        } else if (value instanceof List<?> list) {
            if (depth + 1 > DEPTH) {
                throw Fields.invalid(path + '.' + Names.visible(key) + " is nested too deep; " + DEPTH + " levels are the most");
            }
            for (Object item : list) {
                value(path, key, item, depth + 1);
            }
        } else if (value instanceof String text) {
            if (text.length() * 3L > TEXT && utf8(text, true) > TEXT) {
                throw Fields.invalid(path + '.' + Names.visible(key) + " is longer than " + TEXT + " bytes");
            }
        } else if (value instanceof Bytes) {
            throw Fields.invalid(path + '.' + Names.visible(key) + " is bytes, which JSON does not have");
        } else if (value instanceof Number number) {
            number(path, key, number);
        }
    }

    private static void number(String path, String key, Number number) throws AzureException {
        boolean good = !(number instanceof Long || number instanceof BigInteger || number instanceof BigDecimal decimal && decimal.scale() <= 0);
        if (!good) {
            BigInteger whole = new BigDecimal(number.toString()).toBigInteger();
            good = whole.compareTo(LEAST) >= 0 && whole.compareTo(MOST) <= 0;
        }
        if (!good) {
            throw Fields.invalid(path + '.' + Names.visible(key) + " must be from " + LEAST + " to " + MOST);
        }
    }

    /** As the service counts: keys and texts in UTF-8 without control characters, a number 8, true or false 4. */
    static long size(Object value) {
        if (value instanceof Values values) {
            long size = 0;
            for (Map.Entry<String, Object> entry : values.entrySet()) {
                size += utf8(entry.getKey(), false) + size(entry.getValue());
            }
            return size;
        }
        if (value instanceof List<?> list) {
            long size = 0;
            for (Object item : list) {
                size += size(item);
            }
            return size;
        }
        if (value instanceof String text) {
            return utf8(text, false);
        }
        return value instanceof Number ? 8 : value instanceof Boolean ? 4 : 0;
    }

    private static int utf8(String text, boolean controls) {
        int size = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c)) {
                size += controls ? c < 0x80 ? 1 : 2 : 0;
            } else if (Character.isSurrogate(c)) {
                size += 2; // each half of four bytes
            } else {
                size += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
            }
        }
        return size;
    }
}
