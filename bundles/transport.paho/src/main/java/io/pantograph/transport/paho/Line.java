package io.pantograph.transport.paho;

import io.pantograph.api.model.DeviceStatus.Reason;
import io.pantograph.api.transport.Connection;
import io.pantograph.api.transport.ConnectionEvents;
import io.pantograph.api.transport.TransportException;
import io.pantograph.api.wire.Frame;
import io.pantograph.api.wire.Subscription;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;

/** One connection: a Paho client from its birth to the end of its last thread. */
final class Line implements Connection, MqttCallback {

    private static final int GOODBYE_MILLIS = 1_000;
    private static final int THREADS_MILLIS = 1_000;

    private enum State { DIALLING, OPEN, ENDED }

    private final MqttAsyncClient client;
    private final Wire wire;
    private final PahoThreads threads;
    private final CompletableFuture<Connection> outcome;
    private final ConnectionEvents events;
    private final Lines lines;
    private final AtomicReference<State> state = new AtomicReference<>(State.DIALLING);
    private final UnderWay underWay = new UnderWay();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();

    /** @param outcome of the attempt to connect */
    Line(MqttAsyncClient client, Wire wire, PahoThreads threads, CompletableFuture<Connection> outcome, ConnectionEvents events,
            Lines lines) {
        this.client = client;
        this.wire = wire;
        this.threads = threads;
        this.outcome = outcome;
        this.events = events;
        this.lines = lines;
        lines.add(this);
    }

    /** The hub took the login. */
    void opened() {
        state.compareAndSet(State.DIALLING, State.OPEN);
        if (!outcome.complete(this)) {
            discard(); // given up meanwhile
        }
    }

    boolean isOpen() {
        return state.get() == State.OPEN;
    }

    @Override
    public CompletionStage<Void> publish(Frame frame) {
        MqttMessage message = new MqttMessage(frame.payload().shared());
        message.setQos(frame.qos().level());
        Pending pending = new Pending(underWay);
        underWay.add(pending);
        wire.messageAhead();
        boolean given = false;
        try {
            client.publish(frame.topic(), message, null, pending);
            given = true;
        } catch (MqttException e) {
            pending.completeExceptionally(Reasons.lost(e));
        } catch (IllegalArgumentException e) {
            pending.cancel(false);
            throw e;
        } catch (RuntimeException e) {
            pending.completeExceptionally(Reasons.lost(e)); // a closed client answers with whatever its missing parts give
        } finally {
            if (!given) {
                wire.noMessageAhead();
            }
        }
        if (!isOpen()) {
            pending.completeExceptionally(Reasons.over());
        }
        return pending;
    }

    @Override
    public CompletionStage<Void> subscribe(List<Subscription> subscriptions) {
        String[] filters = new String[subscriptions.size()];
        int[] levels = new int[filters.length];
        for (int i = 0; i < filters.length; i++) {
            filters[i] = subscriptions.get(i).filter();
            levels[i] = subscriptions.get(i).qos().level();
        }
        Pending pending = new Subscribing(underWay, filters);
        underWay.add(pending);
        try {
            client.subscribe(filters, levels, null, pending);
        } catch (MqttException | RuntimeException e) {
            pending.completeExceptionally(Reasons.lost(e));
        }
        if (!isOpen()) {
            pending.completeExceptionally(Reasons.over());
        }
        return pending;
    }

    /** Tells the hub that a message is taken charge of. */
    void acknowledge(int packetId, int level) {
        if (!isOpen()) {
            return;
        }
        try {
            client.messageArrivedComplete(packetId, level);
        } catch (MqttException | RuntimeException e) {
            // the connection has just ended; the hub will send the message again
        }
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
        try {
            if (isOpen()) {
                events.arrived(new Arrived(this, topic, message));
            }
        } catch (RuntimeException | LinkageError e) {
            // not to Paho, which would end the connection; not acknowledged, the hub sends it again next time
        }
    }

    @Override
    public void connectionLost(Throwable cause) {
        end(Reasons.lost(cause));
        lines.aside(this::cleanUp);
    }

    @Override
    public void deliveryComplete(IMqttDeliveryToken token) {
        // told to each Pending
    }

    @Override
    public CompletionStage<Void> close() {
        if (state.getAndSet(State.ENDED) == State.OPEN) {
            lines.aside(this::sayGoodbye);
        }
        return gone.minimalCompletionStage();
    }

    /** The transport is going away: an end its owner is told of. */
    void withdraw() {
        TransportException why = Reasons.stopping();
        State before = state.getAndSet(State.ENDED);
        if (before == State.OPEN) {
            tell(why);
            lines.aside(this::sayGoodbye);
        } else if (before == State.DIALLING) {
            wire.abort();
            lines.aside(this::cleanUp);
        }
    }

    /** The attempt failed or was given up. */
    void discard() {
        state.set(State.ENDED);
        wire.abort();
        lines.aside(this::cleanUp);
    }

    private void end(TransportException why) {
        State before = state.getAndSet(State.ENDED);
        if (before == State.OPEN) {
            underWay.failAll(why);
            tell(why);
        } else if (before == State.DIALLING) {
            // cut right after the login was taken: Paho's thread that should have said so was stopped before it did
            outcome.completeExceptionally(why);
        }
    }

    private void tell(TransportException why) {
        try {
            events.lost(why);
        } catch (RuntimeException | LinkageError e) {
            // the owner is half gone; our own end goes on
        }
    }

    private void sayGoodbye() {
        lines.later(GOODBYE_MILLIS, TimeUnit.MILLISECONDS, wire::abort);
        try {
            client.disconnect(0).waitForCompletion(GOODBYE_MILLIS);
        } catch (MqttException | RuntimeException e) {
            // ended by itself, or too slow: then by force
        }
        underWay.failAll(Reasons.over());
        cleanUp();
    }

    /** Waits, with a limit, until nothing of this client is left. */
    private void cleanUp() {
        wire.abort();
        try {
            if (!threads.ended(THREADS_MILLIS)) {
                client.disconnectForcibly(0, 1, false);
                threads.interrupt();
                threads.ended(THREADS_MILLIS);
            }
            client.close(true);
        } catch (MqttException | RuntimeException e) {
            // parts of it are closed already
        } finally {
            underWay.failAll(Reasons.over());
            lines.remove(this);
            gone.complete(null);
        }
    }
}
