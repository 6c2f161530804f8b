package io.pantograph.bench.swap;

/** The longest call of each millisecond. Written by one thread, to be read when that has ended. */
final class Timeline {

    private static final int SLOT = 1_000_000;

    private final long origin;
    private final int[] longest;

    /** @param origin as {@link System#nanoTime}; what is earlier, or later than so many seconds, is left out */
    Timeline(long origin, int seconds) {
        this.origin = origin;
        longest = new int[seconds * 1_000];
    }

    /** A call, which belongs to each moment that it lasted. */
    void took(long begin, long end) {
        int nanos = (int) Math.min(end - begin, Integer.MAX_VALUE);
        for (int slot = slot(begin); slot <= slot(end); slot++) {
            if (slot >= 0 && slot < longest.length && longest[slot] < nanos) {
                longest[slot] = nanos;
            }
        }
    }

    private int slot(long time) {
        return (int) Math.floorDiv(time - origin, SLOT);
    }

    /** In nanoseconds, of the calls that had a part in this time. */
    int longest(long from, long to) {
        int most = 0;
        for (int slot = Math.max(0, slot(from)); slot <= slot(to) && slot < longest.length; slot++) {
            most = Math.max(most, longest[slot]);
        }
        return most;
    }
}
