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
        return new NotAssignedException(reason, message, isIdentity(reason), pause);
    }

    /** It could not be asked, or did not answer. */
    static NotAssignedException failed(Reason reason, String message) {
        return new NotAssignedException(reason, message, isIdentity(reason), Optional.empty());
    }

    /** There is nothing to log in with. */
    static NotAssignedException noLogin(Reason reason, String message, Duration pause) {
        return new NotAssignedException(reason, message, true, Optional.of(pause));
    }

    private static boolean isIdentity(Reason reason) {
        return reason == Reason.BAD_CREDENTIAL || reason == Reason.DEVICE_DISABLED;
    }

    Reason reason() {
        return reason;
    }

    /** Asking again will not help: it is this device that is not wanted. */
    boolean isRefused() {
        return refused;
    }

    Optional<Duration> pause() {
        return pause;
    }
}
