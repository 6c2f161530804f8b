package io.pantograph.hub.azure.wire;

import io.pantograph.api.azure.CloudMessage;
import io.pantograph.api.azure.CloudMessages;
import io.pantograph.api.model.Qos;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes cloud-to-device messages to one connection, in order, one after the other: the next when the device has acknowledged the one
 * before. What it has not acknowledged when it goes waits for its next connection.
 */
final class Deliveries {

    private static final Logger log = LoggerFactory.getLogger(Deliveries.class);
    /** After a message could not be handed over, or while an older connection still holds one. */
    private static final int AGAIN_S = 2;

    private final Connection device;
    private final House house;
    private final CloudMessages messages;
    private boolean busy;
    private boolean again;
    private boolean later;
    private boolean ended;

    Deliveries(Connection device, House house) {
        this.device = device;
        this.house = house;
        messages = house.keep().messages();
    }

    /** There may be something to deliver. */
    void wake() {
        synchronized (this) {
            if (ended || busy) {
                again = true;
                return;
            }
            busy = true;
        }
        soon(this::next);
    }

    /** The connection is gone. */
    synchronized void end() {
        ended = true;
    }

    private synchronized boolean ended() {
        return ended;
    }

    private void soon(Runnable work) {
        try {
            house.threads().execute(work);
        } catch (RejectedExecutionException stopping) {
            end();
        }
    }

    private void next() {
        Optional<Qos> qos = ended() ? Optional.empty() : device.wantsMessages();
        if (qos.isEmpty()) {
            rest(false);
            return;
        }
        try {
            Optional<CloudMessage> first = messages.take(device.identity());
            if (first.isPresent()) {
                deliver(first.get(), qos.get());
            } else {
                rest(messages.count(device.identity()) > 0);
            }
        } catch (RuntimeException e) {
            log.error("the messages of {} cannot be read", device.clientId(), e);
            rest(true);
        }
    }

    private void deliver(CloudMessage message, Qos qos) {
        house.line().handOver(device.session(), MessageTopic.of(message), message.body(), qos).whenComplete((done, lost) -> soon(() -> {
            if (lost == null) {
                settled(messages.complete(message), this::next);
            } else {
                settled(messages.abandon(message), () -> {
                    rest(true);
                    house.connections().of(device.identity()).filter(newer -> newer != device).ifPresent(Connection::wake);
                });
            }
        }));
    }

    private void settled(CompletionStage<Void> stage, Runnable then) {
        CompletableFuture<Void> done = stage.toCompletableFuture();
        done.whenComplete((ok, failure) -> {
            if (failure != null) {
                log.error("a message of {} cannot be settled", device.clientId(), failure);
            }
            soon(then);
        });
    }

    /** @param more something waits that cannot be delivered now */
    private void rest(boolean more) {
        boolean goOn;
        boolean schedule;
        synchronized (this) {
            goOn = again && !ended;
            again = false;
            busy = goOn;
            schedule = more && !goOn && !ended && !later;
            later |= schedule;
        }
        if (goOn) {
            soon(this::next);
        } else if (schedule) {
            house.timer().schedule(this::retry, AGAIN_S, TimeUnit.SECONDS);
        }
    }

    private void retry() {
        synchronized (this) {
            later = false;
        }
        wake();
    }
}
