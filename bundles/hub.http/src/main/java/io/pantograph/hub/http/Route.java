package io.pantograph.hub.http;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One call of the API: its method, its path and what it does. */
record Route(String method, List<String> path, Rights rights, Work work) {

    /** Who may. */
    enum Rights {
        /** The API key. */
        OPERATOR,
        /** The API key, and a gateway with its token; the work looks closer. */
        GATEWAY,
        /** A device or gateway that sends a message; its token belongs to the device in the path. */
        SENDER
    }

    @FunctionalInterface
    interface Work {
        Answer answer(Call call) throws IOException;
    }

    /** @param path levels joined by slashes; one in braces stands for anything */
    static Route of(String method, String path, Rights rights, Work work) {
        return new Route(method, path.isEmpty() ? List.of() : List.of(path.split("/")), rights, work);
    }

    /** What stands at the places of the path; empty if this is not the path. */
    Optional<Map<String, String>> match(List<String> levels) {
        if (levels.size() != path.size()) {
            return Optional.empty();
        }
        Map<String, String> places = new LinkedHashMap<>();
        for (int i = 0; i < levels.size(); i++) {
            String wanted = path.get(i);
            if (wanted.startsWith("{")) {
                places.put(wanted.substring(1, wanted.length() - 1), levels.get(i));
            } else if (!wanted.equals(levels.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(places);
    }
}
