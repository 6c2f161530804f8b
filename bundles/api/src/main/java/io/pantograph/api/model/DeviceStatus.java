package io.pantograph.api.model;

import java.time.Instant;
import java.util.Objects;

/**
 * How a device's connection stands, and why.
 *
 * @param detail one sentence for a person, never with a secret; empty if there is nothing to add
 * @param since when this began
 */
public record DeviceStatus(State state, Reason reason, String detail, Instant since) {

    public enum State {
        /** A login is under way. */
        CONNECTING,
        CONNECTED,
        /** Not connected; the next try comes by itself. */
        WAITING,
        /** Closed by us; there is no next try. */
        CLOSED
    }

    public enum Reason {
        /** As it should be, or as it was told to. */
        NONE,
        /** No connection to the hub: name unknown, refused, unreachable, or cut. */
        NO_NETWORK,
        /** The hub did not answer in time. */
        TIMEOUT,
        /** The hub's certificate is not to be trusted. */
        NOT_TRUSTED,
        /** The hub does not take this identity with this token, key or certificate. Tried again, but seldom. */
        BAD_CREDENTIAL,
        /** A token ended; a new one is made. */
        EXPIRED_TOKEN,
        /** The hub has switched this device off. Tried again, but seldom. */
        DEVICE_DISABLED,
        /** The hub is there but takes nobody now. */
        HUB_UNAVAILABLE,
        /** The hub ended the connection: a rule was broken, or another connection took over. */
        DROPPED_BY_HUB,
        /** Sent messages stayed without an answer for too long; the connection is made anew. */
        STALLED
    }

    public DeviceStatus {
        Objects.requireNonNull(state);
        Objects.requireNonNull(reason);
        Objects.requireNonNull(detail);
        Objects.requireNonNull(since);
    }
}
