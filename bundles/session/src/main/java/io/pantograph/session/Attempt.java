package io.pantograph.session;

import io.pantograph.api.dialect.Profile;
import io.pantograph.api.transport.Connection;
import io.pantograph.api.wire.Login;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;

/** One try to connect, and the connection that came of it. For the timer's thread. */
final class Attempt {

    final Profile profile;
    /** When the login was made, by the monotonic clock. */
    final long begun;
    /** When the connection was ready. */
    long ready;
    Login login;
    CompletionStage<Connection> connecting;
    Connection connection;
    private boolean isReady;
    private final List<Future<?>> alarms = new ArrayList<>(2);

    Attempt(Profile profile, long begun) {
        this.profile = profile;
        this.begun = begun;
    }

    boolean isReady() {
        return isReady;
    }

    void ready(long now) {
        isReady = true;
        ready = now;
    }

    /** How long the login is still good, at this time; never for one that is good for ever. */
    boolean isOver(long now) {
        return login != null && login.validFor().isPresent() && left(now).isNegative();
    }

    /** What is left of a login that does not hold for ever. */
    Duration left(long now) {
        return login.validFor().get().minusNanos(now - begun);
    }

    /** To be taken back when it ends. */
    void alarm(Future<?> alarm) {
        alarms.add(alarm);
    }

    /** Ends it, however far it came. */
    CompletableFuture<Void> leave() {
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
