package io.pantograph.hub.http;

import io.pantograph.api.hub.HttpAnswer;
import io.pantograph.api.model.Bytes;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes an answer whenever the asker can take some of it, so that a slow one holds no thread. What is sent goes out at once: nobody waits
 * for a buffer to fill.
 */
final class Outflow implements WriteListener, HttpAnswer.Sink {

    private static final Logger log = LoggerFactory.getLogger(Outflow.class);
    private static final long MOST_WAITING = 1 << 20;

    private final AsyncContext exchange;
    private final ServletOutputStream out;
    private final Queue<byte[]> chunks = new ArrayDeque<>();
    private final List<Runnable> then = new ArrayList<>();
    private Runnable begin;
    private long waiting;
    /** The server said that it takes more, and has not said the opposite since. */
    private boolean possible;
    /** The head, or a chunk, lies in the server's buffer. */
    private boolean unflushed = true;
    private boolean ending;
    /** Nothing can be sent any more. */
    private boolean ended;
    /** The server knows it too. */
    private boolean over;

    Outflow(AsyncContext exchange) throws IOException {
        this.exchange = exchange;
        out = exchange.getResponse().getOutputStream();
    }

    /** @param first run once when the first word can be said */
    void flow(Runnable first) {
        synchronized (this) {
            begin = first;
        }
        out.setWriteListener(this);
    }

    @Override
    public void onWritePossible() {
        Runnable first;
        synchronized (this) {
            possible = true;
            first = begin;
            begin = null;
            if (ended) {
                hangUp();
            }
            write();
        }
        if (first != null) {
            first.run();
        }
        tell();
    }

    @Override
    public boolean send(Bytes chunk) {
        boolean taken;
        synchronized (this) {
            if (!ending && waiting + chunk.length() > MOST_WAITING) {
                log.debug("an answer was ended because its asker is too slow");
                waiting = 0;
                chunks.clear();
                ending = true;
                ended = true;
                hangUp();
            }
            taken = !ending && !ended;
            if (taken && chunk.length() > 0) {
                chunks.add(chunk.shared());
                waiting += chunk.length();
                write();
            }
        }
        tell();
        return taken;
    }

    /** All there is to send, however much. */
    void whole(Bytes body) {
        synchronized (this) {
            if (body.length() > 0) {
                chunks.add(body.shared());
                waiting += body.length();
            }
            ending = true;
            write();
        }
        tell();
    }

    @Override
    public synchronized long waiting() {
        return waiting;
    }

    @Override
    public void end() {
        synchronized (this) {
            ending = true;
            write();
        }
        tell();
    }

    @Override
    public void whenEnded(Runnable done) {
        synchronized (this) {
            then.add(done);
        }
        tell();
    }

    @Override
    public void onError(Throwable gone) {
        lost();
    }

    /** The asker is gone. */
    void lost() {
        synchronized (this) {
            ending = true;
            chunks.clear();
            waiting = 0;
            complete();
        }
        tell();
    }

    /** Holding the lock. */
    private void write() {
        try {
            while (possible && !ended) {
                possible = out.isReady();
                if (!possible) {
                    return;
                }
                byte[] chunk = chunks.poll();
                if (chunk != null) {
                    waiting -= chunk.length;
                    out.write(chunk);
                    unflushed = true;
                } else if (ending) {
                    complete();
                } else if (unflushed) {
                    unflushed = false;
                    out.flush();
                } else {
                    return;
                }
            }
        } catch (IOException | IllegalStateException gone) {
            log.debug("an asker is gone: {}", gone.toString());
            complete();
        }
    }

    /** Holding the lock. */
    private void complete() {
        ended = true;
        possible = true;
        hangUp();
    }

    /** Holding the lock. The server does not like it in the middle of a write; it has a patience of its own with who takes none. */
    private void hangUp() {
        if (possible && !over) {
            over = true;
            try {
                exchange.complete();
            } catch (IllegalStateException already) {
                // the server did it
            }
        }
    }

    private void tell() {
        List<Runnable> now;
        synchronized (this) {
            if (!ended || then.isEmpty()) {
                return;
            }
            now = List.copyOf(then);
            then.clear();
        }
        for (Runnable each : now) {
            try {
                each.run();
            } catch (RuntimeException | LinkageError e) {
                log.error("HTTP: a room failed on the end of its answer", e);
            }
        }
    }
}
