package io.pantograph.handlers;

import io.pantograph.api.operator.Evidence;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** What the handlers of one bundle have done so far. Latencies are kept to within a fifth. */
final class Tally {

    /** Four to each doubling. */
    private static final int STEPS = 4;

    private final LongAdder calls = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final AtomicLongArray slots = new AtomicLongArray(64 * STEPS);
    private final Runnable idle;

    /** @param idle told when a handler that takes no more has nothing in hand */
    Tally(Runnable idle) {
        this.idle = idle;
    }

    void idle() {
        idle.run();
    }

    void count(long nanos, boolean failed) {
        calls.increment();
        if (failed) {
            errors.increment();
        }
        slots.incrementAndGet(slot(Math.max(1, nanos)));
    }

    private static int slot(long nanos) {
        int power = 63 - Long.numberOfLeadingZeros(nanos);
        int quarter = power < 2 ? 0 : (int) (nanos >>> power - 2) & STEPS - 1;
        return power * STEPS + quarter;
    }

    Evidence evidence() {
        return new Evidence(0, 0, calls.sum(), 0, errors.sum(), 0, quantile(0.5), quantile(0.99), 0, 0, List.of());
    }

    private Duration quantile(double share) {
        long all = 0;
        for (int i = 0; i < slots.length(); i++) {
            all += slots.get(i);
        }
        long left = (long) Math.ceil(all * share);
        for (int i = 0; i < slots.length() && left > 0; i++) {
            left -= slots.get(i);
            if (left <= 0) {
                return Duration.ofNanos((long) (Math.scalb(1.0, i / STEPS) * (1 + (i % STEPS + 1) / (double) STEPS)));
            }
        }
        return Duration.ZERO;
    }
}
