package io.pantograph.testkit;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Says where a codec is that does not come back, so that a build ends. */
final class WatchedCodec implements Codec {

    private final Codec codec;
    private final Duration most;
    private final Map<Thread, Long> inside = new ConcurrentHashMap<>();

    /** @param most that a call may take: far more than is good */
    WatchedCodec(Codec codec, Duration most) {
        this.codec = codec;
        this.most = most;
    }

    @Override
    public Bytes encode(Content content) throws CodecException {
        inside.put(Thread.currentThread(), System.nanoTime());
        try {
            return codec.encode(content);
        } finally {
            inside.remove(Thread.currentThread());
        }
    }

    @Override
    public Content decode(Bytes bytes) throws CodecException {
        inside.put(Thread.currentThread(), System.nanoTime());
        try {
            return codec.decode(bytes);
        } finally {
            inside.remove(Thread.currentThread());
        }
    }

    /** The work, done on a thread of its own. @throws AssertionError if a call of it does not come back; its thread is given up then */
    <T> T during(Supplier<T> work) {
        CompletableFuture<T> done = new CompletableFuture<>();
        Thread worker = new Thread(() -> {
            try {
                done.complete(work.get());
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        }, "codec-contract");
        worker.setDaemon(true);
        worker.start();
        while (true) {
            try {
                return done.get(50, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                inside.forEach(this::check);
            } catch (ExecutionException e) {
                throw new AssertionError(e.getCause());
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted", e);
            }
        }
    }

    private void check(Thread thread, long since) {
        if (System.nanoTime() - since > most.toNanos()) {
            AssertionError stuck = new AssertionError("the codec has not come back for " + most.toMillis()
                    + " ms; the trace shows where it is");
            stuck.setStackTrace(thread.getStackTrace());
            throw stuck;
        }
    }
}
