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
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes cloud-to-device messages to their devices: to each device in order, one after the other, the next when it has acknowledged the
 * one before or is gone. So none overtakes another when a new connection comes before the old one is known to have ended.
 */
final class Mail {

    private static final Logger log = LoggerFactory.getLogger(Mail.class);

    /** Under way for one device. @param again somebody called meanwhile */
    private record Round(boolean again) {
    }

    private final CloudMessages messages;
    private final Connections connections;
    private final Line line;
    private final Executor threads;
    private final Map<Identity, Round> rounds = new ConcurrentHashMap<>();

    Mail(CloudMessages messages, Connections connections, Line line, Executor threads) {
        this.messages = messages;
        this.connections = connections;
        this.line = line;
        this.threads = threads;
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
        Optional<Qos> qos = listener(to).flatMap(Connection::wantsMessages);
        try {
            Optional<CloudMessage> first = qos.isEmpty() ? Optional.empty() : messages.take(to);
            if (first.isPresent()) {
                deliver(first.get(), qos.get());
            } else {
                rest(to);
            }
        } catch (RuntimeException e) {
            log.error("the messages to {} cannot be read", to, e);
            rest(to);
        }
    }

    private void deliver(CloudMessage message, Qos qos) {
        Identity to = message.to();
        line.handOver(Connection.session(to), MessageTopic.of(message), message.body(), qos)
                .whenComplete((taken, lost) -> soon(to, () -> settle(message, lost == null)));
    }

    /** Not before it is settled does the next go: what was abandoned is the next again. */
    private void settle(CloudMessage message, boolean taken) {
        CompletionStage<Void> settled = taken ? messages.complete(message) : messages.abandon(message);
        settled.whenComplete((done, failure) -> {
            if (failure != null) {
                log.error("message {} to {} cannot be settled", message.number(), message.to(), failure);
            }
            soon(message.to(), () -> next(message.to()));
        });
    }

    /** Nothing to deliver, or nobody to deliver to. */
    private void rest(Identity to) {
        if (rounds.computeIfPresent(to, (identity, round) -> round.again() ? new Round(false) : null) != null) {
            soon(to, () -> next(to));
        }
    }
}
