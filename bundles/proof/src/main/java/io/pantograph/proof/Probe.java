package io.pantograph.proof;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.CodecFaultException;
import io.pantograph.api.core.NoCodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Names;
import java.util.function.Function;

/** Calls a codec and sees what comes of it. */
final class Probe {

    /** A call may take so long, the best of three: more than any honest codec takes on a busy machine. */
    private static final long MOST_NANOS = 500_000_000L;

    /**
     * What came of one call: one of the three, the others are null.
     *
     * @param refused by a CodecException, with this message
     * @param fault what no codec may do, as the end of a sentence
     */
    record Outcome<T>(T made, String refused, String fault) {

        boolean sameAs(Outcome<?> other) {
            if (made instanceof Content one && other.made instanceof Content two) {
                return Differences.same(one, two);
            }
            return made == null ? other.made == null && (refused == null) == (other.refused == null) : made.equals(other.made);
        }
    }

    private interface Call<I, O> {
        O on(I input) throws CodecException;
    }

    private final Codec codec;
    private volatile boolean hopeless;
    private volatile String last = "";

    Probe(Codec codec) {
        this.codec = codec;
    }

    /** Whether each further call may cost as much time as there is. */
    boolean hopeless() {
        return hopeless;
    }

    /** What the last call did that no codec may do, as the end of a sentence; empty if none did. */
    String last() {
        return last;
    }

    Outcome<Content> decode(Bytes bytes) {
        return timed(codec::decode, bytes, content -> Weight.ofDecoded(bytes, content));
    }

    Outcome<Bytes> encode(Content content) {
        return timed(codec::encode, content, bytes -> Weight.ofEncoded(content, bytes));
    }

    private <I, O> Outcome<O> timed(Call<I, O> call, I input, Function<O, String> tooLarge) {
        for (int i = 0;; i++) {
            long start = System.nanoTime();
            Outcome<O> outcome = once(call, input, tooLarge);
            long took = System.nanoTime() - start;
            if (outcome.fault == null && took > MOST_NANOS && i == 2) {
                hopeless = true;
                outcome = new Outcome<>(null, null, "took " + took / 1_000_000 + " ms, and as long twice before; at most "
                        + MOST_NANOS / 1_000_000 + " ms are allowed");
            }
            if (outcome.fault != null) {
                last = outcome.fault;
            }
            if (outcome.fault != null || took <= MOST_NANOS) {
                return outcome;
            }
        }
    }

    private <I, O> Outcome<O> once(Call<I, O> call, I input, Function<O, String> tooLarge) {
        try {
            O made = call.on(input);
            String fault = made == null ? "returned null" : tooLarge.apply(made);
            return fault == null ? new Outcome<>(made, null, null) : new Outcome<>(null, null, fault);
        } catch (CodecFaultException e) {
            return e.getCause() == null ? lost(e) : thrown(e.getCause());
        } catch (NoCodecException e) {
            return lost(e);
        } catch (CodecException e) {
            return new Outcome<>(null, String.valueOf(e.getMessage()), null);
        } catch (Throwable e) { // also a checked one, which a codec can throw past the compiler
            return thrown(e);
        }
    }

    // Its guard has given it up.
    private <O> Outcome<O> lost(CodecException e) {
        hopeless = true;
        return new Outcome<>(null, null, "failed: " + e.getMessage());
    }

    private <O> Outcome<O> thrown(Throwable e) {
        if (e instanceof StackOverflowError) {
            return new Outcome<>(null, null, "recursed until the stack was full");
        }
        if (e instanceof OutOfMemoryError) {
            hopeless = true;
            return new Outcome<>(null, null, "allocated until the memory was full");
        }
        return new Outcome<>(null, null, "threw " + e.getClass().getName()
                + (e.getMessage() == null ? "" : " (" + Names.visible(e.getMessage()) + ")") + at(e));
    }

    private static String at(Throwable thrown) {
        StackTraceElement[] trace = thrown.getStackTrace();
        return trace.length == 0 ? "" : " at " + trace[0];
    }
}
