package io.pantograph.cli;

/** Why a command ends without success: one sentence for whoever called, and the exit code. */
final class Trouble extends Exception {

    private static final long serialVersionUID = 1;

    /** The service refused, or the device answered with a failure. */
    static final int REFUSED = 1;
    /** The command line, a file or a setting is wrong. */
    static final int USAGE = 2;
    /** Nobody listens there, is not to be trusted, or does not answer. */
    static final int NOT_REACHABLE = 3;

    private final int code;

    Trouble(int code, String message) {
        super(message);
        this.code = code;
    }

    static Trouble usage(String message) {
        return new Trouble(USAGE, message);
    }

    int code() {
        return code;
    }
}
