package io.pantograph.api.transport;

import io.pantograph.api.model.DeviceStatus;
import java.util.Objects;

/** Why a connection could not be made or ended. The message is one sentence for a person, never with a secret. */
public final class TransportException extends Exception {

    private static final long serialVersionUID = 1;

    private final DeviceStatus.Reason reason;

    /** @param reason in the words of {@link DeviceStatus}, so that nobody has to translate */
    public TransportException(DeviceStatus.Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = Objects.requireNonNull(reason);
    }

    public DeviceStatus.Reason reason() {
        return reason;
    }
}
