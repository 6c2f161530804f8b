package io.pantograph.transport.paho;

import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of one Paho client, one for each task as Paho would make them itself; but daemons, and counted, so that we know
 * when the last has ended. Paho names them.
 */
final class PahoThreads extends AbstractExecutorService implements ScheduledExecutorService {

    /** When to look whether Paho is asleep. */
    private static final long[] LOOKS_MICROS = {200, 600, 2_000, 6_000, 20_000, 50_000};

    private final Lines lines;
    private final Wire wire;
    private final Set<Thread> alive = ConcurrentHashMap.newKeySet();
    private final AtomicInteger started = new AtomicInteger();

    PahoThreads(Lines lines, Wire wire) {
        this.lines = lines;
        this.wire = wire;
    }

    /** Connects, or says goodbye. */
    @Override
    public void execute(Runnable work) {
        begin(() -> {
            try {
                work.run();
            } finally {
                wire.openGate();
            }
        });
    }

    private void begin(Runnable work) {
        Thread thread = Lines.daemon(() -> {
            try {
                work.run();
            } finally {
                alive.remove(Thread.currentThread());
            }
        }, "MQTT");
        alive.add(thread);
        thread.start();
    }

    /** Receives, sends, or calls back. The future that Paho gets ignores Paho's wish to interrupt the thread: the code it would hit is ours or our owner's. */
    @Override
    public Future<?> submit(Runnable work) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        begin(() -> {
            try {
                work.run();
            } finally {
                end.complete(null);
            }
        });
        hurry(Thread.currentThread(), started.incrementAndGet());
        return end;
    }

    /**
     * Paho's connecting thread starts three others and sleeps 100 ms after each, to look then whether it runs; that makes 0.3 s for
     * every connect, and none at all over a wire that is cut more often. So it is woken as soon as it sleeps.
     */
    private void hurry(Thread connecting, int step) {
        for (long look : LOOKS_MICROS) {
            lines.later(look, TimeUnit.MICROSECONDS, () -> {
                if (started.get() == step && connecting.getState() == Thread.State.TIMED_WAITING) {
                    connecting.interrupt();
                }
            });
        }
    }

    /** Whether all have ended, waiting for that at most so long. */
    boolean ended(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            for (Thread thread : alive) {
                if (thread != Thread.currentThread()) {
                    thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return alive.isEmpty();
    }

    void interrupt() {
        alive.forEach(Thread::interrupt);
    }

    @Override
    public void shutdown() {
        // each thread ends with its task
    }

    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return ended(unit.toMillis(timeout));
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        throw timed();
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        throw timed();
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        throw timed();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        throw timed();
    }

    private static UnsupportedOperationException timed() {
        return new UnsupportedOperationException("Paho asks for this only to reconnect by itself, which it is told not to");
    }
}
