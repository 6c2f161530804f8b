package io.pantograph.codecs;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.CodecFaultException;
import io.pantograph.api.core.NoCodecException;
import io.pantograph.api.model.DeviceId;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A codec gets copies of live messages, and what it makes of them is compared and thrown away. Messages do not wait for it: copies go into a
 * bounded queue that another thread works off, and of what does not fit it is simply not told.
 */
final class Shadow implements Tryout {

    static final int MOST = 256;

    private static final Logger LOG = LoggerFactory.getLogger(Shadow.class);

    private static final int HEAVIEST = 4 * 1024 * 1024;

    /** One message. @param before what the serving codec made of it; null if it refused it */
    private record Copy<I, O>(Generation at, Way<I, O> way, I input, O before, int weight) {
    }

    private final Examination examination;
    private final long wanted;
    private final Executor worker;
    private final Queue<Copy<?, ?>> copies = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong weight = new AtomicLong();

    /** @param worker one thread; asked for seldom, with tasks that take as long as there are copies */
    Shadow(Examination examination, long wanted, Executor worker) {
        this.examination = examination;
        this.wanted = wanted;
        this.worker = worker;
    }

    @Override
    public <I, O, R> R call(Route route, Generation now, Way<I, O> way, Shape<O, R> shape, DeviceId device, I input) throws CodecException {
        try {
            return route.by(now.current(), way, (made, by) -> {
                offer(now, way, input, made);
                return shape.of(made, by);
            }, input);
        } catch (CodecFaultException | NoCodecException e) {
            throw e; // says nothing about the other one
        } catch (CodecException e) {
            offer(now, way, input, null);
            throw e;
        }
    }

    private <I, O> void offer(Generation now, Way<I, O> way, I input, O made) {
        if (examination.decided() || waiting.get() >= MOST || weight.get() >= HEAVIEST) {
            return;
        }
        int heavy = Weight.of(input, HEAVIEST);
        weight.addAndGet(heavy);
        copies.add(new Copy<>(now, way, input, made, heavy));
        if (waiting.getAndIncrement() == 0) {
            worker.execute(this::work);
        }
    }

    private void work() {
        do {
            Copy<?, ?> copy = copies.remove();
            weight.addAndGet(-copy.weight);
            try {
                if (!examination.decided()) {
                    examine(copy);
                }
            } catch (RuntimeException | Error e) { // such as content nested without end; the next copy must be looked at all the same
                LOG.warn("a copy of a message {} could not be compared: {}", copy.way, e.toString());
            }
        } while (waiting.decrementAndGet() > 0);
    }

    private <I, O> void examine(Copy<I, O> copy) {
        Slot candidate = copy.at.beside();
        Slot serving = copy.at.current();
        if (candidate.enter() < 0) {
            return;
        }
        if (serving.enter() < 0) { // needed for reading what both wrote
            candidate.leaveUncounted();
            return;
        }
        long begin = System.nanoTime();
        try {
            O after = candidate.ward.call(copy.way.step, copy.input);
            examination.did(System.nanoTime() - begin);
            examination.compared(copy.way, copy.before == null ? Comparison.ofOne(null, after)
                    : Comparison.of(copy.way, copy.before, after, serving.ward));
        } catch (CodecException e) {
            long nanos = System.nanoTime() - begin;
            if (copy.before == null) {
                examination.did(nanos);
                examination.compared(copy.way, List.of());
            } else {
                blame(copy.way, candidate, e, nanos);
            }
        } catch (CodecFault e) {
            if (!e.called()) {
                return; // why it is not called is told by others
            }
            blame(copy.way, candidate, e, System.nanoTime() - begin);
        } finally {
            serving.leaveUncounted();
            candidate.leave();
        }
        if (examination.calls() >= wanted) {
            examination.pass();
        }
    }

    private void blame(Way<?, ?> way, Slot candidate, Exception failure, long nanos) {
        candidate.failed();
        examination.failed(nanos, false, Probation.blamed(way, failure));
    }
}
