package io.pantograph.command;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * Wakes when the earliest deadline has come. It is set once for many commands and not taken back when one is answered: a
 * timer for each command would wake another thread for each.
 */
final class Deadlines {

    private final ScheduledExecutorService timer;
    private final Clock clock;
    private final UnaryOperator<Instant> expire;
    private Instant wake;
    private Future<?> pending;

    /** @param expire told the time, says when to wake next; null for not at all */
    Deadlines(ScheduledExecutorService timer, Clock clock, UnaryOperator<Instant> expire) {
        this.timer = timer;
        this.clock = clock;
        this.expire = expire;
    }

    synchronized void watch(Instant deadline) {
        if (wake != null && !deadline.isBefore(wake)) {
            return;
        }
        if (pending != null) {
            pending.cancel(false);
        }
        wake = deadline;
        long ms = Math.max(0, Duration.between(clock.instant(), deadline).toMillis() + 1);
        try {
            pending = timer.schedule(this::ring, ms, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            pending = null; // closing
        }
    }

    private void ring() {
        synchronized (this) {
            wake = null;
            pending = null;
        }
        Instant next = expire.apply(clock.instant());
        if (next != null) {
            watch(next);
        }
    }
}
