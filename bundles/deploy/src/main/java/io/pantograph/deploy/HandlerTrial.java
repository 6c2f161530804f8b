package io.pantograph.deploy;

import io.pantograph.api.core.CodecExchange.Verdict;
import io.pantograph.api.operator.Evidence;
import io.pantograph.api.operator.Trial;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Judges handlers by what the rooms count that give them work. */
final class HandlerTrial {

    private final double allowed;
    private final Optional<Duration> slowest;
    private final long wanted;
    private Consumer<Verdict> then;
    private boolean passed;

    /** @param wanted calls; 0 for a bundle without handlers, which is proven when it runs */
    HandlerTrial(Trial trial, long wanted) {
        this(trial.errors(), trial.p99(), wanted);
    }

    private HandlerTrial(double allowed, Optional<Duration> slowest, long wanted) {
        this.allowed = allowed;
        this.slowest = slowest;
        this.wanted = wanted;
    }

    /** For those that come with a codec: how fast messages must be is nothing to them. @param wanted so many at least the share that may fail is of */
    static HandlerTrial besideCodec(Trial trial, long wanted) {
        return new HandlerTrial(trial.errors(), Optional.empty(), wanted);
    }

    /** @param then told once; once more if it fails after it has passed, while it waits for somebody's word or for others of its release */
    void begin(Consumer<Verdict> then) {
        this.then = then;
    }

    /** @param counted by each room */
    Evidence seen(List<Evidence> counted) {
        long calls = counted.stream().mapToLong(Evidence::calls).sum();
        long errors = counted.stream().mapToLong(Evidence::errors).sum();
        Duration p50 = most(counted.stream().map(Evidence::p50).toList());
        Duration p99 = most(counted.stream().map(Evidence::p99).toList());
        // As soon as it cannot be a good one any more.
        if (errors > allowed * Math.max(calls, wanted)) {
            tell(new Verdict(false, errors + " of " + calls + " calls of its handlers failed, " + allowed + " of all are allowed"));
        } else if (calls >= wanted) {
            boolean slow = slowest.isPresent() && p99.compareTo(slowest.get()) > 0;
            tell(slow ? new Verdict(false, "the slowest hundredth of its calls took " + p99.toNanos() / 1_000 + " us or more, "
                    + slowest.get().toNanos() / 1_000 + " us are allowed") : new Verdict(true, ""));
        }
        return new Evidence(0, 0, calls, wanted, errors, 0, p50, p99, 0, 0, List.of());
    }

    private static Duration most(List<Duration> all) {
        return all.stream().max(Duration::compareTo).orElse(Duration.ZERO);
    }

    private void tell(Verdict verdict) {
        if (then == null || passed && verdict.passed()) {
            return;
        }
        Consumer<Verdict> told = then;
        passed = verdict.passed();
        then = passed ? then : null;
        told.accept(verdict);
    }
}
