package io.pantograph.hub.azure.wire;

import io.pantograph.azure.Percent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The user name of a device or module: {@code {host}/{client id}/?api-version=...&...}. Read leniently: pairs in any order, names nobody
 * knows, values percent-encoded or not; old clients leave the {@code ?} out.
 */
record UserName(String host, String clientId, Map<String, String> query) {

    private static final String VERSION = "api-version=";

    /** Empty if it is of another kind. */
    static Optional<UserName> of(String text) {
        int mark = text.indexOf("/?");
        int query = mark + 2;
        if (mark < 0) {
            mark = text.indexOf('/' + VERSION);
            query = mark + 1;
        }
        int slash = text.indexOf('/');
        if (mark < 0 || slash < 1 || slash + 1 >= mark || !text.startsWith(VERSION, query) && !text.contains('&' + VERSION)) {
            return Optional.empty();
        }
        return Optional.of(new UserName(text.substring(0, slash), text.substring(slash + 1, mark), pairs(text.substring(query))));
    }

    private static Map<String, String> pairs(String text) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : text.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                pairs.putIfAbsent(lenient(pair.substring(0, equals)), lenient(pair.substring(equals + 1)));
            }
        }
        return pairs;
    }

    /** What a client says of itself may be spelt badly; that is no reason to keep it out. */
    private static String lenient(String text) {
        try {
            return Percent.decode(text);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    Optional<String> modelId() {
        return Optional.ofNullable(query.get("model-id")).filter(id -> !id.isEmpty() && id.length() <= 2_048);
    }
}
