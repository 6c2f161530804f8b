package io.pantograph.outbox;

import io.pantograph.api.core.OutboxLane;
import io.pantograph.api.dialect.Reading;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeliveryException.Reason;
import io.pantograph.api.model.DeviceId;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
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
    private final AtomicLong load = new AtomicLong();
    private long accepted;
    private volatile Runnable wake = () -> { };
    private volatile boolean closed;

    MemoryLane(DeviceId device, int entries, long bytes, Clock clock, Outcomes outcomes, Consumer<MemoryLane> forget) {
        this.device = device;
        this.entries = entries;
        this.bytes = bytes;
        this.clock = clock;
        this.outcomes = outcomes;
        this.forget = forget;
    }

    @Override
    public CompletionStage<Void> append(Reading reading) {
        if (closed) {
            return CompletableFuture.failedStage(closed(reading));
        }
        int size = reading.payload().length();
        if (depth.incrementAndGet() > entries || load.addAndGet(size) > bytes && undo(size)) {
            depth.decrementAndGet();
            return CompletableFuture.failedStage(new DeliveryException(Reason.OVERFLOW, "event '" + reading.event() + "' of " + device
                    + ": the outbox is full (at most " + entries + " readings and " + bytes + " bytes wait); send less, or try again later"));
        }
        Item item = new Item(reading);
        fresh.add(item);
        if (closed) {
            settle(item, closed(reading)); // it came in beside the closing
        }
        wake.run();
        return item;
    }

    private boolean undo(int size) {
        load.addAndGet(-size);
        return true;
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
                settle(item, new DeliveryException(Reason.EXPIRED, "event '" + item.reading().event() + "' of " + device
                        + ": its time to live ended before it could be sent"));
            } else if (item.send()) {
                underWay.add(item);
                return item;
            }
        }
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
            load.addAndGet(-item.reading().payload().length());
            depth.decrementAndGet();
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
