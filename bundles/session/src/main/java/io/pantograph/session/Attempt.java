package io.pantograph.session;

import io.pantograph.api.dialect.NoLoginException;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.model.DeviceStatus.Reason;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;

/** One try to connect, and the connection that came of it. On the timer's thread, but for what the transport tells. */
final class Attempt implements ConnectionEvents {

    /** Whose attempt it is; told on the timer's thread. */
    interface Owner {

        /** The login is made; what arrives from now on comes of it. */
        void began(Attempt attempt);

        /** Logged in, and all subscriptions granted. */
        void ready(Attempt attempt);

        void ended(Attempt attempt, Ending how);

        /** On the transport's thread. */
        void arrived(Incoming message);
    }

    private static final Duration SUBSCRIBING = Duration.ofSeconds(10);

    private final Profile profile;
    private final Rooms rooms;
    private final Later timer;
    private final Owner owner;
    private final long begun;
    private final List<Future<?>> alarms = new ArrayList<>(2);
    private Login login;
    private CompletionStage<Connection> connecting;
    private Connection connection;
    private boolean isReady;
    private boolean isOver;
    private long readyNanos;

    Attempt(Profile profile, Rooms rooms, Later timer, Owner owner) {
        this.profile = profile;
        this.rooms = rooms;
        this.timer = timer;
        this.owner = owner;
        begun = rooms.nanos().getAsLong();
    }

    void begin(Transport transport, Limits limits) {
        try {
            login = limits.capped(profile.login(rooms.clock().instant()));
            owner.began(this);
            connecting = transport.connect(profile.endpoint(), login, rooms.trust(profile.endpoint(), profile.certificate()), this);
            connecting.whenComplete((made, failure) -> timer.later(() -> {
                if (failure == null) {
                    made(made);
                } else {
                    owner.ended(this, Ending.ofLogin(failure, profile));
                }
            }));
        } catch (NoLoginException e) {
            owner.ended(this, Ending.noLogin(e));
        } catch (IOException | GeneralSecurityException e) {
            owner.ended(this, new Ending(Reason.NOT_TRUSTED, e.getMessage()));
        } catch (RuntimeException | LinkageError e) {
            owner.ended(this, new Ending(Reason.NO_NETWORK, "the login could not be made: " + e));
        }
    }

    private void made(Connection made) {
        if (isOver) {
            made.close();
            return;
        }
        connection = made;
        try {
            subscribe(profile.subscriptions());
        } catch (RuntimeException | LinkageError e) {
            owner.ended(this, new Ending(Reason.NO_NETWORK, "nothing could be subscribed: " + e));
        }
    }

    private void subscribe(List<Subscription> subscriptions) {
        if (subscriptions.isEmpty()) {
            becomeReady();
            return;
        }
        alarm(timer.later(() -> {
            if (!isReady) {
                owner.ended(this, new Ending(Reason.TIMEOUT, "the hub did not answer the subscription within " + SUBSCRIBING.toSeconds() + " s"));
            }
        }, SUBSCRIBING));
        connection.subscribe(subscriptions).whenComplete((done, failure) -> timer.later(() -> {
            if (failure == null) {
                becomeReady();
            } else {
                owner.ended(this, Ending.of(failure));
            }
        }));
    }

    private void becomeReady() {
        if (!isOver) {
            isReady = true;
            readyNanos = rooms.nanos().getAsLong();
            owner.ready(this);
        }
    }

    @Override
    public void arrived(Incoming message) {
        owner.arrived(message);
    }

    @Override
    public void lost(TransportException cause) {
        timer.later(() -> owner.ended(this, Ending.of(cause)));
    }

    Profile profile() {
        return profile;
    }

    Login login() {
        return login;
    }

    Connection connection() {
        return connection;
    }

    boolean isReady() {
        return isReady;
    }

    /** For how long it has been ready. */
    Duration standing() {
        return Duration.ofNanos(rooms.nanos().getAsLong() - readyNanos);
    }

    /** Whether its login was good for some time, and that is over. */
    boolean isExpired() {
        return login != null && login.validFor().isPresent() && left().isNegative();
    }

    /** What is left, by the monotonic clock, of a login that does not hold for ever. */
    Duration left() {
        return login.validFor().orElseThrow().minusNanos(rooms.nanos().getAsLong() - begun);
    }

    /** To be taken back when it ends. */
    void alarm(Future<?> alarm) {
        alarms.add(alarm);
    }

    /** Ends it, however far it came. */
    CompletableFuture<Void> leave() {
        isOver = true;
        alarms.forEach(alarm -> alarm.cancel(false));
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
