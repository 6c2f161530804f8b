package io.pantograph.device;

import io.pantograph.api.core.Coded;
import io.pantograph.api.core.DeviceTwin;
import io.pantograph.api.core.News;
import io.pantograph.api.core.NoCodecException;
import io.pantograph.api.core.Outbox;
import io.pantograph.api.core.OutboxLane;
import io.pantograph.api.core.Session;
import io.pantograph.api.core.Sessions;
import io.pantograph.api.core.Twins;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.dialect.Reading;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeliveryException.Reason;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.DeviceStatus;
import io.pantograph.api.model.Telemetry;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One device: its lane and its twin, which stay, and its sessions, of which there is one at a time. All but {@link #publish},
 * {@link #twin}, {@link #status} and {@link #connected} is for whoever holds the lock of {@link Devices}.
 */
final class Link {

    private static final Logger log = LoggerFactory.getLogger("io.pantograph.devices");

    private final DeviceId id;
    private final OutboxLane lane;
    private final DeviceTwin twin;
    private final Sessions sessions;
    private final Routes routes;
    private final News news;
    private final InstantSource clock;
    private final Object lock;
    private final Aside aside;

    private volatile Profile wanted;
    private volatile Session session;
    private volatile DeviceStatus own;
    private volatile CompletableFuture<Void> connected = new CompletableFuture<>();
    private Profile running;
    private CompletableFuture<Void> closing = CompletableFuture.completedFuture(null);

    Link(DeviceId id, Outbox outbox, Twins twins, Sessions sessions, Routes routes, ParkingLot lot, News news, InstantSource clock, Object lock) {
        this.id = id;
        this.sessions = sessions;
        this.routes = routes;
        this.news = news;
        this.clock = clock;
        this.lock = lock;
        lane = outbox.lane(id);
        twin = twins.of(id);
        aside = new Aside(id, lot, format -> routes.of(format).ready(), this::send);
        own = new DeviceStatus(DeviceStatus.State.WAITING, DeviceStatus.Reason.NONE, "", clock.instant());
    }

    DeviceId id() {
        return id;
    }

    /** The hot path: encode, check, append; no lock of ours and no look-up but one. */
    CompletionStage<Void> publish(Telemetry telemetry) {
        Instant now = clock.instant();
        Optional<Instant> expiry = expiry(now, telemetry.timeToLive());
        if (!aside.isEmpty()) {
            CompletionStage<Void> behind = aside.behind(telemetry, now, expiry);
            if (behind != null) {
                return behind;
            }
        }
        try {
            return send(telemetry, now, expiry);
        } catch (NoCodecException e) {
            return e.wasKnown() ? aside.keep(telemetry, now, expiry, e.getMessage()) : CompletableFuture.failedStage(why(id, telemetry, e));
        } catch (CodecException | DeliveryException | RuntimeException | LinkageError e) {
            return CompletableFuture.failedStage(why(id, telemetry, e));
        }
    }

    private CompletionStage<Void> send(Telemetry telemetry, Instant accepted, Optional<Instant> expiry) throws CodecException, DeliveryException {
        Coded<Bytes> payload = routes.of(telemetry.format()).encode(id, telemetry.content());
        Reading reading = new Reading(telemetry.event(), telemetry.format(), payload.value(), telemetry.qos(), telemetry.properties(),
                telemetry.messageId(), telemetry.correlationId(), accepted, expiry, telemetry.headers(), payload.by());
        Profile profile = wanted;
        if (profile != null) {
            profile.check(reading);
        }
        return lane.append(reading);
    }

    /** What its author is told when it could not be sent because of this. */
    static DeliveryException why(DeviceId id, Telemetry telemetry, Throwable failure) {
        String event = "event '" + telemetry.event() + "' of " + id;
        if (failure instanceof DeliveryException told) {
            return told;
        }
        if (failure instanceof NoCodecException) {
            return new DeliveryException(Reason.NO_CODEC, event + ": " + failure.getMessage(), failure);
        }
        if (failure instanceof CodecException) {
            return new DeliveryException(Reason.NOT_ENCODABLE, event + " cannot be said in " + telemetry.format() + ": " + failure.getMessage(),
                    failure);
        }
        return new DeliveryException(Reason.UNSUPPORTED, event + " could not be taken: " + failure, failure);
    }

    private static Optional<Instant> expiry(Instant now, Optional<Duration> life) {
        if (life.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(now.plus(life.get()));
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty(); // longer than time itself
        }
    }

    static <T> CompletionStage<T> failed(Reason reason, String message, Throwable cause) {
        return CompletableFuture.failedStage(new DeliveryException(reason, message, cause));
    }

    /** How many readings are accepted and without an outcome. */
    int pending() {
        return lane.depth() + aside.count();
    }

    DeviceTwin twin() {
        return twin;
    }

    DeviceStatus status() {
        Session now = session;
        return now != null ? now.status() : own;
    }

    CompletionStage<Void> connected() {
        return connected.minimalCompletionStage();
    }

    /** From now on with this profile. A session with another one is closed first. */
    void run(Profile profile) {
        if (wanted != profile) {
            speak(profile);
        }
        wanted = profile;
        pump();
    }

    private void speak(Profile profile) {
        try {
            twin.speaks(profile.twin());
        } catch (RuntimeException | LinkageError e) { // the dialect may be half gone; until it is told again, reports wait
            log.warn("the dialect of {} failed to say how it speaks of twins: {}", id, e.toString());
        }
    }

    /** No session for now, because of this. */
    void pause(String why) {
        rest(DeviceStatus.State.WAITING, why);
    }

    /** No session any more; what is left in the lane fails when {@link #end} is called, after {@link #closing}. */
    void stop() {
        rest(DeviceStatus.State.CLOSED, "");
    }

    private void rest(DeviceStatus.State state, String why) {
        wanted = null;
        DeviceStatus before = own;
        if (state != before.state() || !why.equals(before.detail())) {
            own = new DeviceStatus(state, DeviceStatus.Reason.NONE, why, clock.instant());
            if (session == null && closing.isDone()) {
                news.status(id, own);
            }
        }
        pump();
    }

    /** Completes when the session that is ending, if any, is gone. */
    CompletableFuture<Void> closing() {
        return closing;
    }

    void end() {
        aside.close();
        lane.close();
        twin.close();
        connected.completeExceptionally(new DeliveryException(Reason.CLOSED, "device " + id + " was closed before it was connected"));
    }

    private void pump() {
        if (!closing.isDone() || running == wanted) {
            return;
        }
        if (session != null) {
            Session ending = session;
            session = null;
            running = null;
            closing = new CompletableFuture<>();
            ending.close().whenComplete((done, failure) -> ended(failure));
            return;
        }
        open();
    }

    private void ended(Throwable failure) {
        synchronized (lock) {
            lane.rewind(); // what it had under way is the next one's
            closing.complete(null);
            if (wanted == null) {
                news.status(id, own);
            }
            pump();
        }
    }

    private void open() {
        running = wanted;
        if (connected.isCompletedExceptionally()) {
            connected = new CompletableFuture<>();
        }
        CompletableFuture<Void> first = connected;
        Session opened = sessions.open(running, new CheckedLane(lane, running));
        session = opened;
        opened.connected().whenComplete((done, failure) -> {
            if (failure == null) {
                first.complete(null);
            } else if (session == opened) { // one that was closed for another says nothing of the device
                first.completeExceptionally(failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure);
            }
        });
    }
}
