package io.pantograph.codecs;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.operator.Share;
import io.pantograph.api.operator.Trial;

/**
 * A codec serves on probation, and the one before stands by: a message that fails in the new one goes whole to that. Some messages are given
 * to both; if what they make of it differs more than it may, the message goes out as the one before made it.
 *
 * <p>Of a message that both refuse the message is to blame, of one that only the new one refuses the new one. What is not a refusal but a
 * fault is always its own.
 */
final class Probation implements Tryout {

    private final Examination examination;
    private final Trial trial;
    private final long wanted;
    private final Share canary;
    private final Runnable widen;

    /**
     * @param canary whom it serves; null: all
     * @param widen is run when the canary has been served enough; more than once does no harm
     */
    Probation(Examination examination, Trial trial, long wanted, Share canary, Runnable widen) {
        this.examination = examination;
        this.trial = trial;
        this.wanted = wanted;
        this.canary = canary;
        this.widen = widen;
    }

    boolean partial() {
        return canary != null;
    }

    /** The same for everybody. */
    Probation widened() {
        return new Probation(examination, trial, wanted, null, widen);
    }

    @Override
    public <I, O, R> R call(Route route, Generation now, Way<I, O> way, Shape<O, R> shape, DeviceId device, I input) throws CodecException {
        Slot before = now.beside();
        if (before != null && (canary != null && !canary.has(device) || examination.lost())) {
            return route.by(before, way, shape, input);
        }
        Slot candidate = now.current();
        long call = candidate.enter();
        if (call < 0) {
            return null;
        }
        boolean compare = examination.begins() && before != null;
        O made;
        long begin = System.nanoTime();
        try {
            made = candidate.ward.call(way.step, input);
        } catch (CodecFault e) {
            return fallBack(route, now, way, shape, input, e, null, System.nanoTime() - begin);
        } catch (CodecException e) {
            return fallBack(route, now, way, shape, input, null, e, System.nanoTime() - begin);
        } finally {
            candidate.leave();
        }
        long nanos = System.nanoTime() - begin;
        Verdict<O> verdict = compare ? compare(before, way, input, made) : null;
        if (verdict != null && verdict.broken) {
            examination.did(nanos);
            if (verdict.refusal != null) {
                throw verdict.refusal;
            }
            return shape.of(verdict.made, before);
        }
        if (way.samples.wants(call)) {
            way.samples.keep(input, made);
        }
        counted(examination.did(nanos));
        return shape.of(made, candidate);
    }

    private void counted(long calls) {
        if (canary != null) {
            if (examination.good() >= trial.canaryCalls()) {
                widen.run();
            }
        } else if (calls >= wanted) {
            examination.pass();
        }
    }

    private <I, O, R> R fallBack(Route route, Generation now, Way<I, O> way, Shape<O, R> shape, I input, CodecFault fault,
            CodecException refusal, long nanos) throws CodecException {
        Slot candidate = now.current();
        Slot before = now.beside();
        if (before == null) {
            if (fault == null) {
                throw refusal; // nobody knows better, so it counts neither for nor against it
            }
            blame(candidate, way, fault, nanos, false);
            // Somebody may have come in its place meanwhile; if not, that is for the caller to hear.
            if (route.generation().has(candidate)) {
                throw route.failed(candidate, fault);
            }
            return null;
        }
        if (before.enter() < 0) {
            return null; // it is on its way out, and the route has turned
        }
        try {
            O made = before.ward.call(way.step, input);
            blame(candidate, way, fault == null ? refusal : fault, nanos, true);
            return shape.of(made, before);
        } catch (CodecException both) {
            if (fault != null) {
                blame(candidate, way, fault, nanos, true);
                throw both;
            }
            counted(examination.did(nanos));
            throw refusal;
        } catch (CodecFault worse) {
            before.failed();
            if (fault == null) {
                counted(examination.did(nanos));
                throw refusal;
            }
            blame(candidate, way, fault, nanos, false);
            throw route.failed(candidate, fault);
        } finally {
            before.leave();
        }
    }

    private void blame(Slot candidate, Way<?, ?> way, Exception failure, long nanos, boolean fallback) {
        if (failure instanceof CodecFault fault && fault.keeps()) {
            return; // it was not called, and whoever took it away knows why
        }
        candidate.failed();
        counted(examination.failed(nanos, fallback, blamed(way, failure)));
    }

    /** Without the text of a refusal, which may quote the message. */
    static String blamed(Way<?, ?> way, Exception failure) {
        return "when " + way + " it " + (failure instanceof CodecFault ? failure.getMessage() : "refused what the version before took");
    }

    private record Verdict<O>(boolean broken, O made, CodecException refusal) {
    }

    /** @return null if there is nothing to compare with */
    private <I, O> Verdict<O> compare(Slot before, Way<I, O> way, I input, O after) {
        if (before.enter() < 0) {
            return null;
        }
        try {
            O made = before.ward.call(way.step, input);
            return new Verdict<>(examination.compared(way, Comparison.of(way, made, after, before.ward)), made, null);
        } catch (CodecException e) {
            return new Verdict<>(examination.compared(way, Comparison.ofOne(null, after)), null, e);
        } catch (CodecFault e) {
            before.failed();
            return null;
        } finally {
            before.leave();
        }
    }
}
