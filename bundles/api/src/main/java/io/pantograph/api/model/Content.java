package io.pantograph.api.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a body says: plain data and, if it says so, when it was said.
 *
 * <p>The data is {@code null}, Boolean, a finite Number, String, {@link Bytes}, List or {@link Values} (what any JSON value
 * is, a bare number too), deeply immutable, at most 64 levels deep. Mutable maps and lists are copied at birth.
 *
 * @param time empty if the body names no time; whoever received it then knows only the time of receipt
 */
public record Content(Object data, Optional<Instant> time) {

    /** @throws IllegalArgumentException for data of another kind, naming it, or for data that is too deep */
    public Content {
        data = Frozen.shallow(data);
        Objects.requireNonNull(time, "time: use Optional.empty()");
    }

    /** Content without a time. */
    public static Content of(Object data) {
        return new Content(data, Optional.empty());
    }

    /** Content with one value. */
    public static Content of(String name, Object value) {
        return of(Values.of(name, value));
    }

    /** A list ready for content, frozen; the entries may be null. */
    public static List<?> list(List<?> entries) {
        return (List<?>) Frozen.freeze(entries);
    }

    /** The same data, said at this time. */
    public Content at(Instant time) {
        return new Content(data, Optional.of(time));
    }

    /** The data as named values; empty for null. @throws IllegalStateException if the data is neither */
    public Values values() {
        if (data instanceof Values values) {
            return values;
        }
        if (data == null) {
            return Values.EMPTY;
        }
        throw new IllegalStateException("the content is no object with named values but a " + data.getClass().getSimpleName());
    }

    /** Whether the data is an object with named values. */
    public boolean isObject() {
        return data instanceof Map;
    }
}
