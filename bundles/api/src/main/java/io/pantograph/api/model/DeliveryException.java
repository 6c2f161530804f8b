package io.pantograph.api.model;

import java.util.Objects;

/** Why something was not delivered. Switch on the {@link #reason()}; the message names the thing, the value and the remedy. */
public final class DeliveryException extends Exception {

    private static final long serialVersionUID = 1;

    public enum Reason {
        /** There never was a codec for this format. Where there was one, the reading is kept until there is one again. */
        NO_CODEC,
        /** The codec cannot express this content, or failed; the cause says more. */
        NOT_ENCODABLE,
        /** Larger than the cloud takes. */
        TOO_LARGE,
        /** The outbox is full, or too many wait for a codec already; send less or slower, or try again later. */
        OVERFLOW,
        /** Its time to live ended before it could be sent. */
        EXPIRED,
        /** The hub said no. */
        REFUSED,
        /** This cloud, or this way of being connected, has no such thing. */
        UNSUPPORTED,
        /** The device was closed before it was acknowledged; it may or may not have arrived. */
        CLOSED
    }

    private final Reason reason;

    public DeliveryException(Reason reason, String message) {
        this(reason, message, null);
    }

    public DeliveryException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = Objects.requireNonNull(reason);
    }

    public Reason reason() {
        return reason;
    }
}
