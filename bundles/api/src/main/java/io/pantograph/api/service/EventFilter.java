package io.pantograph.api.service;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Which events are wanted.
 *
 * @param device of this one only
 * @param module of this module of it only
 * @param source such as {@code Telemetry} or {@code twinChangeEvents}
 */
public record EventFilter(Optional<String> device, Optional<String> module, Optional<String> source, Start start) {

    public EventFilter {
        Objects.requireNonNull(device);
        Objects.requireNonNull(module);
        Objects.requireNonNull(source);
        Objects.requireNonNull(start);
    }

    /** All that come from now on. */
    public static EventFilter latest() {
        return new EventFilter(Optional.empty(), Optional.empty(), Optional.empty(), new Latest());
    }

    public EventFilter of(String onlyDevice) {
        return new EventFilter(Optional.of(onlyDevice), module, source, start);
    }

    public EventFilter from(Start where) {
        return new EventFilter(device, module, source, where);
    }

    /** Where in the log to begin. */
    public sealed interface Start {
    }

    /** With the next that comes. */
    public record Latest() implements Start {
    }

    /** With the oldest that is kept. */
    public record Earliest() implements Start {
    }

    /** With the first that was taken then or later. */
    public record Since(Instant time) implements Start {
    }

    /** With this one, or the first after it that is kept. */
    public record Sequence(long number) implements Start {
    }
}
