package io.pantograph.codecs;

import io.pantograph.api.codec.CodecException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A call on its way to a codec's own thread and back. Three may want to end it: the codec's thread, who watches that thread, and the caller
 * who is tired of waiting. The one value that it holds says who came first.
 */
final class Call<I, O> extends AtomicReference<Object> {

    private static final long serialVersionUID = 1;

    private static final Object WAITING = new Object();
    private static final Object RUNNING = new Object();

    /** @param why CodecException or CodecFault */
    private record Failed(Exception why) {
    }

    final transient Step<I, O> step;
    final transient I input;
    /** Whether it goes to a codec in quarantine all the same. */
    final boolean probe;
    private final transient Runnable done;

    // Written by the codec's thread before it says what it works on.
    long begun;
    long allocated;

    /** @param done told once, by whoever ends it */
    Call(Step<I, O> step, I input, boolean probe, Runnable done) {
        super(WAITING);
        this.step = step;
        this.input = input;
        this.probe = probe;
        this.done = done;
    }

    /** By the present thread, which will wait for it. */
    static <I, O> Call<I, O> here(Step<I, O> step, I input, boolean probe) {
        Thread caller = Thread.currentThread();
        return new Call<>(step, input, probe, () -> LockSupport.unpark(caller));
    }

    /** Whether it is still wanted; from now on it cannot be refused. */
    boolean begin() {
        return compareAndSet(WAITING, RUNNING);
    }

    /** It will not be made. @return false if it has begun or ended */
    boolean refuse(CodecFault why) {
        return ended(compareAndSet(WAITING, new Failed(why)));
    }

    boolean succeed(O output) {
        return ended(compareAndSet(RUNNING, output));
    }

    boolean fail(Exception why) {
        return ended(compareAndSet(RUNNING, new Failed(why)));
    }

    private boolean ended(boolean byMe) {
        if (byMe) {
            done.run();
        }
        return byMe;
    }

    boolean ended() {
        Object now = get();
        return now != WAITING && now != RUNNING;
    }

    /** What came of it, once it has ended. */
    @SuppressWarnings("unchecked") // only succeed() puts anything else in
    O outcome() throws CodecException, CodecFault {
        if (get() instanceof Failed failed) {
            if (failed.why instanceof CodecException codec) {
                throw codec;
            }
            throw (CodecFault) failed.why;
        }
        return (O) get();
    }
}
