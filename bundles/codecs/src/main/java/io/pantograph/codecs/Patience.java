package io.pantograph.codecs;

import java.util.function.LongSupplier;

/** How long callers wait for a codec that is being exchanged, and by which clock. */
final class Patience {

    private final LongSupplier nanoTime;
    private volatile long nanos;

    Patience(long millis, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        set(millis);
    }

    void set(long millis) {
        nanos = millis * 1_000_000;
    }

    long now() {
        return nanoTime.getAsLong();
    }

    /** How much of it is left, in nanoseconds, for those who wait since then. */
    long left(long since) {
        return nanos - (now() - since);
    }
}
