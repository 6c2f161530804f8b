package io.pantograph.api.service;

import java.util.Objects;

/** The service refused, or could not be asked. The message is one sentence for whoever asked, never with a secret. */
public final class ServiceException extends Exception {

    private static final long serialVersionUID = 1;

    /** Nobody listens there, or the way there is broken. */
    public static final String NOT_REACHABLE = "NotReachable";
    /** Its certificate is not of a trusted authority, or not for this name. */
    public static final String NOT_TRUSTED = "NotTrusted";
    /** No answer within the time. */
    public static final String NO_ANSWER = "NoAnswer";
    /** It answered what no hub answers. */
    public static final String BAD_ANSWER = "BadAnswer";
    /** It has no event stream that is spoken here. */
    public static final String NO_EVENTS = "NoEvents";
    /** The client was closed. */
    public static final String CLOSED = "Closed";

    private final int status;
    private final String error;

    public ServiceException(int status, String error, String message) {
        this(status, error, message, null);
    }

    public ServiceException(int status, String error, String message, Throwable cause) {
        super(message, cause);
        this.status = status;
        this.error = Objects.requireNonNull(error);
    }

    /** The HTTP status; 0 if there was no answer. */
    public int status() {
        return status;
    }

    /** The error's name: the cloud's, such as {@code DeviceNotFound}, or one of the constants here. */
    public String error() {
        return error;
    }
}
