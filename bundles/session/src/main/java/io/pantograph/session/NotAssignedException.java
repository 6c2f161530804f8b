package io.pantograph.session;

import io.pantograph.api.model.DeviceStatus.Reason;
import java.time.Duration;
import java.util.Optional;

/** It was not said to which hub the device belongs. */
final class NotAssignedException extends Exception {

    private static final long serialVersionUID = 1;

    private final Reason reason;
    private final boolean refused;
    private final transient Optional<Duration> pause;

    private NotAssignedException(Reason reason, String message, boolean refused, Optional<Duration> pause) {
        super(message);
        this.reason = reason;
        this.refused = refused;
        this.pause = pause;
    }

    /** The service said no. @param pause before it may be asked again, if it says so */
    static NotAssignedException refused(Reason reason, String message, Optional<Duration> pause) {
        return new NotAssignedException(reason, message, true, pause);
    }

    /** It could not be asked, or did not answer. */
    static NotAssignedException failed(Reason reason, String message) {
        return new NotAssignedException(reason, message, reason == Reason.BAD_CREDENTIAL || reason == Reason.DEVICE_DISABLED, Optional.empty());
    }

    Reason reason() {
        return reason;
    }

    boolean isRefused() {
        return refused;
    }

    Optional<Duration> pause() {
        return pause;
    }
}
