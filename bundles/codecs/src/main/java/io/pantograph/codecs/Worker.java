package io.pantograph.codecs;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.codecs.CodecFault.Kind;

/** The thread of a lane. It never lets anything out that a codec throws, and ends when the lane has no use for it. */
final class Worker extends Thread {

    private final Lane lane;
    private final Codec codec;
    private final Watch watch;

    private volatile Call<?, ?> current;
    private long allocated;

    // Of who watches.
    private Call<?, ?> seen;
    private int looks;

    /** To be made by a thread of this room: a thread keeps what its maker was called by. */
    Worker(Lane lane, Codec codec, Watch watch) {
        // What a caller keeps in inheritable thread locals is not for strangers, and neither is its class loader.
        super(null, null, "pantograph-codec-" + lane.name(), 0, false);
        setContextClassLoader(Worker.class.getClassLoader());
        setDaemon(true);
        this.lane = lane;
        this.codec = codec;
        this.watch = watch;
    }

    /** Whether the present thread is one of a codec: what it calls, it calls itself, since nobody else can while it waits. */
    static boolean here() {
        return Thread.currentThread() instanceof Worker;
    }

    @Override
    public void run() {
        try {
            allocated = Allocations.of(this);
            for (Call<?, ?> call = lane.next(this); call != null; call = lane.next(this)) {
                if (!lane.refuses(call) && call.begin() && !work(call)) {
                    break;
                }
            }
        } finally {
            lane.ended(this);
        }
    }

    /** @return false if nobody waited for it to come back */
    private <I, O> boolean work(Call<I, O> call) {
        Thread.interrupted(); // what one call leaves behind is not for the next
        call.begun = watch.now();
        call.allocated = allocated;
        current = call;
        O output = null;
        Exception why = null;
        try {
            output = Attempt.once(call.step, codec, call.input, watch.limits().bytes());
        } catch (CodecException | CodecFault e) {
            why = e;
        } catch (Throwable e) {
            why = EXHAUSTED; // there was not even memory to say so
        }
        current = null;
        allocated = Allocations.of(this);
        if (tooMuch(call, allocated)) {
            why = greedy(allocated - call.allocated);
        }
        return why == null ? call.succeed(output) : call.fail(why);
    }

    private static final CodecFault EXHAUSTED = new CodecFault(Kind.THREW, "threw java.lang.OutOfMemoryError");

    private static boolean tooMuch(Call<?, ?> call, long now) {
        long bytes = now - call.allocated;
        return bytes > Limits.ALLOCATION && !Attempt.explains(call.input, bytes);
    }

    private static CodecFault greedy(long bytes) {
        return new CodecFault(Kind.ALLOCATED, "asked for " + (bytes >> 20) + " MiB of memory for one message, at most " + (Limits.ALLOCATION >> 20) + " are given");
    }

    /** Whether it is where it should be, asked every {@link Watch#TICK}; by who watches, alone. */
    void look(long now) {
        Call<?, ?> call = current;
        if (call == null || call != seen) {
            seen = call;
            looks = 0;
        }
        if (call == null || call.ended()) { // ended: it was given up before
            return;
        }
        looks++;
        long budget = watch.limits().budget();
        long bytes = Allocations.of(this);
        if (tooMuch(call, bytes)) {
            giveUp(call, greedy(bytes - call.allocated));
        } else if (now - call.begun >= budget && looks > budget / Watch.TICK / 2) { // looks, too: a machine that was asleep blames nobody
            giveUp(call, new CodecFault(Kind.SPUN, "did not come back within " + budget / 1_000_000 + " ms"));
        }
    }

    /** Its caller is let go; the room closes. */
    void release() {
        Call<?, ?> call = current;
        if (call != null) {
            giveUp(call, Lane.gone());
        }
    }

    private void giveUp(Call<?, ?> call, CodecFault why) {
        if (lane.giveUp(this, call, why)) {
            interrupt(); // a codec that waits for something hears it; one that spins does not
        }
    }
}
