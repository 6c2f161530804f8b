package io.pantograph.api.dialect;

import io.pantograph.api.model.DeviceStatus;
import java.util.Objects;

/** There is no login that the hub would take, and so no use in trying: such as with a ready-made token whose time is over. */
public final class NoLoginException extends Exception {

    private static final long serialVersionUID = 1;

    private final DeviceStatus.Reason reason;

    /** @param message one sentence with the remedy, never with a secret */
    public NoLoginException(DeviceStatus.Reason reason, String message) {
        super(message);
        this.reason = Objects.requireNonNull(reason);
    }

    public DeviceStatus.Reason reason() {
        return reason;
    }
}
