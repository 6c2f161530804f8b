package io.pantograph.hub;

/** The database did not do it; nothing of it is on disk. */
final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1;

    StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
