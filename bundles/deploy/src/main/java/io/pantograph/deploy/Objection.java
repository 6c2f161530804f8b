package io.pantograph.deploy;

/** Why a jar is not taken. The message goes on from what the jar is called: "is no OSGi bundle: ...", cause and remedy in one sentence. */
final class Objection extends Exception {

    private static final long serialVersionUID = 1;

    Objection(String message) {
        super(message);
    }

    Objection(String message, Throwable cause) {
        super(message, cause);
    }
}
