package io.pantograph.deploy;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** Writes the body of an answer to the end of a file, as it comes. Whoever waits for it sees by {@link #moved} whether anything comes at all. */
final class Inflow implements HttpResponse.BodySubscriber<Void> {

    private final FileChannel file;
    private final long most;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private Flow.Subscription subscription;
    private volatile long size;
    private volatile boolean tooLarge;

    /** @param file at the place where to go on */
    Inflow(FileChannel file, long most) throws IOException {
        this.file = file;
        this.most = most;
        size = file.position();
    }

    long moved() {
        return size;
    }

    boolean tooLarge() {
        return tooLarge;
    }

    @Override
    public CompletionStage<Void> getBody() {
        return done;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        try {
            for (ByteBuffer buffer : buffers) {
                if (size + buffer.remaining() > most) {
                    tooLarge = true;
                    throw new IOException("more than " + most + " bytes");
                }
                while (buffer.hasRemaining()) {
                    size += file.write(buffer);
                }
            }
            subscription.request(1);
        } catch (IOException e) {
            subscription.cancel();
            done.completeExceptionally(e);
        }
    }

    @Override
    public void onError(Throwable why) {
        done.completeExceptionally(why);
    }

    @Override
    public void onComplete() {
        done.complete(null);
    }
}
