package io.pantograph.gateway.rest;

import io.pantograph.api.model.Names;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What stands behind the question mark. */
record Query(Map<String, String> values) {

    /** @param known what may stand there; anything else is a mistake that should be told */
    static Query of(String raw, String... known) throws Problem {
        Map<String, String> values = new HashMap<>();
        for (String part : raw == null || raw.isEmpty() ? new String[0] : raw.split("&")) {
            String[] pair = part.split("=", 2);
            if (!List.of(known).contains(pair[0])) {
                throw new Problem(400, "'" + Names.visible(pair[0]) + "' is not known in the query of this path; "
                        + (known.length == 0 ? "it takes none" : "it takes " + String.join(", ", known)));
            }
            try {
                values.put(pair[0], pair.length == 1 ? "" : URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw new Problem(400, "'" + pair[0] + "' in the query is not percent-encoded as it should be");
            }
        }
        return new Query(values);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    long number(String name, long otherwise, long least, long most) throws Problem {
        String text = values.get(name);
        if (text == null) {
            return otherwise;
        }
        if (text.matches("[0-9]{1,9}")) {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw new Problem(400, "'" + name + "' must be a number of " + least + " to " + most + ", it is '" + Names.visible(text) + '\'');
    }
}
