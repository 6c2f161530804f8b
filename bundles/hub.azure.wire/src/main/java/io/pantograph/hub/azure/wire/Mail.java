package io.pantograph.hub.azure.wire;

import io.pantograph.api.azure.CloudMessage;
import io.pantograph.api.azure.CloudMessages;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.model.Qos;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes cloud-to-device messages to their devices: to each device in order, one after the other, the next when it has acknowledged the
 * one before, is gone, or had it for a minute. So none overtakes another when a new connection comes before the old one is known to have ended.
 */
final class Mail {

    private static final Logger log = LoggerFactory.getLogger(Mail.class);

    /** As long is a message the device's; then it is the next again. */
    private static final int LOCK_S = 60;
    private static final int AGAIN_S = 1;

    /** Under way for one device. @param again somebody called meanwhile */
    private record Round(boolean again) {
    }

    private final CloudMessages messages;
    private final Connections connections;
    private final Line line;
    private final Executor threads;
    private final ScheduledExecutorService timer;
    private final Map<Identity, Round> rounds = new ConcurrentHashMap<>();

    Mail(CloudMessages messages, Connections connections, Line line, Executor threads, ScheduledExecutorService timer) {
        this.messages = messages;
        this.connections = connections;
        this.line = line;
        this.threads = threads;
        this.timer = timer;
    }

    /** A message may wait, or the device may listen now. */
    void wake(Identity to) {
        if (listener(to).isPresent() && !rounds.compute(to, (identity, round) -> new Round(round != null)).again()) {
            soon(to, () -> next(to));
        }
    }

    private Optional<Connection> listener(Identity to) {
        return connections.of(to).filter(device -> device.wantsMessages().isPresent());
    }

    private void soon(Identity to, Runnable work) {
        try {
            threads.execute(work);
        } catch (RejectedExecutionException stopping) {
            rounds.remove(to);
        }
    }

    private void next(Identity to) {
        Optional<Connection> listener = listener(to);
        try {
            Optional<CloudMessage> first = listener.isEmpty() ? Optional.empty() : messages.take(to);
            if (first.isPresent()) {
                deliver(first.get(), listener.get());
            } else {
                rest(to);
            }
        } catch (RejectedExecutionException stopping) {
            rounds.remove(to);
        } catch (RuntimeException e) {
            log.error("the messages to {} cannot be read", to, e);
            rest(to);
        }
    }

    private void deliver(CloudMessage message, Connection listener) {
        Identity to = message.to();
        AtomicBoolean open = new AtomicBoolean(true);
        Future<?> limit = timer.schedule(() -> {
            if (open.compareAndSet(true, false)) {
                soon(to, () -> settle(message, false, () -> soon(to, () -> next(to))));
            }
        }, LOCK_S, TimeUnit.SECONDS);
        line.handOver(Connection.session(to), MessageTopic.of(message), message.body(),
                listener.wantsMessages().orElse(Qos.AT_LEAST_ONCE)).whenComplete((taken, lost) -> {
            limit.cancel(false);
            if (open.compareAndSet(true, false)) {
                soon(to, () -> settle(message, lost == null, () -> goOn(listener, lost == null)));
            } else if (lost == null) {
                soon(to, () -> settle(message, true, () -> { })); // late, and told once more meanwhile
            }
        });
    }

    /** Not before it is settled does the next go: what was abandoned is the next again. */
    private void settle(CloudMessage message, boolean taken, Runnable then) {
        CompletionStage<Void> settled = taken ? messages.complete(message) : messages.abandon(message);
        settled.whenComplete((done, failure) -> {
            if (failure != null) {
                log.error("message {} to {} cannot be settled", message.number(), message.to(), failure);
            }
            then.run();
        });
    }

    /** A connection that is ending is still here for a moment: tried at once again and again, a message would soon count as undeliverable. */
    private void goOn(Connection listener, boolean taken) {
        Identity to = listener.identity();
        if (taken) {
            soon(to, () -> next(to));
            return;
        }
        rounds.remove(to); // and with it that the abandoned one waits
        if (!connections.isPresent(listener)) {
            wake(to);
            return;
        }
        try {
            timer.schedule(() -> wake(to), AGAIN_S, TimeUnit.SECONDS);
        } catch (RejectedExecutionException stopping) {
            // then nobody is told any more
        }
    }

    /** Nothing to deliver, or nobody to deliver to. */
    private void rest(Identity to) {
        if (rounds.computeIfPresent(to, (identity, round) -> round.again() ? new Round(false) : null) != null) {
            soon(to, () -> next(to));
        }
    }
}
