package io.pantograph.hub;

/** A newer program has written this database; the older one must not touch it. */
final class NewerSchemaException extends RuntimeException {

    private static final long serialVersionUID = 1;

    NewerSchemaException(int found, int known) {
        super("has schema " + found + ", newer than this program's " + known);
    }
}
