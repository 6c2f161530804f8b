package io.pantograph.session;

import io.pantograph.api.dialect.NoLoginException;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.model.DeviceStatus.Reason;
import io.pantograph.api.transport.TransportException;
import java.net.UnknownHostException;
import java.util.concurrent.CompletionException;

/**
 * How an attempt or a connection ended.
 *
 * @param isFinal there is no use in trying soon
 * @param isUnknownHost the host's name has no address
 */
record Ending(Reason reason, String detail, boolean isFinal, boolean isUnknownHost) {

    Ending {
        detail = detail == null ? "" : detail;
    }

    Ending(Reason reason, String detail) {
        this(reason, detail, false, false);
    }

    static Ending of(Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof TransportException transport
                ? new Ending(transport.reason(), transport.getMessage(), false, isUnknown(transport))
                : new Ending(Reason.NO_NETWORK, String.valueOf(cause));
    }

    /** Of an attempt that came no further than the login: what the hub's words mean is the dialect's to say. */
    static Ending ofLogin(Throwable failure, Profile language) {
        Ending told = of(failure);
        return switch (told.reason()) {
            case BAD_CREDENTIAL, DEVICE_DISABLED, HUB_UNAVAILABLE ->
                    new Ending(translated(language, told.reason()), told.detail());
            default -> told;
        };
    }

    private static Reason translated(Profile language, Reason told) {
        try {
            return language.refusal(told);
        } catch (RuntimeException | LinkageError e) {
            return told; // a dialect that is half gone
        }
    }

    static Ending noLogin(NoLoginException why) {
        return new Ending(why.reason(), why.getMessage(), true, false);
    }

    /** Whoever waits for the connection must know that it does not come by waiting. */
    boolean isRefused() {
        return isFinal || reason == Reason.BAD_CREDENTIAL || reason == Reason.DEVICE_DISABLED;
    }

    private static boolean isUnknown(Throwable failure) {
        Throwable each = failure;
        for (int depth = 0; each != null && depth < 20; depth++) {
            if (each instanceof UnknownHostException) {
                return true;
            }
            each = each.getCause();
        }
        return false;
    }
}
