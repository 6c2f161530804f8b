package io.pantograph.codecs;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.Recent;
import io.pantograph.codecs.CodecFault.Kind;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where one codec is called, and the only place where it is. Whatever it does harms the message that it was called for and, if it does so
 * again and again, itself: it goes into quarantine, which is told to the listener, as is its end. A fence against faults, no sandbox: code
 * that means harm finds its way around.
 */
final class Ward {

    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    private static final Logger LOG = LoggerFactory.getLogger(Ward.class);

    /** How many messages of the past a codec in quarantine is tried with, for each of its formats. */
    static final int SAMPLES = 8;

    enum State {
        /** It is called. */
        OPEN,
        /** It was in quarantine, and one call is let through to see whether it does well again. */
        HALF_OPEN,
        /** It is not called, and tried again after a while. */
        QUARANTINED,
        /** It has too many threads that never came back; only a restart gets rid of those. */
        BARRED
    }

    /** A message of the past, to try the codec with. */
    record Sample<I, O>(Step<I, O> step, I input) {

        /** @return null if nobody could read or write it */
        static Sample<?, ?> of(Recent recent) {
            if (recent instanceof Recent.Encoded out) {
                return out.made().isEmpty() ? null : new Sample<>(Step.ENCODE, out.content());
            }
            return recent instanceof Recent.Decoded in && in.made().isPresent() ? new Sample<>(Step.DECODE, in.bytes()) : null;
        }
    }

    /** Whether these limits trust it. */
    private record Trust(Limits by, boolean given) {
    }

    private final String name;
    private final String bundle;
    private final Codec codec;
    private final Watch watch;
    private final Lane lane;
    private final Strikes strikes = new Strikes();
    private final AtomicBoolean trying = new AtomicBoolean();

    private Trust trust = new Trust(null, false); // immutable, so any thread's view of it will do
    private volatile State state = State.OPEN;
    private volatile boolean onTrial;
    private volatile String reason = "";
    private volatile Future<?> again;
    private volatile boolean closed;
    private volatile Slot slot;
    private volatile Supplier<List<Sample<?, ?>>> samples = List::of;
    private volatile Runnable turned = () -> { };

    /** Of a codec that is trusted. */
    Ward(Codec codec) {
        this("of a trusted bundle", "", codec, new Watch(new Limits(Set.of(""), Limits.USUAL.budget(), Limits.USUAL.bytes(), Limits.USUAL.probe())));
    }

    /**
     * @param name for people: bundle and version
     * @param bundle its name, by which it is trusted or not
     */
    Ward(String name, String bundle, Codec codec, Watch watch) {
        this.name = name;
        this.bundle = bundle;
        this.codec = codec;
        this.watch = watch;
        lane = new Lane(name, codec, watch, this::lost);
    }

    /** On which a lease is taken whenever it is tried without being asked to. */
    void of(Slot holder) {
        slot = holder;
    }

    /** Messages that it is tried with before it is let out of quarantine; without any, the next real one has to do. */
    void samples(Supplier<List<Sample<?, ?>>> source) {
        samples = source;
    }

    /** Is run each time when it goes into quarantine or comes out of it, on any thread and without a lock held. */
    void onTurn(Runnable listener) {
        turned = listener;
    }

    /** A codec on trial is trusted by nobody. */
    void onTrial(boolean now) {
        onTrial = now;
    }

    /**
     * Has this codec do this with the input; never null. From any thread that holds a lease on its {@link Slot}: on this thread if its
     * bundle is trusted and did well of late, or if this is the thread of a codec itself; else on its own.
     *
     * @throws CodecException that the codec threw because of the message
     * @throws CodecFault if it did what no codec may do, or is not called because of that
     */
    <I, O> O call(Step<I, O> step, I input) throws CodecException, CodecFault {
        boolean probe = state != State.OPEN && admitted();
        try {
            O output = direct() ? Attempt.once(step, codec, input, watch.limits().bytes()) : lane.call(step, input, probe);
            if (probe) {
                open("one message went well");
            } else {
                strikes.well();
            }
            return output;
        } catch (CodecFault fault) {
            if (fault.called()) {
                struck(fault, probe);
            }
            throw fault;
        } finally {
            if (probe) {
                trying.set(false);
            }
        }
    }

    private boolean direct() {
        return strikes.calm() && !onTrial && trusted(watch.limits()) || Worker.here();
    }

    // Asked for every message, and seldom another answer.
    private boolean trusted(Limits now) {
        Trust known = trust;
        if (known.by != now) {
            known = new Trust(now, now.inline().contains(bundle));
            trust = known;
        }
        return known.given;
    }

    private boolean admitted() throws CodecFault {
        if (state == State.HALF_OPEN && trying.compareAndSet(false, true)) {
            return true;
        }
        throw quarantined();
    }

    private CodecFault quarantined() {
        return new CodecFault(Kind.QUARANTINED, "is in quarantine " + reason);
    }

    private void struck(CodecFault fault, boolean probe) {
        if (strikes.strike()) {
            quarantine(fault.getMessage() + strikes);
        } else if (probe) {
            quarantine(fault.getMessage() + " again");
        }
    }

    /** It keeps a thread, so this once is enough. */
    private void lost(CodecFault fault) {
        quarantine(fault.getMessage());
    }

    private void quarantine(String why) {
        synchronized (this) {
            if (closed || state == State.QUARANTINED || state == State.BARRED) {
                return;
            }
            begin(why);
        }
        LOG.error("codec {} is in quarantine {}", name, reason);
        turned.run();
    }

    // Under the lock of this object.
    private void begin(String why) {
        long pause = watch.limits().probe();
        reason = "since it " + why + "; it is tried again in " + pause / 1_000_000_000 + " s";
        state = State.QUARANTINED;
        if (!bar()) {
            again = watch.after(pause, this::rehearse);
        }
        lane.shut(quarantined());
    }

    private boolean bar() {
        if (lane.stuck() < Limits.STUCK) {
            return false;
        }
        reason = "for good, since it holds " + lane.stuck() + " threads that never came back; update it and restart the gateway";
        state = State.BARRED;
        LOG.error("codec {} is in quarantine {}", name, reason);
        return true;
    }

    /** Off the traffic, since the next message need not pay for it. Without any message of the past one of the present has to do. */
    private void rehearse() {
        List<Sample<?, ?>> known = samples.get();
        if (state != State.QUARANTINED) {
            return;
        }
        if (known.isEmpty()) {
            half();
            return;
        }
        Slot held = slot;
        if (held != null && held.enter() < 0) {
            return; // it is leaving
        }
        Step<List<Sample<?, ?>>, Object> all = (codec, list) -> rehearsed(list);
        @SuppressWarnings({"unchecked", "rawtypes"}) // the hook wants the call that wants the hook
        Call<List<Sample<?, ?>>, Object>[] call = new Call[1];
        call[0] = new Call<>(all, known, true, () -> judge(call[0]));
        lane.submit(call[0]);
    }

    /** @return the fault, or how many of them it could read */
    private Object rehearsed(List<Sample<?, ?>> known) {
        int well = 0;
        for (Sample<?, ?> sample : known) {
            try {
                once(sample);
                well++;
            } catch (CodecException e) {
                // No message is for every codec.
            } catch (CodecFault fault) {
                return fault;
            }
        }
        return well;
    }

    private <I, O> void once(Sample<I, O> sample) throws CodecException, CodecFault {
        Attempt.once(sample.step, codec, sample.input, watch.limits().bytes());
    }

    private void judge(Call<?, Object> call) {
        if (slot != null) {
            slot.leave();
        }
        try {
            Object outcome = call.outcome();
            if (outcome instanceof CodecFault fault) {
                throw fault;
            }
            if (Integer.valueOf(0).equals(outcome)) {
                half();
            } else {
                open(outcome + " messages of the past went well");
            }
        } catch (CodecException | CodecFault e) {
            synchronized (this) {
                if (state == State.QUARANTINED && !closed) {
                    begin(e.getMessage());
                }
            }
        }
    }

    private void half() {
        synchronized (this) {
            if (state != State.QUARANTINED || closed) {
                return;
            }
            state = State.HALF_OPEN;
        }
        turned.run();
    }

    private void open(String why) {
        synchronized (this) {
            if (state == State.OPEN || state == State.BARRED || closed) {
                return;
            }
            state = State.OPEN;
            reason = "";
            strikes.clear();
            lane.open();
        }
        LOG.info("codec {} is out of quarantine: {}", name, why);
        turned.run();
    }

    /** Whether messages may be given to it. */
    boolean open() {
        return state == State.OPEN;
    }

    /** Whether it is in quarantine, but one message at a time may be given to it, if there is nobody else: if that goes well, it is open. */
    boolean halfOpen() {
        return state == State.HALF_OPEN;
    }

    /** Why it is in quarantine and when it is tried next, to be put after {@code in quarantine}; empty if it is open. */
    String reason() {
        return reason;
    }

    /** Since it last did well. */
    int strikes() {
        return strikes.inARow();
    }

    /** That never came back from it. */
    int stuckThreads() {
        return lane.stuck();
    }

    /** Its codec is on its way out, and no call is inside any more, or those that are have been given up. Its thread ends. */
    void close() {
        turned = () -> { };
        samples = List::of;
        Future<?> due;
        synchronized (this) {
            closed = true;
            due = again;
        }
        if (due != null) {
            due.cancel(false);
        }
        lane.close();
        if (lane.stuck() > 0) {
            LOG.error("codec {} leaves {} threads behind that never came back; they and its classes stay until the gateway is restarted",
                    name, lane.stuck());
        }
    }

    /** How many calls of codecs the present thread is in the middle of: it cannot wait for their end. */
    static int callsOnThisThread() {
        int here = STACK.walk(frames -> (int) frames
                .filter(frame -> frame.getDeclaringClass() == Ward.class && frame.getMethodName().equals("call"))
                .count());
        return Worker.here() ? here + 1 : here; // the outermost waits on the caller's thread
    }
}
