package io.pantograph.session;

import io.pantograph.api.core.OutboxLane;
import io.pantograph.api.core.OutboxLane.Entry;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeliveryException.Reason;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Qos;
import io.pantograph.api.transport.Connection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes readings out of the lane and sends them, a window of them at a time.
 *
 * <p>Whoever has something for it to do, an author who has appended, an acknowledgement that has made room, does the sending
 * himself, if nobody is at it; otherwise the one at it goes round once more. So no thread waits and no lock is held, and the lane is
 * drained by one at a time, in order.
 */
final class Uplink {

    private static final Logger LOG = LoggerFactory.getLogger(Uplink.class);
    /** After so many readings an author's thread is given back, and another goes on in its place. */
    private static final int TURN = 1000;

    private final DeviceId device;
    private final OutboxLane lane;
    private final int window;
    /** A full window is filled again from here on: in one go, since each time wakes several threads. */
    private final int refill;
    private final Executor relief;
    private final AtomicInteger wanted = new AtomicInteger();
    private volatile Window current;
    private volatile Window latest;
    private final AtomicReference<CompletableFuture<Void>> closing = new AtomicReference<>();
    private final AtomicReference<CompletableFuture<Void>> draining = new AtomicReference<>();

    /** One connection and what is under way on it. */
    private static final class Window {

        final Profile profile;
        final Connection connection;
        final Consumer<Throwable> broken;
        final AtomicInteger underWay = new AtomicInteger();
        final AtomicBoolean failed = new AtomicBoolean();
        volatile long progress = System.nanoTime();
        volatile boolean progressed;
        /** Readings wait for room; cleared by whoever goes on sending. */
        volatile boolean full;
        /** Asked for when nothing more is sent: completes when nothing is under way. */
        volatile CompletableFuture<Void> drained;

        Window(Profile profile, Connection connection, Consumer<Throwable> broken) {
            this.profile = profile;
            this.connection = connection;
            this.broken = broken;
        }
    }

    Uplink(DeviceId device, OutboxLane lane, int window, Executor relief) {
        this.device = device;
        this.lane = lane;
        this.window = window;
        refill = window - 1 - window / 4;
        this.relief = relief;
        lane.whenFilled(this::filled);
    }

    /** From now on sends on this connection. @param broken is told once if a message gets no acknowledgement; the connection is then no good */
    void open(Profile profile, Connection connection, Consumer<Throwable> broken) {
        Window fresh = new Window(profile, connection, broken);
        latest = fresh;
        current = fresh;
        go();
    }

    /** Whether anything was acknowledged on the connection, the last one if there is none now. */
    boolean hasProgress() {
        Window last = latest;
        return last != null && last.progressed;
    }

    /** Sends no more. @return completes when what is under way on the connection has its acknowledgement, or the connection failed */
    CompletableFuture<Void> drain() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        draining.set(done);
        current = null;
        go();
        return done;
    }

    /** Sends no more. @return completes when nobody is at it any longer, and what was under way is next again */
    CompletableFuture<Void> shut() {
        current = null;
        CompletableFuture<Void> done = closing.updateAndGet(asked -> asked != null ? asked : new CompletableFuture<>());
        go();
        return done;
    }

    /** For how long, in nanoseconds, messages have been under way without one acknowledgement; 0 if none is under way. */
    long silence() {
        Window now = current;
        return now == null || now.underWay.get() == 0 ? 0 : System.nanoTime() - now.progress;
    }

    private void filled() {
        Window now = current;
        // With a full window there is nothing to do: the acknowledgement that makes room comes after this reading was appended.
        if (now != null && !now.full) {
            go();
        }
    }

    private void go() {
        if (wanted.getAndIncrement() == 0) {
            turn(1);
        }
    }

    /** @param seen how often it was wanted when this turn began */
    private void turn(int seen) {
        int missed = seen;
        int left = TURN;
        do {
            try {
                left = send(left);
            } catch (RuntimeException | LinkageError e) {
                LOG.error("sending for {} failed", device, e);
            }
            if (left <= 0) {
                if (handedOver(missed)) {
                    return;
                }
                left = TURN;
            }
            missed = wanted.addAndGet(-missed);
        } while (missed != 0);
    }

    private boolean handedOver(int missed) {
        try {
            relief.execute(() -> turn(missed));
            return true;
        } catch (RejectedExecutionException closingRoom) {
            return false;
        }
    }

    private int send(int most) {
        int left = most;
        CompletableFuture<Void> drained = draining.get() == null ? null : draining.getAndSet(null);
        if (drained != null) {
            await(latest, drained);
        }
        CompletableFuture<Void> end = closing.get() == null ? null : closing.getAndSet(null);
        if (end != null) {
            lane.rewind();
            end.complete(null);
        }
        Window now = current;
        if (now != null) {
            now.full = false;
        }
        while (now != null && now == current && left > 0 && hasRoom(now)) {
            Entry entry = lane.poll();
            if (entry == null) {
                return left;
            }
            publish(now, entry);
            left--;
        }
        return left;
    }

    /** While this turn lasts nobody sends, so from now on it only becomes less. */
    private static void await(Window last, CompletableFuture<Void> drained) {
        if (last != null) {
            last.drained = drained;
        }
        if (last == null || last.underWay.get() == 0) {
            drained.complete(null);
        }
    }

    /** If not, it says so to the acknowledgements; and looks again, for one that came just before it said so. */
    private boolean hasRoom(Window now) {
        if (now.underWay.get() < window) {
            return true;
        }
        now.full = true;
        if (now.underWay.get() > refill) {
            return false;
        }
        now.full = false;
        return true;
    }

    private void publish(Window now, Entry entry) {
        CompletionStage<Void> sent;
        if (now.underWay.getAndIncrement() == 0) {
            now.progress = System.nanoTime();
        }
        try {
            sent = now.connection.publish(now.profile.frame(entry.reading()));
        } catch (RuntimeException | LinkageError e) {
            now.underWay.decrementAndGet();
            lane.refuse(entry, new DeliveryException(Reason.UNSUPPORTED,
                    "event '" + entry.reading().event() + "' of " + device + " could not be sent: " + e, e));
            return;
        }
        boolean atMostOnce = entry.reading().qos() == Qos.AT_MOST_ONCE;
        if (atMostOnce && !sent.toCompletableFuture().isCompletedExceptionally()) {
            lane.acknowledge(entry); // handed over: that is all there is to know, and it must not be sent twice
        }
        sent.whenComplete((nothing, failure) -> {
            if (failure == null && !atMostOnce) {
                lane.acknowledge(entry); // before it is counted: whoever waits until nothing is under way may then rewind the lane
            }
            int left = now.underWay.decrementAndGet();
            if (failure == null) {
                now.progress = System.nanoTime();
                if (!now.progressed) {
                    now.progressed = true;
                }
                if (now.full && left <= refill) {
                    go();
                }
            } else if (!now.failed.getAndSet(true)) {
                now.broken.accept(failure); // it is sent again on the next connection
            }
            CompletableFuture<Void> drained = now.drained;
            if (drained != null && left == 0) {
                drained.complete(null);
            }
        });
    }
}
