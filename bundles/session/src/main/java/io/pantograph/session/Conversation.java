package io.pantograph.session;

import io.pantograph.api.core.OutboxLane;
import io.pantograph.api.core.Session;
import io.pantograph.api.dialect.NoLoginException;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeviceStatus;
import io.pantograph.api.model.DeviceStatus.Reason;
import io.pantograph.api.model.DeviceStatus.State;
import io.pantograph.api.transport.Connection;
import io.pantograph.api.transport.ConnectionEvents;
import io.pantograph.api.transport.Incoming;
import io.pantograph.api.transport.Transport;
import io.pantograph.api.transport.TransportException;
import io.pantograph.api.wire.Login;
import io.pantograph.api.wire.Subscription;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * One device's session: connects, and connects again, until it is closed. Everything here happens on the timer's one thread,
 * so nothing needs a lock; whatever comes in from other threads is handed to that one.
 */
final class Conversation implements Session {

    /** A connection that stood for so long was a good one: the next pause is a short one again. */
    private static final Duration GOOD = Duration.ofSeconds(10);
    private static final Duration FAREWELL = Duration.ofSeconds(2);
    private static final Duration FAREWELL_LOOK = Duration.ofMillis(10);
    private static final Duration NO_TRANSPORT = Duration.ofSeconds(1);
    private static final Duration SUBSCRIBING = Duration.ofSeconds(10);
    private static final Duration LEAVING = Duration.ofSeconds(5);

    private final Profile profile;
    private final OutboxLane lane;
    private final Limits limits;
    private final Rooms rooms;
    private final Consumer<Conversation> forget;
    private final Uplink uplink;
    private final Downlink downlink;
    private final Backoff backoff;
    private final CompletableFuture<Void> connected = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile DeviceStatus status;
    private Attempt current;
    private boolean closing;

    /** One try to connect, and the connection that came of it. */
    private final class Attempt implements ConnectionEvents {

        CompletionStage<Connection> connecting;
        Connection connection;
        boolean ready;
        long readyNanos;

        @Override
        public void arrived(Incoming message) {
            downlink.arrived(message);
        }

        @Override
        public void lost(TransportException cause) {
            later(() -> end(this, cause.reason(), cause.getMessage()));
        }

        /** Ends it, however far it came. */
        CompletableFuture<Void> leave() {
            if (connection != null) {
                return connection.close().toCompletableFuture();
            }
            CompletableFuture<Connection> dial = connecting == null ? CompletableFuture.failedFuture(new CancellationException())
                    : connecting.toCompletableFuture();
            if (dial.cancel(false) || dial.isCompletedExceptionally()) {
                return CompletableFuture.completedFuture(null);
            }
            return dial.join().close().toCompletableFuture(); // just made, and not yet told to us
        }
    }

    Conversation(Profile profile, OutboxLane lane, Limits limits, Rooms rooms, Consumer<Conversation> forget) {
        this.profile = profile;
        this.lane = lane;
        this.limits = limits;
        this.rooms = rooms;
        this.forget = forget;
        uplink = new Uplink(profile, lane, limits.window(), rooms.inbound());
        downlink = new Downlink(profile, rooms, limits, () -> later(this::fetchAgain));
        backoff = new Backoff(limits.pause(), rooms.random());
        status = new DeviceStatus(State.CONNECTING, Reason.NONE, "", rooms.clock().instant());
    }

    void begin() {
        later(this::connect);
    }

    @Override
    public DeviceStatus status() {
        return status;
    }

    @Override
    public CompletionStage<Void> connected() {
        return connected;
    }

    private void connect() {
        if (closing) {
            return;
        }
        Transport transport = rooms.transport().get();
        if (transport == null) {
            become(State.WAITING, Reason.NO_NETWORK, "no MQTT transport is installed");
            later(this::connect, NO_TRANSPORT);
            return;
        }
        become(State.CONNECTING, Reason.NONE, "");
        Attempt attempt = new Attempt();
        current = attempt;
        try {
            Login login = capped(profile.login(rooms.clock().instant()));
            downlink.connected(!login.cleanSession());
            attempt.connecting = transport.connect(profile.endpoint(), login, trust(), attempt);
            attempt.connecting.whenComplete((connection, failure) -> later(() -> {
                if (failure == null) {
                    made(attempt, connection, login);
                } else {
                    end(attempt, failure);
                }
            }));
        } catch (NoLoginException e) {
            end(attempt, e.reason(), e.getMessage());
        } catch (IOException | GeneralSecurityException e) {
            end(attempt, Reason.NOT_TRUSTED, e.getMessage());
        } catch (RuntimeException | LinkageError e) {
            end(attempt, Reason.NO_NETWORK, "the login could not be made: " + e);
        }
    }

    private SSLContext trust() throws IOException, GeneralSecurityException {
        return profile.endpoint().scheme().secure() ? rooms.trust().context() : SSLContext.getInstance("TLS"); // not used
    }

    private Login capped(Login login) {
        Duration keepAlive = login.keepAlive();
        if (keepAlive.isZero() || keepAlive.compareTo(limits.keepAlive()) > 0) {
            keepAlive = limits.keepAlive();
        }
        return new Login(login.clientId(), login.user(), login.password(), login.cleanSession(), keepAlive, login.validFor());
    }

    private void made(Attempt attempt, Connection connection, Login login) {
        if (attempt != current || closing) {
            connection.close();
            return;
        }
        attempt.connection = connection;
        List<Subscription> subscriptions = profile.subscriptions();
        if (subscriptions.isEmpty()) {
            ready(attempt, login);
            return;
        }
        later(() -> {
            if (!attempt.ready) {
                end(attempt, Reason.TIMEOUT, "the hub did not answer the subscription within " + SUBSCRIBING.toSeconds() + " s");
            }
        }, SUBSCRIBING);
        connection.subscribe(subscriptions).whenComplete((done, failure) -> later(() -> {
            if (failure == null) {
                ready(attempt, login);
            } else {
                end(attempt, failure);
            }
        }));
    }

    private void ready(Attempt attempt, Login login) {
        if (attempt != current || closing) {
            return;
        }
        attempt.ready = true;
        attempt.readyNanos = System.nanoTime();
        become(State.CONNECTED, Reason.NONE, "");
        tell(() -> connected.complete(null));
        uplink.open(attempt.connection, failure -> later(() -> end(attempt, failure)));
        login.validFor().ifPresent(life -> later(() -> renew(attempt), life.multipliedBy(4).dividedBy(5)));
    }

    /** The login is nearly over: connects anew before the hub would cut us. */
    private void renew(Attempt attempt) {
        if (attempt != current || closing) {
            return;
        }
        current = null;
        attempt.connection.close();
        uplink.shut().whenComplete((done, failure) -> later(this::connect));
    }

    /** Messages were left unacknowledged for want of room; the hub sends them again on a new connection only. */
    private void fetchAgain() {
        if (current != null && current.ready) {
            end(current, Reason.STALLED, "messages from the hub were left for want of room; it repeats them on a new connection");
        }
    }

    private void end(Attempt attempt, Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof TransportException transport) {
            end(attempt, transport.reason(), transport.getMessage());
        } else {
            end(attempt, Reason.NO_NETWORK, String.valueOf(cause));
        }
    }

    private void end(Attempt attempt, Reason reason, String detail) {
        if (attempt != current || closing) {
            return;
        }
        current = null;
        attempt.leave();
        if (attempt.ready && wasGood(attempt, reason)) {
            backoff.reset();
        }
        boolean refused = reason == Reason.BAD_CREDENTIAL || reason == Reason.DEVICE_DISABLED;
        become(State.WAITING, reason, detail == null ? "" : detail);
        if (refused) {
            tell(() -> connected.completeExceptionally(new DeliveryException(DeliveryException.Reason.REFUSED,
                    "the hub refuses device " + profile.device() + " (" + detail + "); check its identity and token")));
        }
        Duration pause = refused ? limits.refusedPause().plusMillis(rooms.random().nextLong(limits.refusedPause().toMillis() + 1)) : backoff.next();
        uplink.shut().whenComplete((done, failure) -> later(this::connect, pause));
    }

    /**
     * One that stood for long, or that the network cut when messages had come through: the next try may come soon. Not one that the hub
     * ended soon, such as when two clients with the same id throw each other out.
     */
    private boolean wasGood(Attempt attempt, Reason reason) {
        return System.nanoTime() - attempt.readyNanos > GOOD.toNanos() || reason != Reason.DROPPED_BY_HUB && uplink.hasProgress();
    }

    /** Looked at every second. */
    void check() {
        Attempt now = current;
        if (now != null && now.ready && uplink.silence() > limits.stall().toNanos()) {
            end(now, Reason.STALLED, "messages are under way, but not one was acknowledged for " + limits.stall().toSeconds() + " s");
        }
    }

    @Override
    public CompletionStage<Void> close() {
        long begin = System.nanoTime();
        later(() -> flush(begin));
        return closed;
    }

    /** What is in the lane may still go, as long as there is a connection. */
    private void flush(long begin) {
        Attempt now = current;
        if (!closing && now != null && now.ready && lane.depth() > 0 && System.nanoTime() - begin < FAREWELL.toNanos()) {
            later(() -> flush(begin), FAREWELL_LOOK);
        } else if (!closing) {
            closing = true;
            leave(now);
        }
    }

    private void leave(Attempt last) {
        current = null;
        CompletableFuture<Void> drained = uplink.shut();
        CompletableFuture<Void> gone = last == null ? CompletableFuture.completedFuture(null) : last.leave();
        CompletableFuture.allOf(drained, gone).orTimeout(LEAVING.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((done, failure) -> finish());
    }

    private void finish() {
        become(State.CLOSED, Reason.NONE, "");
        forget.accept(this);
        tell(() -> {
            connected.completeExceptionally(new DeliveryException(DeliveryException.Reason.CLOSED,
                    "device " + profile.device() + " was closed before it was connected"));
            closed.complete(null);
        });
    }

    /** The room closes: ends the connection without waiting for what is in the lane. */
    CompletableFuture<Void> abandon() {
        later(() -> {
            if (!closing) {
                closing = true;
                leave(current);
            }
        });
        return closed;
    }

    private void become(State state, Reason reason, String detail) {
        status = new DeviceStatus(state, reason, detail, rooms.clock().instant());
        rooms.news().status(profile.device(), status);
    }

    /** Completes a stage that others hold: what they do then is not for the thread on which all devices connect. */
    private void tell(Runnable completion) {
        try {
            rooms.inbound().execute(completion);
        } catch (RejectedExecutionException closingRoom) {
            completion.run();
        }
    }

    private void later(Runnable step) {
        later(step, Duration.ZERO);
    }

    private void later(Runnable step, Duration pause) {
        try {
            rooms.timer().schedule(step, pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closingRoom) {
            closed.complete(null);
        }
    }
}
