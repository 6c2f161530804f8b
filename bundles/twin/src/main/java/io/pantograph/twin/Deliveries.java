package io.pantograph.twin;

import io.pantograph.api.dialect.TwinGrammar.Wish;
import io.pantograph.api.model.Condition.Kind;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Names;
import io.pantograph.api.twin.Desired;
import io.pantograph.api.twin.DesiredHandler;
import io.pantograph.api.twin.DesiredResult;
import io.pantograph.handlers.Handler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;

/**
 * Gives one device's desired values to handlers: one at a time, of each property only the newest, never an older version after a
 * newer one. Values without a handler wait. Only for the steps of one twin.
 */
final class Deliveries {

    static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Which value of the device. */
    record Key(Optional<String> component, String property) {

        static Key of(Wish wish) {
            return new Key(wish.component(), wish.property());
        }
    }

    /** What was given to whom. */
    private record Given(Desired desired, Handler<DesiredHandler> handler) {
    }

    /** What became of a value. */
    record Answer(int status, Optional<String> note, Object value) {

        static Answer of(Desired desired, DesiredResult result) {
            return new Answer(result.status(), result.note(), result.value().map(Content::data).orElse(desired.value()));
        }
    }

    private final DeviceId device;
    private final House house;
    private final Executor serial;
    private final BiConsumer<Desired, Answer> report;

    /** What is wanted now, as far as was heard. */
    private Map<Key, Object> known = Map.of();
    /** Oldest change first, so that versions only grow. */
    private final Map<Key, Desired> waiting = new LinkedHashMap<>();
    /** What handlers were given last, of what is still wanted. */
    private final Map<Key, Given> given = new HashMap<>();
    private Call running;
    private boolean closed;

    /** A value in the hands of a handler. */
    private final class Call {

        final Desired desired;
        final Handler<DesiredHandler> handler;
        final long since = System.nanoTime();
        Future<?> timer;
        boolean returned;
        boolean late;
        boolean left;

        Call(Desired desired, Handler<DesiredHandler> handler) {
            this.desired = desired;
            this.handler = handler;
        }
    }

    /** @param report takes the answers */
    Deliveries(DeviceId device, House house, Executor serial, BiConsumer<Desired, Answer> report) {
        this.device = device;
        this.house = house;
        this.serial = serial;
        this.report = report;
    }

    /**
     * This is wanted now.
     *
     * @param named what the change was about; given to a handler even if it is what was wanted before
     */
    void wanted(List<Wish> wishes, Set<Key> named, long version) {
        Map<Key, Object> now = new LinkedHashMap<>();
        wishes.forEach(wish -> now.put(Key.of(wish), wish.value()));
        for (Key gone : known.keySet()) {
            if (!now.containsKey(gone)) {
                offer(gone, null, version);
            }
        }
        now.forEach((key, value) -> {
            if (named.contains(key) || !known.containsKey(key) || !Objects.equals(value, known.get(key))) {
                offer(key, value, version);
            }
        });
        known = now;
        next();
    }

    private void offer(Key key, Object value, long version) {
        waiting.remove(key);
        if (value != null || given.containsKey(key)) { // else nobody ever heard of it
            waiting.put(key, new Desired(device, key.component(), key.property(), value, version));
        }
    }

    /**
     * A handler came. What waits may be for it; and so may what was given to one that has gone, be it that its bundle was updated: the
     * new one begins without what the old one knew.
     */
    void handlersChanged() {
        List<Desired> all = new ArrayList<>(waiting.values());
        given.forEach((key, last) -> {
            if (last.handler().isLeaving() && !waiting.containsKey(key)) {
                all.add(last.desired());
            }
        });
        if (all.size() > waiting.size()) {
            all.sort(Comparator.comparingLong(Desired::version));
            waiting.clear();
            all.forEach(one -> waiting.put(new Key(one.component(), one.property()), one));
        }
        next();
    }

    /** Gives the next one that has a handler, if none is in hand. */
    void next() {
        if (running != null || closed) {
            return;
        }
        for (Iterator<Map.Entry<Key, Desired>> all = waiting.entrySet().iterator(); all.hasNext();) {
            Map.Entry<Key, Desired> one = all.next();
            Handler<DesiredHandler> handler =
                    house.handlers().enterBest(device, one.getKey().property(), one.getKey().component().orElse(""));
            if (handler != null) {
                all.remove();
                begin(one.getKey(), new Call(one.getValue(), handler));
                return;
            }
        }
    }

    private void begin(Key key, Call call) {
        running = call;
        if (call.desired.value() == null) {
            given.remove(key);
        } else {
            given.put(key, new Given(call.desired, call.handler));
        }
        call.timer = house.later(PATIENCE, serial, () -> overdue(call));
        house.work(() -> run(call));
    }

    /** On a worker's thread. */
    private void run(Call call) {
        CompletionStage<DesiredResult> stage = null;
        Throwable failure = new IllegalStateException("an Error was thrown");
        try {
            stage = call.handler.service().handle(call.desired);
            failure = stage == null ? new NullPointerException("the handler returned null instead of a stage") : null;
        } catch (Exception | LinkageError e) {
            failure = e;
        } finally {
            if (failure != null) { // an Error goes on its way to the thread's end, but this device must not stand still for it
                Throwable why = failure;
                serial.execute(() -> finished(call, null, why));
            }
        }
        if (stage != null) {
            serial.execute(() -> returned(call));
            stage.whenComplete((result, why) -> serial.execute(() -> finished(call, result,
                    result == null && why == null ? new NullPointerException("the handler's stage completed with null") : why)));
        }
    }

    private void returned(Call call) {
        call.returned = true;
        if (call.late) {
            release(call);
        }
    }

    private void overdue(Call call) {
        if (call.left || call.late) {
            return;
        }
        call.late = true;
        call.handler.did(System.nanoTime() - call.since, true);
        house.condition(Kind.LATE, device, call.desired.property(), "the handler of this desired value did not answer within "
                + PATIENCE.toSeconds() + " s; the next ones go on");
        if (call.returned) { // else its thread is still in there, and the device must not be in two at once
            release(call);
        }
    }

    private void finished(Call call, DesiredResult result, Throwable failure) {
        if (!call.late && !call.left) {
            call.handler.did(System.nanoTime() - call.since, failure != null);
        }
        try {
            if (!closed && !superseded(call.desired)) {
                answer(call.desired, result, failure);
            }
        } finally {
            release(call);
        }
    }

    private void answer(Desired desired, DesiredResult result, Throwable failure) {
        if (failure == null) {
            report.accept(desired, Answer.of(desired, result));
            return;
        }
        house.condition(Kind.HANDLER_FAILED, device, desired.property(), "the handler of this desired value failed: " + described(failure));
        report.accept(desired, new Answer(500, Optional.of("the handler failed"), desired.value()));
    }

    /** Whether a handler was given a newer value of the same meanwhile, which only happens to an answer that is late. */
    private boolean superseded(Desired desired) {
        Given last = given.get(new Key(desired.component(), desired.property()));
        return last != null && last.desired().version() > desired.version();
    }

    /** Whether this is what a handler was given last of it, and nothing newer waits. */
    boolean isOpen(Desired desired) {
        Key key = new Key(desired.component(), desired.property());
        Given last = given.get(key);
        return last != null && last.desired().version() == desired.version() && !waiting.containsKey(key);
    }

    /** Once for each call: the handler is rid of it, and the next may begin. */
    private void release(Call call) {
        if (!call.left) {
            call.left = true;
            call.timer.cancel(false);
            call.handler.leave();
            if (running == call) {
                running = null;
            }
            next();
        }
    }

    void close() {
        closed = true;
        waiting.clear();
        given.clear();
        if (running != null) {
            running.timer.cancel(false);
        }
    }

    /** Kind and message, and where in the handler's own code: enough to find it, and short. */
    private static String described(Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        StackTraceElement[] trace = cause.getStackTrace();
        return cause.getClass().getSimpleName() + (cause.getMessage() == null ? "" : " '" + Names.visible(cause.getMessage()) + "'")
                + (trace.length == 0 ? "" : " at " + trace[0].getClassName() + ':' + trace[0].getLineNumber());
    }
}
