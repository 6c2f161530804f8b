package io.pantograph.codecs;

import io.pantograph.api.codec.Codec;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * One codec that somebody registered, and the leases on it. While a lease is held the codec's bundle does not stop: who takes
 * the codec away closes the slot and waits for those inside.
 *
 * <p>One number holds all: how many are inside and, by its sign, whether the door is closed. So entering and leaving are one
 * atomic addition each.
 */
final class Slot {

    final Codec codec;
    final Origin origin;

    private final AtomicLong inside = new AtomicLong();
    private volatile Thread closing;

    Slot(Codec codec, Origin origin) {
        this.codec = codec;
        this.origin = origin;
    }

    /** Takes a lease; false if the codec is on its way out. Whoever got one gives it back by {@link #leave}. */
    boolean enter() {
        if (inside.getAndIncrement() >= 0) {
            return true;
        }
        leave();
        return false;
    }

    void leave() {
        if (inside.decrementAndGet() < 0) {
            LockSupport.unpark(closing);
        }
    }

    boolean closed() {
        return inside.get() < 0;
    }

    /**
     * Lets nobody in any more and waits until those inside have left. Called once, by the one thread that takes the codec away.
     *
     * @param ownCalls how many leases the calling thread may hold itself, for which it cannot wait
     * @return how many are still inside after that time
     */
    long close(Duration atMost, int ownCalls) {
        closing = Thread.currentThread();
        inside.addAndGet(Long.MIN_VALUE);
        long deadline = System.nanoTime() + atMost.toNanos();
        boolean interrupted = false;
        long left;
        while ((left = inside.get() - Long.MIN_VALUE) > ownCalls) {
            long nanos = deadline - System.nanoTime();
            if (nanos <= 0) {
                break;
            }
            LockSupport.parkNanos(this, nanos);
            // An impatient caller does not make the codec safe to stop.
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return left;
    }
}
