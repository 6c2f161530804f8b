package io.pantograph.codecs;

import io.pantograph.api.operator.Evidence;
import io.pantograph.api.operator.Trial;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * What the codecs of one bundle have shown on trial, all formats together, and whether that is enough or too much. Counted in calls, never by
 * the clock: by the clock, a codec that breaks at its three thousandth call is proven on a busy machine. From any thread, without a lock.
 *
 * <p>A share of calls that may fail is reckoned of at least 100 calls, or of all that are wanted if those are fewer, so that the first failure
 * does not count as a hundred per cent; a share of nothing is broken by the first one.
 */
final class Examination {

    private static final int FEW = 100;
    private static final int ALL = 100; // so many of the first messages are compared, then one in 16
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private enum Stage {
        OPEN, PASSED, FAILED, ENDED
    }

    private final Trial limits;
    private final long wanted;
    private final long least;
    private final long late;
    private final Consumer<String> then;

    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicLong fallbacks = new AtomicLong();
    private final AtomicLong compared = new AtomicLong();
    private final AtomicLong different = new AtomicLong();
    private final AtomicLong slow = new AtomicLong();
    private final Histogram latency = new Histogram();
    private final Differences differences = new Differences();
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.OPEN);

    /**
     * @param wanted calls
     * @param least so many calls a share is reckoned of, even if there were not so many yet
     * @param then is run once, with the reason or, if passed, with an empty text; on the thread that brought it about. Once more if it
     *     fails after it has passed and before it ends
     */
    private Examination(Trial limits, long wanted, long least, Consumer<String> then) {
        this.limits = limits;
        this.wanted = wanted;
        this.least = least;
        this.then = then;
        late = limits.p99().map(Duration::toNanos).orElse(Long.MAX_VALUE);
    }

    /** Of calls that count for somebody: it ends as soon as they are too bad so far. */
    static Examination serving(Trial limits, long wanted, Consumer<String> then) {
        return new Examination(limits, wanted, Math.min(wanted, FEW), then);
    }

    /** Of calls that harm nobody: it ends as soon as it cannot end well. */
    static Examination shadow(Trial limits, Consumer<String> then) {
        return new Examination(limits, limits.shadowCalls(), limits.shadowCalls(), then);
    }

    /** A call begins. @return whether its result should be compared */
    boolean begins() {
        long number = begun.getAndIncrement();
        return number < ALL || number * GOLDEN >>> 60 == 0;
    }

    /** A call is done that says nothing against the codec. @return how many by now */
    long did(long nanos) {
        latency.add(nanos);
        long now = calls.incrementAndGet();
        if (nanos > late && 100 * slow.incrementAndGet() > Math.max(Math.max(calls.get(), wanted), FEW)) {
            fail("the slowest hundredth of its calls takes longer than " + limits.p99().get().toNanos() / 1_000 + " us; it may take that at most");
        }
        return now;
    }

    /** A call failed, and the codec is to blame. @param what a sentence's end: doing what it did what */
    long failed(long nanos, boolean fallback, String what) {
        latency.add(nanos);
        calls.incrementAndGet();
        long bad = errors.incrementAndGet();
        long now = calls.get(); // read last, so that it is of all that are in the other
        if (fallback) {
            fallbacks.incrementAndGet();
        }
        if (tooMany(bad, limits.errors(), now)) {
            fail(bad + " of " + now + " calls failed, at most " + percent(limits.errors()) + " may; " + what);
        }
        return now;
    }

    /** Two results of one message were compared. @return whether the limits are broken by it, or have been before */
    boolean compared(Way<?, ?> way, List<Comparison.Field> fields) {
        compared.incrementAndGet();
        if (fields.isEmpty()) {
            return false;
        }
        differences.add(way, fields);
        long bad = different.incrementAndGet();
        long now = compared.get(); // read last, as above
        if (!tooMany(bad, limits.differences(), now)) {
            return false;
        }
        fail(bad + " of " + now + " messages came out otherwise than before, at most " + percent(limits.differences()) + " may; when " + way
                + " it was the field " + fields.get(0).path());
        return true;
    }

    private boolean tooMany(long bad, double share, long of) {
        return bad > share * Math.max(of, least);
    }

    private static String percent(double share) {
        return share == 0 ? "none" : 100 * share + " %";
    }

    long good() {
        return calls.get() - errors.get();
    }

    long calls() {
        return calls.get();
    }

    boolean decided() {
        return stage.get() != Stage.OPEN;
    }

    /** Whether it has failed, be it a moment ago: the one who found that out may not have come to turning the routes back yet. */
    boolean lost() {
        return stage.get() == Stage.FAILED;
    }

    void pass() {
        if (stage.compareAndSet(Stage.OPEN, Stage.PASSED)) {
            then.accept("");
        }
    }

    void fail(String reason) {
        // Who has passed waits for somebody's word or for others of its release, and may fail as long as it is not settled.
        if (stage.compareAndSet(Stage.OPEN, Stage.FAILED) || stage.compareAndSet(Stage.PASSED, Stage.FAILED)) {
            then.accept(reason);
        }
    }

    /** Whatever comes, nobody wants to hear it any more. */
    void end() {
        stage.updateAndGet(now -> now == Stage.FAILED ? now : Stage.ENDED);
    }

    Evidence evidence() {
        return new Evidence(0, 0, calls.get(), wanted, errors.get(), fallbacks.get(), latency.within(0.5), latency.within(0.99),
                compared.get(), different.get(), differences.list());
    }
}
