package io.pantograph.codecs;

import java.util.function.BooleanSupplier;

/**
 * A short wait without sleep. To sleep and be woken costs two threads several microseconds, as long as most calls of a codec take; when
 * messages come close on one another it pays to look for the next a moment longer. Where that was in vain of late it is hardly tried, so
 * that a quiet or crowded machine does not pay for it.
 *
 * <p>From any thread; a count that is lost to another thread does no harm.
 */
final class Spin {

    private static final long NANOS = 20_000;
    /** In vain so many times in a row, it is tried once in {@link #RARELY}. */
    private static final int ENOUGH = 4;
    private static final int RARELY = 32;
    private static final boolean ALONE = Runtime.getRuntime().availableProcessors() < 2;

    private int vain;
    private int skipped;

    boolean worth() {
        return !ALONE && (vain < ENOUGH || ++skipped % RARELY == 0);
    }

    /** @return whether it is so by now */
    boolean soon(BooleanSupplier so) {
        long begin = System.nanoTime();
        do {
            if (so.getAsBoolean()) {
                vain = 0;
                return true;
            }
            Thread.onSpinWait();
        } while (System.nanoTime() - begin < NANOS);
        vain++;
        return false;
    }
}
