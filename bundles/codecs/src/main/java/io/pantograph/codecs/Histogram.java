package io.pantograph.codecs;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;

/** How long calls took, in steps of an eighth; no lock. */
final class Histogram {

    private static final int PARTS = 8; // of each doubling

    private final AtomicLongArray counts = new AtomicLongArray(64 * PARTS);

    void add(long nanos) {
        counts.incrementAndGet(place(Math.max(PARTS, nanos)));
    }

    private static int place(long nanos) {
        int doubling = 63 - Long.numberOfLeadingZeros(nanos);
        return doubling * PARTS + (int) (nanos >>> doubling - 3 & PARTS - 1);
    }

    /** At most so long took this share of them; zero if there was none. */
    Duration within(double share) {
        long all = 0;
        for (int i = 0; i < counts.length(); i++) {
            all += counts.get(i);
        }
        long wanted = (long) Math.ceil(all * share);
        long seen = 0;
        for (int i = 0; i < counts.length() && all > 0; i++) {
            seen += counts.get(i);
            if (seen >= wanted) {
                return Duration.ofNanos((PARTS + i % PARTS + 1L << i / PARTS - 3) - 1);
            }
        }
        return Duration.ZERO;
    }
}
