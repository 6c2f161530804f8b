package io.pantograph.api.hub;

import io.pantograph.api.model.Bytes;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request to the hub's HTTP API, its body read.
 *
 * @param method in capitals
 * @param path as sent, still percent-encoded, without the query
 * @param query decoded; of a name given twice the first value counts
 * @param headers names in lower case; values of a name given twice joined by a comma
 * @param remote who asks, as far as the front door knows it
 */
public record HttpRequest(String method, String path, Map<String, String> query, Map<String, String> headers, Bytes body,
        Optional<Remote> remote) {

    public Optional<String> header(String lowerCaseName) {
        return Optional.ofNullable(headers.get(lowerCaseName));
    }

    /**
     * The path's levels, each percent-decoded; {@code +} is no space. A slash at the end adds none.
     *
     * @throws IllegalArgumentException for a path that is badly encoded
     */
    public List<String> levels() {
        return Levels.of(path);
    }
}
