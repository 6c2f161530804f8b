package io.pantograph.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Time that stands still until told otherwise: wall clock, monotonic clock and timer in one. What is due runs on the thread that
 * calls {@link #advance}, in the order of its time, with the clock showing that time.
 *
 * <pre>{@code
 * ManualClock clock = new ManualClock();
 * Retry retry = new Retry(clock, clock.scheduler());
 * clock.advance(Duration.ofSeconds(5));
 * }</pre>
 */
public final class ManualClock extends Clock {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final ManualScheduler scheduler = new ManualScheduler(this);
    private long nanos;

    @Override
    public synchronized Instant instant() {
        return START.plusNanos(nanos);
    }

    /** As {@link System#nanoTime()}: for measuring durations. */
    public synchronized long nanos() {
        return nanos;
    }

    /** A timer that runs by this clock; {@code execute} and {@code submit} run when the clock is advanced, by zero at the least. */
    public ScheduledExecutorService scheduler() {
        return scheduler;
    }

    /** How many tasks wait for their time. */
    public int waiting() {
        return scheduler.waiting();
    }

    /** Lets this time pass and runs what is due in it, also what those tasks add. */
    public void advance(Duration by) {
        long until = nanos() + by.toNanos();
        for (Runnable due = scheduler.due(until); due != null; due = scheduler.due(until)) {
            due.run();
        }
        moveTo(until);
    }

    synchronized void moveTo(long time) {
        nanos = Math.max(nanos, time);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("a manual clock shows UTC only");
    }
}
