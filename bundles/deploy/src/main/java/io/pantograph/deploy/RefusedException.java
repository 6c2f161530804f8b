package io.pantograph.deploy;

/** A jar that is not taken. The message goes on from the file's name: "is no OSGi bundle: ...", cause and remedy in one sentence. */
final class RefusedException extends Exception {

    private static final long serialVersionUID = 1;

    RefusedException(String message) {
        super(message);
    }

    RefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
