package io.pantograph.hub.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The part of an address behind the question mark, as forms write it: {@code +} is a space there. */
final class Query {

    private Query() {
    }

    /** @throws IllegalArgumentException for one that is badly encoded */
    static Map<String, String> of(String raw) {
        Map<String, String> query = new LinkedHashMap<>();
        if (raw != null) {
            for (String pair : raw.split("&")) {
                if (!pair.isEmpty()) {
                    String[] sides = pair.split("=", 2);
                    query.putIfAbsent(decoded(sides[0]), sides.length == 1 ? "" : decoded(sides[1]));
                }
            }
        }
        return query;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
