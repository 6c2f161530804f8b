package io.pantograph.hub.http;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads an artifact onto the shelf as it comes, so that it never lies in memory and a slow sender holds no thread. What is not taken is
 * passed over: hanging up on somebody who is still sending would take the answer from him as well.
 */
final class Indraft implements ReadListener {

    private static final Logger log = LoggerFactory.getLogger(Indraft.class);
    /** Of a body that is not taken. */
    static final long MOST_PASSED_OVER = 2 * Shelf.MOST_BYTES;

    private final ServletInputStream in;
    private final Consumer<Answer> done;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final byte[] buffer = new byte[32 * 1024];
    private Shelf.Arrival arrival;
    private Problem refusal;
    private long read;
    private Runnable broken = () -> {
    };

    /** @param refusal why it is not taken; null if it is */
    Indraft(ServletInputStream in, Shelf.Arrival arrival, Problem refusal, Consumer<Answer> done) {
        this.in = in;
        this.arrival = arrival;
        this.refusal = refusal;
        this.done = done;
    }

    /** @param gone told instead, if the sender went before its end */
    void begin(Runnable gone) {
        broken = gone;
        in.setReadListener(this);
    }

    @Override
    public void onDataAvailable() throws IOException {
        while (!ended.get() && in.isReady()) {
            int count = in.read(buffer);
            if (count < 0) {
                return; // onAllDataRead is next
            }
            take(count);
        }
    }

    private void take(int count) {
        read += count;
        if (refusal == null && read > Shelf.MOST_BYTES) {
            refuse(Problem.tooLarge((int) Shelf.MOST_BYTES));
        }
        if (refusal == null) {
            try {
                if (!arrival.write(buffer, count)) {
                    refuse(Problem.full());
                }
            } catch (IOException e) {
                fail(e);
            }
        } else if (read > MOST_PASSED_OVER) {
            end();
        }
    }

    private void fail(IOException e) {
        log.error("an artifact could not be stored", e);
        refuse(Problem.broken());
    }

    private void refuse(Problem why) {
        refusal = why;
        drop();
    }

    private void drop() {
        if (arrival != null) {
            try {
                arrival.close();
            } catch (IOException e) {
                log.warn("an unfinished artifact could not be cleared away; the next start does", e);
            }
            arrival = null;
        }
    }

    @Override
    public void onAllDataRead() {
        end();
    }

    @Override
    public void onError(Throwable failure) {
        if (ended.compareAndSet(false, true)) {
            drop();
            broken.run();
        }
    }

    private void end() {
        if (ended.compareAndSet(false, true)) {
            done.accept(refusal == null ? stored() : refusal.answer());
        }
    }

    private Answer stored() {
        try {
            return switch (arrival.finish()) {
                case STORED -> Answer.created(Artifacts.shape(arrival.sha256(), arrival.length()));
                case KNOWN -> Answer.ok(Artifacts.shape(arrival.sha256(), arrival.length()));
                case OTHER -> Problem.invalid("the body's SHA-256 is not the one in the path").answer();
            };
        } catch (IOException e) {
            fail(e);
            return refusal.answer();
        }
    }
}
