package io.pantograph.codecs;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread that looks after all threads of codecs, and wakes up only while there are any. It never runs what a codec brought. */
final class Watch implements AutoCloseable {

    /** How often it looks, in nanoseconds. */
    static final long TICK = 50_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

    private final ScheduledExecutorService timer;
    private final LongSupplier nanoTime;
    private final Set<Worker> workers = ConcurrentHashMap.newKeySet();
    private volatile Limits limits;
    private Future<?> looking;

    Watch(Limits limits) {
        this(limits, System::nanoTime, timer());
    }

    /** @param timer with one thread, closed together with this */
    Watch(Limits limits, LongSupplier nanoTime, ScheduledExecutorService timer) {
        this.limits = limits;
        this.nanoTime = nanoTime;
        this.timer = timer;
    }

    private static ScheduledExecutorService timer() {
        ScheduledThreadPoolExecutor one = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(null, task, "pantograph-codecs-watch", 0, false);
            thread.setContextClassLoader(Watch.class.getClassLoader());
            thread.setDaemon(true);
            return thread;
        });
        one.setRemoveOnCancelPolicy(true);
        return one;
    }

    /** Makes its thread at once: a thread keeps what its maker was called by, and this one makes others. */
    void begin() {
        soon(() -> { });
    }

    Limits limits() {
        return limits;
    }

    void limits(Limits now) {
        limits = now;
    }

    /** For durations, in nanoseconds. */
    long now() {
        return nanoTime.getAsLong();
    }

    /** On the thread of the watch. @return false if it has ended */
    boolean soon(Runnable what) {
        return after(0, what) != null;
    }

    /** @return null if the watch has ended */
    Future<?> after(long nanos, Runnable what) {
        try {
            return timer.schedule(() -> guarded(what), nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("the codecs' room is closed");
            return null;
        }
    }

    private static void guarded(Runnable what) {
        try {
            what.run();
        } catch (RuntimeException | Error e) { // whatever it is, there is nobody else to watch
            LOG.error("the watch over codecs failed for once: {}", e.toString(), e);
        }
    }

    /** From now on, until it has ended. */
    synchronized void mind(Worker worker) {
        workers.add(worker);
        if (looking == null) {
            looking = timer.scheduleAtFixedRate(() -> guarded(this::look), TICK, TICK, TimeUnit.NANOSECONDS);
        }
    }

    private void look() {
        long now = now();
        for (Worker worker : workers) {
            if (worker.isAlive()) {
                worker.look(now);
            } else {
                workers.remove(worker);
            }
        }
        rest();
    }

    private synchronized void rest() {
        if (workers.isEmpty() && looking != null) {
            looking.cancel(false);
            looking = null;
        }
    }

    /** How many threads of codecs there are. */
    int threads() {
        return (int) workers.stream().filter(Thread::isAlive).count();
    }

    /** Nobody waits for a codec any more. */
    @Override
    public void close() {
        timer.shutdownNow();
        workers.forEach(Worker::release);
    }
}
