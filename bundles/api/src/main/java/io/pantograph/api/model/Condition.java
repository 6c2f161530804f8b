package io.pantograph.api.model;

import java.time.Instant;
import java.util.Objects;

/**
 * Something an operator should know of, while everything else goes on.
 *
 * @param subject event or command name
 * @param format its format
 * @param detail one sentence for a person: the cause and the remedy, never payload or secret
 */
public record Condition(Kind kind, DeviceId device, String subject, String format, String detail, Instant time) {

    public enum Kind {
        /** A message came in a format for which no codec is installed. */
        MISSING_DECODER,
        /** The codec of its format could not read it. */
        UNDECODABLE,
        /** A topic or body that is not of this protocol. */
        UNREADABLE,
        /** No handler for this command came in time. */
        NO_HANDLER,
        /** The handler threw, or its stage failed. */
        HANDLER_FAILED,
        /** The handler answered after the deadline. */
        LATE,
        /** Something waits for longer than there is room for. */
        OVERFLOW
    }

    public Condition {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(device);
        Objects.requireNonNull(subject);
        Objects.requireNonNull(format);
        Objects.requireNonNull(detail);
        Objects.requireNonNull(time);
    }
}
