package io.pantograph.azure;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A property bag as it stands at the end of a topic: {@code name=value&name=value}, each side percent-encoded. A bare name has the
 * value {@code null}; {@code name=} an empty one. Names of the system begin with {@code $.}, which may itself be encoded.
 */
public final class Bag {

    private Bag() {
    }

    /**
     * In its order; of a name given twice the last value counts. A leading {@code ?} and empty pairs are passed over.
     *
     * @return may hold null values
     * @throws IllegalArgumentException if it is badly encoded, or a value has no name
     */
    public static Map<String, String> read(String text) {
        Map<String, String> bag = new LinkedHashMap<>();
        int from = text.startsWith("?") ? 1 : 0;
        while (from < text.length()) {
            int end = text.indexOf('&', from);
            if (end < 0) {
                end = text.length();
            }
            if (end > from) {
                put(bag, text.substring(from, end));
            }
            from = end + 1;
        }
        return bag;
    }

    private static void put(Map<String, String> bag, String pair) {
        int equals = pair.indexOf('=');
        String name = Percent.decode(equals < 0 ? pair : pair.substring(0, equals));
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a property has no name");
        }
        bag.put(name, equals < 0 ? null : Percent.decode(pair.substring(equals + 1)));
    }

    /** Appends a pair, with an {@code &} before it if the bag in this text, which began at this place, has one already. */
    public static void write(StringBuilder out, int begin, String name, String value) {
        if (out.length() > begin) {
            out.append('&');
        }
        Percent.encode(name, out);
        if (value != null) {
            out.append('=');
            Percent.encode(value, out);
        }
    }

    public static String write(Map<String, String> bag) {
        StringBuilder out = new StringBuilder();
        bag.forEach((name, value) -> write(out, 0, name, value));
        return out.toString();
    }
}
