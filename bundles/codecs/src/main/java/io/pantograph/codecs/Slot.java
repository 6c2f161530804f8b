package io.pantograph.codecs;

import io.pantograph.api.model.Provenance;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * One codec that somebody registered, and the leases on it. While a lease is held the codec's bundle does not stop: who takes
 * the codec away closes the slot and waits for those inside.
 *
 * <p>One number holds all: how many are inside, how many have been and, by its sign, whether the door is closed. So entering and leaving
 * are one atomic addition each, and calls are counted for nothing.
 */
final class Slot {

    private static final int SHIFT = 16;
    private static final long INSIDE = (1L << SHIFT) - 1; // no gateway has 65,535 threads
    private static final long CLOSED = Long.MIN_VALUE;
    private static final long SLICE = 5_000_000; // two may wait at once, and only one is woken

    final Ward ward;
    final Origin origin;
    final Provenance provenance;

    private final AtomicLong state = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private volatile Thread closing;

    Slot(Ward ward, Origin origin) {
        this.ward = ward;
        this.origin = origin;
        provenance = origin.provenance();
        ward.of(this);
    }

    /**
     * Takes a lease. Whoever got one gives it back by {@link #leave}.
     *
     * @return how many calls were done before; negative if the codec is on its way out and there is no lease
     */
    long enter() {
        long before = state.getAndIncrement();
        if (before >= 0) {
            return before >>> SHIFT;
        }
        if ((state.decrementAndGet() & INSIDE) == 0) {
            LockSupport.unpark(closing);
        }
        return -1;
    }

    void leave() {
        if (state.addAndGet((1L << SHIFT) - 1) < 0) {
            LockSupport.unpark(closing);
        }
    }

    /** Gives a lease back under which nothing was done for anybody. */
    void leaveUncounted() {
        if (state.decrementAndGet() < 0) {
            LockSupport.unpark(closing);
        }
    }

    boolean closed() {
        return state.get() < 0;
    }

    /** Calls done. */
    long calls() {
        return (state.get() & ~CLOSED) >>> SHIFT;
    }

    /** A call has failed for which the codec is to blame. */
    void failed() {
        errors.incrementAndGet();
    }

    long errors() {
        return errors.get();
    }

    /** Lets nobody in any more. */
    void shut() {
        state.getAndUpdate(now -> now | CLOSED);
    }

    /**
     * Lets nobody in any more and waits until those inside have left. Twice does no harm.
     *
     * @param ownCalls how many leases the calling thread may hold itself, for which it cannot wait
     * @return how many are still inside after that time
     */
    long close(Duration atMost, int ownCalls) {
        closing = Thread.currentThread();
        shut();
        return drain(atMost, ownCalls);
    }

    /** Waits until nobody is inside, with the door open: for a slot that nobody is sent to any more. */
    long drain(Duration atMost, int ownCalls) {
        long deadline = System.nanoTime() + atMost.toNanos();
        boolean interrupted = false;
        long left;
        while ((left = state.get() & INSIDE) > ownCalls) {
            long nanos = deadline - System.nanoTime();
            if (nanos <= 0) {
                break;
            }
            LockSupport.parkNanos(this, Math.min(nanos, SLICE));
            // An impatient caller does not make the codec safe to stop.
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return left;
    }
}
