package io.pantograph.codecs;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.codecs.CodecFault.Kind;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Where a codec that is not trusted is called: one thread of its own, which others can do without. Callers hand over their call and wait; so
 * a codec that does not come back holds up those who use it, for a second, and nobody else. The thread is there while there is something to do.
 */
final class Lane {

    /** How long the thread stays without work. */
    private static final long IDLE = TimeUnit.SECONDS.toNanos(10);

    private final String name;
    private final Codec codec;
    private final Watch watch;
    private final Consumer<CodecFault> lost;

    private final Queue<Call<?, ?>> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Set<Worker> stuck = ConcurrentHashMap.newKeySet();
    private volatile Worker worker;
    private boolean hiring;
    private volatile boolean resting;
    private volatile CodecFault shut;
    private volatile boolean closed;

    /** @param lost told when a thread was given up; on the thread of the watch */
    Lane(String name, Codec codec, Watch watch, Consumer<CodecFault> lost) {
        this.name = name;
        this.codec = codec;
        this.watch = watch;
        this.lost = lost;
    }

    String name() {
        return name;
    }

    /** Returns when the codec has, or after the budget; whatever the caller's interruption. */
    <I, O> O call(Step<I, O> step, I input, boolean probe) throws CodecException, CodecFault {
        if (waiting.get() >= Limits.WAITING) {
            throw new CodecFault(Kind.BUSY, "has " + Limits.WAITING + " calls waiting already");
        }
        Call<I, O> call = Call.here(step, input, probe);
        submit(call);
        await(call);
        return call.outcome();
    }

    void submit(Call<?, ?> call) {
        waiting.incrementAndGet();
        queue.add(call);
        Worker here = worker;
        if (here == null) {
            hire();
        } else if (resting) {
            LockSupport.unpark(here);
        }
        if (closed) {
            refuseAll(); // it came in beside the closing
        }
    }

    private void await(Call<?, ?> call) {
        long begin = watch.now();
        boolean interrupted = false;
        while (!call.ended()) {
            LockSupport.parkNanos(this, watch.limits().budget());
            interrupted |= Thread.interrupted();
            if (watch.now() - begin > Limits.PATIENCE * watch.limits().budget()) {
                call.refuse(new CodecFault(Kind.BUSY, "keeps its callers waiting; it is called by one thread"));
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void hire() {
        if (worker == null && !hiring && !closed && !queue.isEmpty()) {
            hiring = watch.soon(this::begin);
            if (!hiring) {
                refuseAll(); // the room closes
            }
        }
    }

    private void begin() {
        CodecFault failure = null;
        synchronized (this) {
            hiring = false;
            if (closed || queue.isEmpty()) {
                return;
            }
            try {
                Worker made = new Worker(this, codec, watch);
                worker = made;
                made.start();
                watch.mind(made);
            } catch (OutOfMemoryError e) {
                worker = null;
                failure = new CodecFault(Kind.BUSY, "could be given no thread: the machine has none left");
            }
        }
        if (failure != null) {
            refuse(failure, true);
        }
    }

    /** What the thread is to do next; null if it is to end. */
    Call<?, ?> next(Worker me) {
        while (true) {
            Call<?, ?> call = queue.poll();
            if (call != null) {
                waiting.decrementAndGet();
                return call;
            }
            if (closed || worker != me || rested() && leaves(me)) {
                return null;
            }
        }
    }

    /** @return whether it was long and for nothing */
    private boolean rested() {
        long begin = System.nanoTime();
        resting = true;
        if (queue.isEmpty() && !closed) {
            LockSupport.parkNanos(this, IDLE);
        }
        resting = false;
        return queue.isEmpty() && System.nanoTime() - begin >= IDLE;
    }

    private synchronized boolean leaves(Worker me) {
        worker = null;
        if (queue.isEmpty()) {
            return true;
        }
        worker = me; // who came in just now found it here
        return false;
    }

    /** The thread has ended, whyever. */
    void ended(Worker me) {
        synchronized (this) {
            if (worker == me) {
                worker = null;
            }
        }
        stuck.remove(me);
        hire();
    }

    /** The thread is left to its call; others are served by another one. @return false if it has come back just now */
    boolean giveUp(Worker me, Call<?, ?> call, CodecFault why) {
        stuck.add(me);
        synchronized (this) {
            if (worker == me) {
                worker = null;
            }
        }
        lost.accept(why); // before the caller knows, so that it finds the way past
        boolean given = call.fail(why);
        if (!given) {
            stuck.remove(me);
        }
        hire();
        return given;
    }

    /** How many threads are still in a call that nobody waits for any more. */
    int stuck() {
        return stuck.size();
    }

    /** Nobody but probes is called from now on, and who waits is told so. */
    void shut(CodecFault why) {
        shut = why;
        refuse(why, false);
    }

    void open() {
        shut = null;
    }

    /** Ends the thread. Threads that are stuck stay. */
    void close() {
        closed = true;
        refuseAll();
        LockSupport.unpark(worker);
    }

    private void refuseAll() {
        refuse(gone(), true);
    }

    static CodecFault gone() {
        return new CodecFault(Kind.GONE, "has left");
    }

    private void refuse(CodecFault why, boolean probesToo) {
        queue.removeIf(call -> {
            if (call.probe && !probesToo) {
                return false;
            }
            waiting.decrementAndGet();
            call.refuse(why);
            return true;
        });
    }

    /** Whether the call is not to be made any more; its caller knows then. */
    boolean refuses(Call<?, ?> call) {
        CodecFault why = closed ? gone() : call.probe ? null : shut;
        if (why != null) {
            call.refuse(why);
        }
        return why != null;
    }
}
