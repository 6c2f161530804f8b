package io.pantograph.api.hub;

/**
 * How a client left, and what it had said and heard.
 *
 * @param reason one sentence; empty for a client that left as it should
 */
public record Departure(Cause cause, String reason, long readBytes, long readMessages, long writtenBytes, long writtenMessages) {

    public enum Cause {
        /** It sent DISCONNECT. */
        CLIENT,
        /** The connection broke. */
        NETWORK,
        /** It was silent for longer than it had promised. */
        TIMEOUT,
        /** A newer connection with the same identity came. */
        TAKEN_OVER,
        /** It broke a rule. */
        RULE,
        /** Larger than allowed. */
        TOO_LARGE,
        /** It sent something that is not MQTT. */
        PROTOCOL,
        /** The operator wanted it. */
        ADMIN,
        /** The hub stops. */
        SHUTDOWN
    }
}
