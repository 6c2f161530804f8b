package io.pantograph.outbox;

import io.pantograph.api.core.OutboxLane;
import io.pantograph.api.dialect.Reading;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeliveryException.Reason;
import io.pantograph.api.model.DeviceId;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A lane without locks. Waiting readings stand in {@code fresh}; those under way in {@code underWay}, in order, until those before
 * them are settled too; those to be sent again in {@code again}, which goes before {@code fresh}. Only the session moves readings
 * from one to the other, one call at a time; settling is a change of the reading's own state and is for any thread.
 */
final class MemoryLane implements OutboxLane {

    private final DeviceId device;
    private final int entries;
    private final long bytes;
    private final Clock clock;
    private final Outcomes outcomes;
    private final Consumer<MemoryLane> forget;

    private final Queue<Item> fresh = new ConcurrentLinkedQueue<>();
    private final Deque<Item> again = new ConcurrentLinkedDeque<>();
    private final Queue<Item> underWay = new ConcurrentLinkedQueue<>();
    private final AtomicInteger depth = new AtomicInteger();
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicLong heldBytes = new AtomicLong();
    private long accepted;
    private volatile Runnable wake = () -> { };
    private volatile boolean mortals;
    private volatile boolean closed;

    MemoryLane(DeviceId device, int entries, long bytes, Clock clock, Executor tellers, Consumer<MemoryLane> forget) {
        this.device = device;
        this.entries = entries;
        this.bytes = bytes;
        this.clock = clock;
        this.outcomes = new Outcomes(tellers, this::release);
        this.forget = forget;
    }

    @Override
    public CompletionStage<Void> append(Reading reading) {
        if (closed) {
            return CompletableFuture.failedStage(closed(reading));
        }
        int size = reading.payload().length();
        if (!hold(size)) {
            return CompletableFuture.failedStage(new DeliveryException(Reason.OVERFLOW, "event '" + reading.event() + "' of " + device
                    + ": the outbox is full (at most " + entries + " readings and " + bytes + " bytes wait); send less, or try again later"));
        }
        depth.incrementAndGet();
        Item item = new Item(reading, Thread.currentThread());
        fresh.add(item);
        if (!mortals && reading.expiry().isPresent()) {
            mortals = true;
        }
        if (closed) {
            settle(item, closed(reading)); // it came in beside the closing
        }
        wake.run();
        item.appended();
        return item;
    }

    private boolean hold(int size) {
        if (held.incrementAndGet() <= entries) {
            if (heldBytes.addAndGet(size) <= bytes) {
                return true;
            }
            heldBytes.addAndGet(-size);
        }
        held.decrementAndGet();
        return false;
    }

    /** Its author was told. */
    private void release(Item item) {
        heldBytes.addAndGet(-item.reading().payload().length());
        held.decrementAndGet();
    }

    private DeliveryException closed(Reading reading) {
        return new DeliveryException(Reason.CLOSED, "event '" + reading.event() + "' of " + device + ": the device was closed");
    }

    @Override
    public Entry poll() {
        for (Item head = underWay.peek(); head != null && head.settled(); head = underWay.peek()) {
            underWay.poll();
        }
        while (true) {
            Item item = again.poll();
            if (item == null) {
                item = fresh.poll();
                if (item == null) {
                    return null;
                }
                item.number(++accepted);
            }
            if (overdue(item.reading())) {
                settle(item, expired(item.reading()));
            } else if (item.send()) {
                underWay.add(item);
                return item;
            }
        }
    }

    /** Fails and lets go of those that wait and whose time is over. From any thread. */
    void expire() {
        if (mortals) {
            expire(again.iterator());
            expire(fresh.iterator());
        }
    }

    private void expire(Iterator<Item> waiting) {
        while (waiting.hasNext()) {
            Item item = waiting.next();
            if (overdue(item.reading()) && item.expire(expired(item.reading()))) {
                waiting.remove();
                settled(item);
            }
        }
    }

    private DeliveryException expired(Reading reading) {
        return new DeliveryException(Reason.EXPIRED,
                "event '" + reading.event() + "' of " + device + ": its time to live ended before it could be sent");
    }

    private boolean overdue(Reading reading) {
        return reading.expiry().isPresent() && !clock.instant().isBefore(reading.expiry().get());
    }

    @Override
    public void acknowledge(Entry entry) {
        settle((Item) entry, null);
    }

    @Override
    public void refuse(Entry entry, DeliveryException why) {
        settle((Item) entry, why);
    }

    private void settle(Item item, DeliveryException failure) {
        if (item.settle(failure)) {
            settled(item);
        }
    }

    private void settled(Item item) {
        depth.decrementAndGet();
        if (item.isBeingAppendedHere() && outcomes.isIdle()) { // else it would be told before those that came before it
            item.tell(); // nobody holds the stage yet, so nobody's code runs
            release(item);
        } else {
            outcomes.add(item);
        }
    }

    @Override
    public void rewind() {
        Deque<Item> open = new ArrayDeque<>();
        for (Item item = underWay.poll(); item != null; item = underWay.poll()) {
            if (item.sendAgain()) {
                open.push(item);
            }
        }
        open.forEach(again::push); // the youngest first, so that the oldest is in front
        if (closed) {
            failAll();
        }
    }

    @Override
    public void whenFilled(Runnable wake) {
        this.wake = wake;
    }

    @Override
    public int depth() {
        return depth.get();
    }

    /**
     * Adds each that is not settled, once. From any thread. They are looked for in the order in which they go from one place to the next,
     * so that none that moves on meanwhile is passed over, but may be met again.
     */
    void tally(Tally tally) {
        Set<Item> met = new HashSet<>();
        for (Queue<Item> place : List.of(fresh, again, underWay)) {
            for (Item item : place) {
                if (!item.settled() && met.add(item)) {
                    tally.add(device, item.reading());
                }
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        failAll();
        forget.accept(this);
    }

    private void failAll() {
        underWay.forEach(item -> settle(item, closed(item.reading())));
        again.forEach(item -> settle(item, closed(item.reading())));
        fresh.forEach(item -> settle(item, closed(item.reading())));
    }
}
