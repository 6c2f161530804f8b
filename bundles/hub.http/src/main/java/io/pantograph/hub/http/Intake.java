package io.pantograph.hub.http;

import io.pantograph.api.model.Bytes;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Reads a request's body to its end, whenever some of it has come, so that a slow sender holds no thread. What is too large is passed over:
 * hanging up on somebody who is still sending would take the answer from him as well.
 */
final class Intake implements ReadListener {

    /** Of bodies that are being read at a time; those of two thousand connections would fill the memory. */
    private static final long MOST_TOGETHER = 64L << 20;
    /** Of a body that is too large anyway. */
    static final long MOST_PASSED_OVER = 16L << 20;

    private static final AtomicLong TOGETHER = new AtomicLong();

    private final ServletInputStream in;
    private final int most;
    private final Consumer<Optional<Bytes>> whole;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final AtomicBoolean done = new AtomicBoolean();
    private final byte[] buffer = new byte[8 * 1024];
    private long read;
    private boolean tooLarge;
    private volatile Runnable broken = () -> {
    };

    /**
     * @param most bytes
     * @param whole takes the body; nothing if it is too large
     */
    Intake(ServletInputStream in, int most, Consumer<Optional<Bytes>> whole) {
        this.in = in;
        this.most = most;
        this.whole = whole;
    }

    /** @param gone told instead, if the sender went before its end */
    void begin(Runnable gone) {
        broken = gone;
        in.setReadListener(this);
    }

    @Override
    public void onDataAvailable() throws IOException {
        while (!done.get() && in.isReady()) {
            int length = in.read(buffer);
            if (length < 0) {
                return; // onAllDataRead is next
            }
            take(length);
        }
    }

    private void take(int length) {
        read += length;
        if (!tooLarge && (read > most || TOGETHER.addAndGet(length) > MOST_TOGETHER)) {
            tooLarge = true;
            release(read > most ? body.size() : body.size() + length);
            body.reset();
        }
        if (!tooLarge) {
            body.write(buffer, 0, length);
        } else if (read > MOST_PASSED_OVER) {
            end();
        }
    }

    @Override
    public void onAllDataRead() {
        end();
    }

    @Override
    public void onError(Throwable failure) {
        if (done.compareAndSet(false, true)) {
            release(body.size());
            broken.run();
        }
    }

    private void end() {
        if (done.compareAndSet(false, true)) {
            release(body.size());
            whole.accept(tooLarge ? Optional.empty() : Optional.of(Bytes.wrap(body.toByteArray())));
        }
    }

    private static void release(int bytes) {
        TOGETHER.addAndGet(-bytes);
    }
}
