package io.pantograph.api.operator;

/** Something asked of the operator's side that is not done. The message is one sentence: what, the cause, and the remedy. */
public final class RefusedException extends Exception {

    private static final long serialVersionUID = 1;

    public RefusedException(String message) {
        super(message);
    }

    public RefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
