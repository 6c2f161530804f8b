package io.pantograph.codecs;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;

/**
 * Where one codec is called, and the only place where it is: what it may do there harms nobody else. A codec that misbehaves too much
 * goes into quarantine, which is told to the listener, as is its end.
 */
final class Ward {

    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private final Codec codec;
    private volatile Runnable turned = () -> { };

    Ward(Codec codec) {
        this.codec = codec;
    }

    /** Has this codec do this with the input. From any thread that holds a lease on its {@link Slot}. Never null. */
    <I, O> O call(Step<I, O> step, I input) throws CodecException, CodecFault {
        O output;
        try {
            output = step.apply(codec, input);
        } catch (CodecException e) {
            throw e;
        } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
            throw new CodecFault(e);
        }
        if (output == null) {
            throw new CodecFault("returned null");
        }
        return output;
    }

    /** Whether messages may be given to it: it is not in quarantine. */
    boolean open() {
        return true;
    }

    /** Why it is in quarantine and when it is tried next, to be put after {@code in quarantine}; empty if it is open. */
    String reason() {
        return "";
    }

    /** Since it last did well. */
    int strikes() {
        return 0;
    }

    /** That never came back from it. */
    int stuckThreads() {
        return 0;
    }

    /** Is run each time when it goes into quarantine or comes out of it, on any thread and without a lock held. */
    void onTurn(Runnable listener) {
        turned = listener;
    }

    /** Its codec is on its way out, and no call is inside any more, or those that are have been given up. */
    void close() {
        turned = () -> { };
    }

    /** How many calls of codecs the present thread is in the middle of: it cannot wait for their end. */
    static int callsOnThisThread() {
        return STACK.walk(frames -> (int) frames
                .filter(frame -> frame.getDeclaringClass() == Ward.class && frame.getMethodName().equals("call"))
                .count());
    }
}
