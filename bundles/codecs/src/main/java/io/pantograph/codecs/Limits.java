package io.pantograph.codecs;

import java.util.Set;

/**
 * What a codec may take, and where it is called.
 *
 * @param inline names of the bundles that are trusted to come back: their codecs are called on the callers' threads as long as they do well
 * @param budget of one call, in nanoseconds
 * @param bytes that one message may be written as; and more if it is large itself
 * @param probe how long a codec stays in quarantine before it is tried again, in nanoseconds
 */
record Limits(Set<String> inline, long budget, int bytes, long probe) {

    /** Bytes of memory that one call may ask for. */
    static final long ALLOCATION = 64L << 20;
    /** How many threads a codec may keep for ever. */
    static final int STUCK = 4;
    /** How many calls may wait for one codec. */
    static final int WAITING = 1_000;
    /** How many budgets a call waits for the codec at most. */
    static final int PATIENCE = 10;

    static final Limits USUAL = new Limits(Set.of("io.pantograph.codec.json", "io.pantograph.codec.iotf"), 1_000_000_000L, 1 << 20, 30_000_000_000L);

    Limits {
        inline = Set.copyOf(inline);
    }
}
