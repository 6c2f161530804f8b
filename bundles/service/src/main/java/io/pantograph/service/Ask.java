package io.pantograph.service;

import io.pantograph.api.model.Bytes;
import io.pantograph.azure.Percent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One question to a hub.
 *
 * @param path percent-encoded, query and all
 * @param repeatable whether doing it twice is as good as once
 * @param extra time beyond the usual
 */
public record Ask(String method, String path, Map<String, String> headers, Optional<Bytes> body, boolean repeatable, Duration extra) {

    private static final String VERSION = "api-version=2021-04-12";

    /** For Azure's API. @param levels of the path, not encoded; a query may be added with {@link #with} */
    static Ask of(String method, String... levels) {
        StringBuilder path = new StringBuilder();
        for (String level : levels) {
            path.append('/').append(Percent.encode(level));
        }
        return new Ask(method, path.append('?').append(VERSION).toString(), Map.of(), Optional.empty(), true, Duration.ZERO);
    }

    /** @param path percent-encoded, query and all */
    public static Ask at(String method, String path) {
        return new Ask(method, path, Map.of(), Optional.empty(), true, Duration.ZERO);
    }

    /** The path has a query already. */
    Ask with(String name, String value) {
        return new Ask(method, path + '&' + name + '=' + Percent.encode(value), headers, body, repeatable, extra);
    }

    public Ask header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Ask(method, path, more, body, repeatable, extra);
    }

    Ask ifMatch(Optional<String> tag) {
        String wanted = tag.filter(text -> !text.equals("*")).map(text -> text.startsWith("\"") ? text : '"' + text + '"').orElse("*");
        return header("If-Match", wanted);
    }

    public Ask body(Bytes bytes, String type) {
        return new Ask(method, path, header("Content-Type", type).headers, Optional.of(bytes), repeatable, extra);
    }

    /** Twice is not as good as once. */
    public Ask once() {
        return new Ask(method, path, headers, body, false, extra);
    }

    Ask extra(Duration time) {
        return new Ask(method, path, headers, body, repeatable, time);
    }

    /** Without the query: for messages. */
    @Override
    public String toString() {
        int query = path.indexOf('?');
        return method + ' ' + (query < 0 ? path : path.substring(0, query));
    }
}
