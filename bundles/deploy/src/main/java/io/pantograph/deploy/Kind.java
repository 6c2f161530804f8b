package io.pantograph.deploy;

/** What a bundle is for, as its manifest shows, and so how it is exchanged. */
enum Kind {
    /** It brings formats; exchanged side by side, on probation, with fallback. */
    CODEC,
    /** It brings handlers or listeners and has no devices itself; exchanged side by side. */
    HANDLER,
    /** It has devices by the {@code Gateway}, and one device has one program: the old one ends before the new one begins. */
    PROGRAM,
    /** Anything else that exports nothing; exchanged like a program. */
    OTHER;

    /** Whether two of them can be there at once, so that one takes over from the other between two messages. */
    boolean besides() {
        return this == CODEC || this == HANDLER;
    }
}
