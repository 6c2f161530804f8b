package io.pantograph.proof;

/** A file of golden vectors that says something else than it may. The message names file, vector and member, and what would be right. */
public final class VectorException extends Exception {

    private static final long serialVersionUID = 1;

    public VectorException(String message) {
        super(message);
    }
}
