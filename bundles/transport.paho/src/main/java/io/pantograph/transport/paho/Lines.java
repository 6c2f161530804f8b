package io.pantograph.transport.paho;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * All lines of this transport, and the few threads they share: one that watches time limits and never waits itself, and up to
 * four that wait for Paho's threads to end.
 */
final class Lines implements AutoCloseable {

    private static final int HELPERS = 4;

    private final ScheduledThreadPoolExecutor clock;
    private final ThreadPoolExecutor helpers;
    private final Set<Line> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Lines() {
        clock = new ScheduledThreadPoolExecutor(1, work -> daemon(work, "paho-clock"));
        clock.setRemoveOnCancelPolicy(true);
        AtomicInteger number = new AtomicInteger();
        helpers = new ThreadPoolExecutor(HELPERS, HELPERS, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
                work -> daemon(work, "paho-helper-" + number.incrementAndGet()));
        helpers.allowCoreThreadTimeOut(true);
    }

    static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        // not that of whoever happened to ask for a connection: it would keep that bundle's classes in memory
        thread.setContextClassLoader(Lines.class.getClassLoader());
        return thread;
    }

    boolean isClosed() {
        return closed;
    }

    void add(Line line) {
        open.add(line);
    }

    void remove(Line line) {
        open.remove(line);
    }

    /** Does this later on the clock's thread, so it must not wait for anything. After the end it never happens. */
    ScheduledFuture<?> later(long delay, TimeUnit unit, Runnable work) {
        try {
            return clock.schedule(work, delay, unit);
        } catch (RejectedExecutionException e) {
            return null;
        }
    }

    /** Does what waits, on a helper thread; after the end on one of its own. */
    void aside(Runnable work) {
        try {
            helpers.execute(work);
        } catch (RejectedExecutionException e) {
            daemon(work, "paho-helper-last").start();
        }
    }

    /** Ends all connections, their owners being told; returns when all is gone, after 4 s in any case. */
    @Override
    public void close() {
        closed = true;
        List<Line> left = List.copyOf(open);
        left.forEach(Line::withdraw);
        helpers.shutdown();
        try {
            helpers.awaitTermination(4, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        helpers.shutdownNow();
        clock.shutdownNow();
    }
}
