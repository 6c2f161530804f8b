package io.pantograph.codecs;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.CodecRoute;
import io.pantograph.api.core.NoCodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The way to the codec of one format. On it are one volatile read and a lease; all else is for the moments of change. */
final class Route implements CodecRoute {

    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    /** One of the two things that a codec does. */
    @FunctionalInterface
    private interface Step<I, O> {
        O apply(Codec codec, I input) throws CodecException;
    }

    private static final Step<Content, Bytes> ENCODE = Codec::encode;
    private static final Step<Bytes, Content> DECODE = Codec::decode;

    private final String format;
    private final Formats formats;
    private final Patience patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile Generation generation = Generation.UNKNOWN;

    Route(String format, Formats formats, Patience patience) {
        this.format = format;
        this.formats = formats;
        this.patience = patience;
    }

    @Override
    public String format() {
        return format;
    }

    @Override
    public boolean ready() {
        return generation.current() != null;
    }

    @Override
    public Bytes encode(Content content) throws CodecException {
        return call(ENCODE, content);
    }

    @Override
    public Content decode(Bytes bytes) throws CodecException {
        return call(DECODE, bytes);
    }

    private <I, O> O call(Step<I, O> step, I input) throws CodecException {
        while (true) {
            Slot slot = generation.current();
            if (slot == null) {
                await();
                continue;
            }
            if (!slot.enter()) {
                continue; // closed, so the route has turned elsewhere before
            }
            try {
                O output = step.apply(slot.codec, input);
                if (output == null) {
                    throw new CodecException("the codec for '" + format + "' (" + slot.origin + ") returned null");
                }
                return output;
            } catch (CodecException e) {
                throw e;
            } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
                // A codec whose bundle is half gone throws anything; the message is still whole, so the next one may have it.
                if (!slot.closed()) {
                    throw failed(slot, e);
                }
            } finally {
                slot.leave();
            }
        }
    }

    // Without the text of what was thrown: nobody knows what a stranger's code quotes there. It is in the cause.
    private CodecException failed(Slot slot, Throwable thrown) {
        return new CodecException("the codec for '" + format + "' (" + slot.origin + ") threw " + thrown.getClass().getName(), thrown);
    }

    /** Returns when there is a codec; throws if it is not to be waited for, or not any longer. */
    private void await() throws NoCodecException {
        lock.lock();
        try {
            for (Generation now = generation; now.current() == null; now = generation) {
                long left = now.known() ? patience.left(now.vacant()) : 0;
                if (left <= 0) {
                    throw new NoCodecException(format, formats.present());
                }
                changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoCodecException(format, formats.present());
        } finally {
            lock.unlock();
        }
    }

    /** From now on, between two messages, this slot; null for none. */
    void turnTo(Slot slot) {
        lock.lock();
        try {
            Generation before = generation;
            if (slot != null) {
                generation = Generation.of(slot);
            } else if (before.current() != null) {
                generation = Generation.vacantSince(patience.now());
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How many calls of codecs the present thread is in the middle of: it cannot wait for their end. */
    static int callsOnThisThread() {
        return STACK.walk(frames -> (int) frames
                .filter(frame -> frame.getDeclaringClass() == Route.class && frame.getMethodName().equals("call"))
                .count());
    }
}
