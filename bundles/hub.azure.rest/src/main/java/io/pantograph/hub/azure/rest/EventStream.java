package io.pantograph.hub.azure.rest;

import io.pantograph.api.azure.Event;
import io.pantograph.api.azure.EventLog;
import io.pantograph.api.hub.HttpAnswer.Sink;
import io.pantograph.api.model.Bytes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one asker the events it wants, at its own pace: what it has not read yet stays in the log, not in memory. Works on the monitor's
 * thread; whoever appends an event only wakes it.
 */
final class EventStream {

    private static final Logger log = LoggerFactory.getLogger(EventStream.class);

    /** As much may wait for the asker before the next event is read. */
    private static final int MOST_WAITING = 256 * 1024;
    private static final int BATCH = 256;
    private static final long LOOK_AGAIN_MS = 50;
    private static final Duration ALIVE = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final EventLog events;
    private final Wanted wanted;
    private final EventForm form;
    private final ScheduledExecutorService thread;
    private final LongSupplier nanos;
    private final Sink sink;
    private final Runnable whenEnded;
    private final AtomicBoolean due = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();
    private AutoCloseable following = () -> {
    };
    private Future<?> ticking;

    // on the monitor's thread only
    private long next;
    private boolean exact;
    private boolean told;
    private long waitedFor;
    private long waitsSince;

    EventStream(EventLog events, Wanted wanted, EventForm form, ScheduledExecutorService thread, LongSupplier nanos, Sink sink, Runnable whenEnded) {
        this.events = events;
        this.wanted = wanted;
        this.form = form;
        this.thread = thread;
        this.nanos = nanos;
        this.sink = sink;
        this.whenEnded = whenEnded;
        next = wanted.from();
        exact = wanted.exact();
    }

    void begin() {
        sink.send(form.listening(next));
        synchronized (this) {
            ticking = thread.scheduleWithFixedDelay(this::tick, ALIVE.toMillis(), ALIVE.toMillis(), TimeUnit.MILLISECONDS);
            following = events.follow(this::wake);
        }
        sink.whenEnded(this::ended);
        wake();
    }

    private void wake() {
        if (!ended.get() && due.compareAndSet(false, true)) {
            try {
                thread.execute(this::pump);
            } catch (RejectedExecutionException e) {
                // the hub stops
            }
        }
    }

    private void pump() {
        due.set(false);
        if (ended.get()) {
            return;
        }
        try {
            if (sink.waiting() > MOST_WAITING) {
                waitForAsker();
            } else {
                waitedFor = 0;
                tell(events.read(next, BATCH));
            }
        } catch (RuntimeException | LinkageError e) {
            log.error("events from {} on could not be told", next, e);
            end("failed", "the hub could not read its events, its log says more");
        }
    }

    private void tell(List<Event> batch) {
        if (batch.isEmpty()) {
            return;
        }
        long first = batch.get(0).sequence();
        if (exact && first > next) {
            say(form.gap(next, first));
        }
        exact = true;
        for (Event event : batch) {
            if (sink.waiting() > MOST_WAITING) {
                break;
            }
            next = event.sequence() + 1;
            if (wanted.has(event)) {
                told = true;
                if (!say(form.event(event))) {
                    return;
                }
            }
        }
        wake(); // others have their turn in between
    }

    /** Looks again soon. Who takes nothing for a long time is told so and left. */
    private void waitForAsker() {
        long waiting = sink.waiting();
        if (waitedFor == 0 || waiting < waitedFor) {
            waitedFor = waiting;
            waitsSince = nanos.getAsLong();
        } else if (nanos.getAsLong() - waitsSince >= PATIENCE.toNanos()) {
            end("tooSlow", "nothing was read for " + PATIENCE.toSeconds() + " s; come again with the last id");
            return;
        }
        due.set(true);
        thread.schedule(this::pump, LOOK_AGAIN_MS, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        if (!told && sink.waiting() <= MOST_WAITING) {
            say(form.alive(next));
        }
        told = false;
        wake();
    }

    private synchronized boolean say(Bytes text) {
        return !ended.get() && sink.send(text);
    }

    /** Says why, as the last word. */
    synchronized void end(String reason, String message) {
        if (!ended.get()) {
            sink.send(form.end(reason, message));
            sink.end();
            ended();
        }
    }

    private void ended() {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        synchronized (this) {
            ticking.cancel(false);
            try {
                following.close();
            } catch (Exception e) {
                log.warn("an event stream could not be let go", e);
            }
        }
        whenEnded.run();
    }
}
