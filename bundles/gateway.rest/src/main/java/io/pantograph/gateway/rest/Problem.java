package io.pantograph.gateway.rest;

import java.util.Optional;

/** Why something asked is not done: an HTTP status, and one sentence. */
final class Problem extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;
    private final String allow;

    Problem(int status, String message) {
        this(status, message, null);
    }

    private Problem(int status, String message, String allow) {
        super(message);
        this.status = status;
        this.allow = allow;
    }

    static Problem method(String asked, String allow) {
        return new Problem(405, asked + " is not for this path; it takes " + allow, allow);
    }

    int status() {
        return status;
    }

    /** For the header of that name. */
    Optional<String> allow() {
        return Optional.ofNullable(allow);
    }
}
