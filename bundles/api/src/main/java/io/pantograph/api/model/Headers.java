package io.pantograph.api.model;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What a message says of itself beside its body, for dialects that carry it; others leave it out.
 *
 * @param userId who caused it
 * @param contentType media type of the body, such as {@code application/json}; empty: the dialect names that of the format if it knows it
 * @param contentEncoding such as {@code utf-8}
 * @param component the part of the device that it is about
 * @param created when it was made; empty: the dialect says nothing of it
 */
public record Headers(Optional<String> userId, Optional<String> contentType, Optional<String> contentEncoding,
        Optional<String> component, Optional<Instant> created) {

    public static final Headers NONE =
            new Headers(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public Headers {
        Objects.requireNonNull(userId);
        Objects.requireNonNull(contentType);
        Objects.requireNonNull(contentEncoding);
        Objects.requireNonNull(component);
        Objects.requireNonNull(created);
    }

    public Headers userId(String id) {
        return new Headers(Optional.of(id), contentType, contentEncoding, component, created);
    }

    public Headers contentType(String type) {
        return new Headers(userId, Optional.of(type), contentEncoding, component, created);
    }

    public Headers contentEncoding(String encoding) {
        return new Headers(userId, contentType, Optional.of(encoding), component, created);
    }

    public Headers component(String name) {
        return new Headers(userId, contentType, contentEncoding, Optional.of(name), created);
    }

    public Headers created(Instant time) {
        return new Headers(userId, contentType, contentEncoding, component, Optional.of(time));
    }
}
