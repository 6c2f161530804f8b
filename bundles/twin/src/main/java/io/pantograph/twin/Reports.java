package io.pantograph.twin;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.NoCodecException;
import io.pantograph.api.dialect.Inbound;
import io.pantograph.api.dialect.TwinGrammar;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeliveryException.Reason;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Values;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * What one device reports: one write is under way, and all that comes meanwhile is merged. Only for the steps of one twin.
 *
 * <p>Usually what waits is one patch. There are more if one would be larger than the cloud takes, or if a report cannot be merged
 * with the one before; a value that was replaced since is not sent then either.
 */
final class Reports {

    /** As long as it is not known how the cloud speaks, and so what it takes. */
    static final int UNKNOWN_BYTES = 1 << 20;
    static final int MOST_PATCHES = 16;
    static final Duration PATIENCE = Duration.ofSeconds(15);

    private record Early(Function<TwinGrammar, Values> shape, int bytes, CompletableFuture<Void> promise) {
    }

    private final DeviceId device;
    private final House house;
    private final Executor serial;
    private final RequestNames names;
    private final Pauses pauses = new Pauses();

    private final Deque<Early> early = new ArrayDeque<>();
    private int earlyBytes;
    private final Deque<Patch> pending = new ArrayDeque<>();
    private Patch underWay;
    private String request;
    private Future<?> timer;
    private boolean resting;
    private TwinGrammar grammar;
    private Line line;

    Reports(DeviceId device, House house, Executor serial, RequestNames names) {
        this.device = device;
        this.house = house;
        this.serial = serial;
        this.names = names;
    }

    /** Takes a report; before {@link #speaks} it waits for that. */
    void take(Function<TwinGrammar, Values> shape, Values raw, CompletableFuture<Void> promise) {
        try {
            if (grammar == null) {
                int bytes = house.json().encode(raw).length();
                if (earlyBytes + bytes > UNKNOWN_BYTES) {
                    throw new DeliveryException(Reason.OVERFLOW, "reports of " + earlyBytes + " bytes wait for the configuration of " + device
                            + " already; configure it, or report less until then");
                }
                earlyBytes += bytes;
                early.add(new Early(shape, bytes, promise));
                return;
            }
            Values patch = shape.apply(grammar);
            int bytes = house.json().encode(patch).length();
            grammar.check(patch, bytes);
            if (patch.isEmpty()) {
                settle(List.of(promise), null);
            } else {
                add(patch, bytes, promise);
            }
        } catch (DeliveryException e) {
            settle(List.of(promise), e);
        } catch (NoCodecException e) {
            settle(List.of(promise), new DeliveryException(Reason.NO_CODEC, "a report of " + device + ": " + e.getMessage(), e));
        } catch (CodecException e) {
            settle(List.of(promise), new DeliveryException(Reason.NOT_ENCODABLE, "a report of " + device + ": " + e.getMessage(), e));
        } catch (RuntimeException | LinkageError e) {
            settle(List.of(promise), new DeliveryException(Reason.UNSUPPORTED, "a report of " + device + " could not be taken: " + e.getMessage(), e));
        }
        next();
    }

    private void add(Values patch, int bytes, CompletableFuture<Void> promise) throws DeliveryException {
        Patch last = pending.peekLast();
        if (last == null || !join(last, patch, bytes)) {
            if (pending.size() >= MOST_PATCHES) {
                throw new DeliveryException(Reason.OVERFLOW,
                        MOST_PATCHES + " full reports of " + device + " wait already; report less, or wait for a connection");
            }
            last = new Patch(patch, bytes);
            pending.add(last);
        }
        last.promises.add(promise);
        replace(last, patch);
    }

    /** Merges it into this one, if that is possible and not too large. */
    private boolean join(Patch into, Values more, int moreBytes) {
        Values merged = Merge.compose(into.values, more);
        if (merged == null) {
            return false;
        }
        int bytes = into.bytes + moreBytes;
        if (!fits(merged, bytes)) {
            try {
                bytes = house.json().encode(merged).length(); // what was replaced does not count
            } catch (CodecException e) {
                return false;
            }
            if (!fits(merged, bytes)) {
                return false;
            }
        }
        into.values = merged;
        into.bytes = bytes;
        return true;
    }

    private boolean fits(Values patch, int bytes) {
        try {
            grammar.check(patch, bytes);
            return true;
        } catch (DeliveryException e) {
            return false;
        }
    }

    /** What this replaces in those that wait before it need not be sent. Who waits for that, waits for the newer value. */
    private void replace(Patch last, Values patch) {
        for (Iterator<Patch> all = pending.iterator(); all.hasNext();) {
            Patch one = all.next();
            if (one == last) {
                return;
            }
            Values left = Merge.without(one.values, patch);
            if (left != one.values) {
                one.values = left;
                last.promises.addAll(one.promises);
                one.promises.clear();
            }
            if (left.isEmpty()) {
                all.remove();
            }
        }
    }

    void speaks(TwinGrammar now) {
        grammar = now;
        if (now != null) {
            List<Early> waited = List.copyOf(early);
            early.clear();
            earlyBytes = 0;
            waited.forEach(one -> take(one.shape(), Values.EMPTY, one.promise()));
        }
    }

    void connected(Line now) {
        line = now;
        pauses.reset();
        next();
    }

    void disconnected() {
        line = null;
        resting = false;
        rewind();
        cancel();
    }

    private void next() {
        while (line != null && underWay == null && !resting && !pending.isEmpty()) {
            send(pending.poll());
        }
    }

    private void send(Patch patch) {
        Bytes body;
        try {
            body = house.json().encode(patch.values);
            line.grammar().check(patch.values, body.length());
        } catch (NoCodecException e) {
            pending.addFirst(patch);
            rest(); // it is being replaced
            return;
        } catch (CodecException e) {
            settle(patch.promises, new DeliveryException(Reason.NOT_ENCODABLE, "reports of " + device + ": " + e.getMessage(), e));
            return;
        } catch (DeliveryException e) {
            settle(patch.promises, e);
            return;
        }
        String name = names.next();
        underWay = patch;
        request = name;
        timer = house.later(PATIENCE, serial, () -> failed(name, false));
        line.send(line.grammar().report(name, body), () -> serial.execute(() -> failed(name, true)));
    }

    /** No answer, or it could not be sent. */
    private void failed(String name, boolean rest) {
        if (underWay != null && name.equals(request)) {
            rewind();
            cancel();
            if (rest) {
                rest();
            }
            next();
        }
    }

    private void rest() {
        resting = true;
        timer = house.later(pauses.next(), serial, this::rested);
    }

    private void rested() {
        resting = false;
        next();
    }

    private void cancel() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    /** What is under way is to be sent again, under what came after it. */
    private void rewind() {
        Patch again = underWay;
        underWay = null;
        if (again == null) {
            return;
        }
        Patch next = pending.peek();
        if (next != null && join(again, next.values, next.bytes)) {
            pending.poll();
            again.promises.addAll(next.promises);
        }
        pending.addFirst(again);
        for (Patch later : List.copyOf(pending)) {
            replace(later, later.values);
        }
    }

    /** @return whether it was an answer to a report */
    boolean answered(Inbound.Answer answer) {
        if (underWay == null || !answer.request().equals(request)) {
            return false;
        }
        cancel();
        int status = answer.status();
        if (status == 408 || status == 429 || status >= 500) {
            rewind();
            rest();
        } else {
            Patch done = underWay;
            underWay = null;
            pauses.reset();
            settle(done.promises, status >= 200 && status < 300 ? null
                    : new DeliveryException(Reason.REFUSED, "the hub refused the report of " + device + " with status " + status));
        }
        next();
        return true;
    }

    private void settle(List<CompletableFuture<Void>> promises, DeliveryException failure) {
        house.tell(promises, promise -> {
            if (failure == null) {
                promise.complete(null);
            } else {
                promise.completeExceptionally(failure);
            }
        });
    }

    /** Fails all that waits. */
    void fail(DeliveryException why) {
        cancel();
        resting = false;
        rewind();
        early.forEach(one -> settle(List.of(one.promise()), why));
        early.clear();
        earlyBytes = 0;
        pending.forEach(patch -> settle(patch.promises, why));
        pending.clear();
    }
}
