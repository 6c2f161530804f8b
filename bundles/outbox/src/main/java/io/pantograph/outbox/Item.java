package io.pantograph.outbox;

import io.pantograph.api.core.OutboxLane;
import io.pantograph.api.dialect.Reading;
import io.pantograph.api.model.DeliveryException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/** A reading in a lane; is itself the stage that its author holds. */
final class Item extends CompletableFuture<Void> implements OutboxLane.Entry {

    private static final AtomicIntegerFieldUpdater<Item> STATE = AtomicIntegerFieldUpdater.newUpdater(Item.class, "state");
    private static final int WAITING = 0;
    private static final int UNDER_WAY = 1;
    private static final int SETTLED = 2;

    private final Reading reading;
    private volatile int state = WAITING;
    private long sequence;
    private DeliveryException failure;
    private Thread appending;

    Item(Reading reading, Thread appending) {
        this.reading = reading;
        this.appending = appending;
    }

    /** The stage is given to its author now. */
    void appended() {
        appending = null;
    }

    /** Whether this thread is the one that appends it, and is still at it. What other threads see there is never themselves. */
    boolean isBeingAppendedHere() {
        return appending == Thread.currentThread();
    }

    @Override
    public Reading reading() {
        return reading;
    }

    @Override
    public long sequence() {
        return sequence;
    }

    void number(long sequence) {
        this.sequence = sequence;
    }

    /** @return false if it is settled already */
    boolean send() {
        return STATE.compareAndSet(this, WAITING, UNDER_WAY);
    }

    /** @return false if it is settled already */
    boolean sendAgain() {
        return STATE.compareAndSet(this, UNDER_WAY, WAITING);
    }

    /** @return false if it does not wait: then it is under way, or settled already */
    boolean expire(DeliveryException failure) {
        if (!STATE.compareAndSet(this, WAITING, SETTLED)) {
            return false;
        }
        this.failure = failure;
        return true;
    }

    boolean settled() {
        return state == SETTLED;
    }

    /** @param failure null: acknowledged. @return false if it was settled before */
    boolean settle(DeliveryException failure) {
        int before = state;
        while (before != SETTLED) {
            if (STATE.compareAndSet(this, before, SETTLED)) {
                this.failure = failure;
                return true;
            }
            before = state;
        }
        return false;
    }

    /** Tells the author; after {@link #settle}. */
    void tell() {
        if (failure == null) {
            complete(null);
        } else {
            completeExceptionally(failure);
        }
    }
}
