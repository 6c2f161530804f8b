package io.pantograph.outbox;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Tells authors what became of their readings, in order, on a thread where they can do no harm but to each other: an author who
 * waits in there must not keep the transport's thread, on which acknowledgements come in, from its work.
 */
final class Outcomes implements Runnable {

    private static final long BUSY_NANOS = 1_000_000;
    private static final long BATCH_NANOS = 200_000;

    private final Executor teller;
    private final Consumer<Item> release;
    private final Queue<Item> settled = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile long last = System.nanoTime() - BUSY_NANOS;

    /** @param release is called when the author has returned */
    Outcomes(Executor teller, Consumer<Item> release) {
        this.teller = teller;
        this.release = release;
    }

    /** Whether everybody has been told. */
    boolean isIdle() {
        return waiting.get() == 0;
    }

    void add(Item item) {
        settled.add(item);
        if (waiting.getAndIncrement() == 0) {
            try {
                teller.execute(this);
            } catch (RejectedExecutionException stopped) {
                run(); // the room is closing: better told here than never
            }
        }
    }

    @Override
    public void run() {
        // Waking a thread costs more than all the rest of a message. With many a second they are told in batches.
        if (System.nanoTime() - last < BUSY_NANOS) {
            LockSupport.parkNanos(BATCH_NANOS);
        }
        int told;
        do {
            told = waiting.get();
            for (Item item = settled.poll(); item != null; item = settled.poll()) {
                item.tell();
                release.accept(item);
            }
        } while (waiting.addAndGet(-told) != 0);
        last = System.nanoTime();
    }
}
