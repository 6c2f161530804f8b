package io.pantograph.codecs;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.CodecExchange.Candidate;
import io.pantograph.api.core.CodecExchange.Verdict;
import io.pantograph.api.core.NoCodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.operator.Difference;
import io.pantograph.api.operator.Evidence;
import io.pantograph.api.operator.Share;
import io.pantograph.api.operator.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The codecs of one bundle on trial; the steps that the installer takes with them. */
final class Tried implements Candidate {

    private static final Logger LOG = LoggerFactory.getLogger(Tried.class);

    private final Exchange exchange;
    private final Formats formats;
    private final Standing standing;

    Tried(Exchange exchange, Standing standing) {
        this.exchange = exchange;
        formats = exchange.formats;
        this.standing = standing;
    }

    @Override
    public long bundle() {
        return standing.bundle;
    }

    @Override
    public SortedSet<String> formats() {
        return formats.formats(standing.bundle);
    }

    @Override
    public Codec guarded(String format) {
        return new Codec() {
            @Override
            public Bytes encode(Content content) throws CodecException {
                return guard(format, Step.ENCODE, content);
            }

            @Override
            public Content decode(Bytes bytes) throws CodecException {
                return guard(format, Step.DECODE, bytes);
            }
        };
    }

    private <I, O> O guard(String format, Step<I, O> step, I input) throws CodecException {
        Slot slot = formats.slot(standing.bundle, format);
        if (slot == null || slot.enter() < 0) {
            throw new NoCodecException("bundle " + standing.bundle + " has no codec for '" + format + "' any more, or never had one");
        }
        try {
            return slot.ward.call(step, input);
        } catch (CodecFault e) {
            throw formats.route(format).failed(slot, e);
        } finally {
            slot.leaveUncounted(); // nobody was served
        }
    }

    @Override
    public void shadow(Trial trial, Consumer<Verdict> then) {
        Examination examination = Examination.shadow(trial, reason -> {
            formats.change(standing, one -> {
                if (one.phase == Standing.Phase.SHADOW) {
                    one.phase = Standing.Phase.HELD;
                }
            });
            tell(then, reason);
        });
        Shadow shadow = new Shadow(examination, trial.shadowCalls(), exchange.crew.feeder());
        formats.change(standing, one -> {
            expect(one, Standing.Phase.HELD);
            one.shadow(shadow, examination);
        });
        failIfGivenUp(examination);
        if (trial.shadowCalls() == 0) {
            examination.pass();
        }
    }

    @Override
    public void serve(Trial trial, long calls, Consumer<Verdict> then) {
        Share canary = trial.canaryCalls() == 0 ? null : trial.canary().orElse(null);
        long wanted = calls + (canary == null ? 0 : trial.canaryCalls());
        Examination examination = Examination.serving(trial, wanted, reason -> {
            if (!reason.isEmpty()) {
                // The routes first: until then more messages would fail.
                if (!formats.take(standing)) {
                    return; // it was settled just now, so it stays
                }
                formats.slots(standing.bundle).forEach(Slot::shut);
            }
            tell(then, reason);
        });
        Probation probation = new Probation(examination, trial, wanted, canary, () -> formats.change(standing, Tried::widen));
        formats.change(standing, one -> {
            expect(one, Standing.Phase.HELD, Standing.Phase.SHADOW);
            one.serve(probation, examination);
        });
        LOG.info("codec {} serves on probation, for {} calls{}", named(), wanted, canary == null ? "" : ", some devices first");
        failIfGivenUp(examination);
        if (wanted == 0) {
            examination.pass();
        }
    }

    /** What went into quarantine while it was tried is given to nobody, so nobody would ever find out. */
    private void failIfGivenUp(Examination examination) {
        formats.slots(standing.bundle).stream().filter(slot -> !slot.ward.open()).findFirst()
                .ifPresent(slot -> examination.fail("it went into quarantine " + slot.ward.reason()));
    }

    private static void widen(Standing standing) {
        if (standing.phase == Standing.Phase.SERVING && standing.probation.partial()) {
            standing.probation = standing.probation.widened();
        }
    }

    private void expect(Standing one, Standing.Phase... phases) {
        if (!List.of(phases).contains(one.phase)) {
            throw new IllegalStateException("the codecs of bundle " + one.bundle + " are " + one.phase.name().toLowerCase(Locale.ROOT)
                    + "; a trial begins with those that are held");
        }
        String rival = formats.rival(one);
        if (!rival.isEmpty()) {
            throw new IllegalStateException("one codec after the other: " + rival);
        }
    }

    private void tell(Consumer<Verdict> then, String reason) {
        exchange.crew.herald().execute(() -> {
            try {
                then.accept(new Verdict(reason.isEmpty(), reason));
            } catch (RuntimeException | LinkageError e) {
                LOG.error("the verdict on codec {} could not be told", named(), e);
            }
        });
    }

    private String named() {
        return formats.slots(standing.bundle).stream().map(slot -> slot.origin.toString()).findFirst().orElse("of bundle " + standing.bundle);
    }

    @Override
    public Evidence evidence() {
        Examination now = standing.examination();
        Examination before = standing.shown();
        if (now == null) {
            return Evidence.NONE;
        }
        Evidence last = now.evidence();
        if (before == null) {
            return last;
        }
        Evidence first = before.evidence();
        List<Difference> all = new ArrayList<>(first.differences());
        all.addAll(last.differences());
        return new Evidence(0, 0, last.calls(), last.wanted(), last.errors(), last.fallbacks(), last.p50(), last.p99(),
                first.compared() + last.compared(), first.different() + last.different(),
                all.subList(0, Math.min(all.size(), Comparison.MOST)));
    }

    @Override
    public void settle() {
        Collection<Slot> others = formats.settle(standing, this::named);
        LOG.info("codec {} is settled", named());
        long deadline = System.nanoTime() + exchange.drain().toNanos();
        for (Slot other : others) {
            other.drain(Duration.ofNanos(deadline - System.nanoTime()), Ward.callsOnThisThread());
        }
    }

    @Override
    public void withdraw() {
        formats.change(standing, one -> one.end(Standing.Phase.WITHDRAWN));
        long deadline = System.nanoTime() + exchange.drain().toNanos();
        for (Slot slot : formats.slots(standing.bundle)) {
            long left = slot.close(Duration.ofNanos(deadline - System.nanoTime()), Ward.callsOnThisThread());
            if (left > 0) {
                LOG.warn("codec {} is withdrawn while {} calls are still inside", slot.origin, left);
            }
        }
    }

    @Override
    public void close() {
        if (standing.phase != Standing.Phase.SETTLED) {
            withdraw();
        }
        formats.end(standing);
    }
}
