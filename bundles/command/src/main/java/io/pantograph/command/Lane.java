package io.pantograph.command;

import io.pantograph.api.command.CommandHandler;
import io.pantograph.api.command.CommandResult;
import io.pantograph.handlers.Handler;
import io.pantograph.handlers.Handlers;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;

/** One device's commands, in the order they came, one at a time. */
final class Lane {

    static final CommandResult STOPPING = CommandResult.failed(503, "the gateway is stopping");

    private final Handlers<CommandHandler> handlers;
    private final Outcomes outcomes;
    private final ExecutorService workers;
    private final Runnable idle;
    private final Consumer<Instant> watch;

    private final Deque<Call> queue = new ArrayDeque<>();
    /** Without a handler so far; all of them came before those in the queue. */
    private final Deque<Call> parked = new ArrayDeque<>();
    private Call running;
    private boolean closed;

    /**
     * @param idle told when there is nothing left to do
     * @param watch told when {@link #expire} is to be called, beside the deadlines
     */
    Lane(Handlers<CommandHandler> handlers, Outcomes outcomes, ExecutorService workers, Runnable idle, Consumer<Instant> watch) {
        this.handlers = handlers;
        this.outcomes = outcomes;
        this.workers = workers;
        this.idle = idle;
        this.watch = watch;
    }

    synchronized int waiting() {
        return queue.size() + parked.size();
    }

    synchronized boolean isIdle() {
        return running == null && queue.isEmpty() && parked.isEmpty();
    }

    synchronized void add(Call call) {
        queue.add(call);
    }

    /** Begins with the next command that has a handler, if nothing is running. */
    void next() {
        Instant[] impatient = {null};
        Call call = take(impatient);
        if (impatient[0] != null) {
            watch.accept(impatient[0]);
        }
        if (call != null) {
            begin(call);
        } else if (isIdle()) {
            idle.run();
        }
    }

    /** @param impatient set to when the first of those that were set aside is to be told that it has no handler */
    private synchronized Call take(Instant[] impatient) {
        while (running == null && !closed && !queue.isEmpty()) {
            Call call = queue.poll();
            call.handler = handlers.enterBest(call.command.device(), call.command.name());
            if (call.handler != null) {
                running = call;
                return call;
            }
            parked.add(call);
            if (call.handlerEnd.isBefore(call.command.deadline())) {
                impatient[0] = earlier(impatient[0], call.handlerEnd);
            }
        }
        return null;
    }

    private void begin(Call call) {
        Handler<CommandHandler> handler = call.handler;
        try {
            workers.execute(() -> run(call, handler));
        } catch (RejectedExecutionException e) {
            call.answer(STOPPING);
            release(call);
        }
    }

    /** A handler came: those set aside are looked at again, before the others since they are older. */
    void handlersChanged() {
        synchronized (this) {
            for (Iterator<Call> last = parked.descendingIterator(); last.hasNext();) {
                queue.addFirst(last.next());
            }
            parked.clear();
        }
        next();
    }

    private void run(Call call, Handler<CommandHandler> handler) {
        call.begun = true; // before the look, so that it is never in doubt
        if (call.answered()) { // its deadline passed while all workers were busy
            release(call);
            return;
        }
        call.since = System.nanoTime();
        CompletionStage<CommandResult> stage = null;
        Throwable failure = null;
        boolean broken = true;
        try {
            stage = handler.service().handle(call.command);
            broken = false;
        } catch (Exception | LinkageError e) {
            failure = e;
            broken = false;
        } finally {
            if (broken) { // an Error goes on its way to the thread's end, but this device must not stand still for it
                finish(call, null, new IllegalStateException("an Error was thrown"));
            }
        }
        if (stage == null) {
            finish(call, null, failure != null ? failure : new NullPointerException("the handler returned null instead of a stage"));
            return;
        }
        returned(call);
        stage.whenComplete((result, why) -> finish(call, result,
                result == null && why == null ? new NullPointerException("the handler's stage completed with null") : why));
    }

    /** The method has returned; if the deadline has passed meanwhile, nobody waits for the stage. */
    private void returned(Call call) {
        synchronized (this) {
            call.returned = true;
        }
        if (call.answered()) {
            release(call);
        }
    }

    private void finish(Call call, CommandResult result, Throwable failure) {
        Handler<CommandHandler> handler;
        synchronized (this) {
            handler = call.handler;
        }
        call.count(handler, failure != null);
        if (failure != null) {
            outcomes.failed(call, failure);
        } else {
            call.answer(result);
        }
        release(call);
    }

    /** Once for each call: the handler is rid of it, and the next may begin. */
    private void release(Call call) {
        Handler<CommandHandler> handler;
        synchronized (this) {
            handler = call.handler;
            call.handler = null;
            if (running == call) {
                running = null;
            }
        }
        if (handler != null) {
            handler.leave();
            next();
        }
    }

    /** Answers those whose time is over. @return when the next one's is; null if there is none */
    Instant expire(Instant now) {
        List<Call> late = new ArrayList<>();
        List<Call> unhandled = new ArrayList<>();
        Instant earliest = null;
        Call overdue = null;
        synchronized (this) {
            earliest = expire(queue, now, call -> call.command.deadline(), late, earliest);
            earliest = expire(parked, now, call -> call.handlerEnd, unhandled, earliest);
            earliest = withoutHandler(now, unhandled, earliest);
            if (running != null && !running.answered()) {
                if (running.command.deadline().isAfter(now)) {
                    earliest = earlier(earliest, running.command.deadline());
                } else {
                    overdue = running;
                }
            }
        }
        late.forEach(outcomes::neverBegun);
        unhandled.forEach(outcomes::unhandled);
        if (overdue != null) {
            outcomes.late(overdue);
            boolean returned;
            Handler<CommandHandler> handler;
            synchronized (this) {
                returned = overdue.returned;
                handler = overdue.handler;
            }
            if (overdue.begun) {
                overdue.count(handler, true);
            }
            if (returned) { // or else returned() does it
                release(overdue);
            }
        } else if (isIdle()) {
            idle.run();
        }
        return earliest;
    }

    private static Instant expire(Deque<Call> calls, Instant now, Function<Call, Instant> end, List<Call> over, Instant earliest) {
        Instant next = earliest;
        for (Iterator<Call> all = calls.iterator(); all.hasNext();) {
            Call call = all.next();
            if (end.apply(call).isAfter(now)) {
                next = earlier(next, end.apply(call));
            } else {
                over.add(call);
                all.remove();
            }
        }
        return next;
    }

    /** Of those that wait for their turn, those that would not wait so long for a handler, and have none. */
    private Instant withoutHandler(Instant now, List<Call> unhandled, Instant earliest) {
        Instant next = earliest;
        for (Iterator<Call> all = queue.iterator(); all.hasNext();) {
            Call call = all.next();
            if (call.handlerEnd.isAfter(now)) {
                next = earlier(next, call.handlerEnd);
            } else if (!handlers.present(call.command.device(), call.command.name())) {
                unhandled.add(call);
                all.remove();
            }
        }
        return next;
    }

    static Instant earlier(Instant one, Instant other) {
        return one == null || other != null && other.isBefore(one) ? other : one;
    }

    /** Nothing more begins; what waits or runs is answered 503. */
    void close() {
        List<Call> left = new ArrayList<>();
        synchronized (this) {
            closed = true;
            left.addAll(parked);
            left.addAll(queue);
            if (running != null) {
                left.add(running);
            }
            parked.clear();
            queue.clear();
        }
        left.forEach(call -> call.answer(STOPPING));
    }
}
