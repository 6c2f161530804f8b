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
    /** Beside the first. */
    static final int MOST_BYTES = 1 << 20;

    private record Piece(int size, Runnable work) {
    }

    private final Executor threads;
    private final Queue<Piece> waiting = new ArrayDeque<>();
    private long bytes;
    private boolean running;

    Lane(Executor threads) {
        this.threads = threads;
    }

    /** @param size of what the work holds, in bytes. @return false if too much waits already */
    boolean offer(int size, Runnable work) {
        synchronized (waiting) {
            if (waiting.size() >= MOST || !waiting.isEmpty() && bytes + size > MOST_BYTES) {
                return false;
            }
            waiting.add(new Piece(size, work));
            bytes += size;
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
        Piece piece;
        synchronized (waiting) {
            piece = waiting.remove();
            bytes -= piece.size;
        }
        try {
            piece.work.run();
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
