package io.pantograph.hub.azure.wire;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work of one client that may wait for the disk: one piece after the other, on the room's threads, and only so much of it. */
final class Lane {

    private static final Logger log = LoggerFactory.getLogger(Lane.class);
    static final int MOST = 64;

    private final Executor threads;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean running;

    Lane(Executor threads) {
        this.threads = threads;
    }

    /** @return false if too much waits already */
    boolean offer(Runnable work) {
        synchronized (waiting) {
            if (waiting.size() >= MOST) {
                return false;
            }
            waiting.add(work);
            if (running) {
                return true;
            }
            running = true;
        }
        return begin();
    }

    private boolean begin() {
        try {
            threads.execute(this::next);
            return true;
        } catch (RejectedExecutionException stopping) {
            return false;
        }
    }

    /** One piece, then it is another client's turn. */
    private void next() {
        Runnable work;
        synchronized (waiting) {
            work = waiting.remove();
        }
        try {
            work.run();
        } catch (RuntimeException | LinkageError e) {
            log.error("the hub failed on a client's request", e);
        }
        synchronized (waiting) {
            running = !waiting.isEmpty();
            if (!running) {
                return;
            }
        }
        begin();
    }
}
