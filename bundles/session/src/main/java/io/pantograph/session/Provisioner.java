package io.pantograph.session;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.NoCodecException;
import io.pantograph.api.dialect.NoLoginException;
import io.pantograph.api.dialect.Provisioning;
import io.pantograph.api.dialect.Provisioning.Request;
import io.pantograph.api.dialect.Provisioning.Step;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeviceStatus.Reason;
import io.pantograph.api.model.Qos;
import io.pantograph.api.transport.Connection;
import io.pantograph.api.transport.ConnectionEvents;
import io.pantograph.api.transport.Incoming;
import io.pantograph.api.transport.Transport;
import io.pantograph.api.transport.TransportException;
import io.pantograph.api.wire.Frame;
import io.pantograph.api.wire.Login;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Asks once, on a connection of its own, to which hub a device belongs. All but encoding and decoding happens on the timer's thread.
 */
final class Provisioner implements ConnectionEvents {

    private static final Duration SILENCE = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final int MOST_BYTES = 262_144;
    /** Nobody asks for more than one at a time; more than these are not answers. */
    private static final int MOST_UNREAD = 16;

    private final Provisioning language;
    private final Rooms rooms;
    private final Later timer;
    private final Limits limits;
    private final CompletableFuture<Map<String, String>> outcome = new CompletableFuture<>();
    private final AtomicInteger unread = new AtomicInteger();
    private Future<?> silence;
    private Future<?> patience;
    private CompletionStage<Connection> connecting;
    private Connection connection;
    private boolean asked;

    Provisioner(Provisioning language, Rooms rooms, Later timer, Limits limits) {
        this.language = language;
        this.rooms = rooms;
        this.timer = timer;
        this.limits = limits;
    }

    /** @return completes on the timer's thread; fails with {@link NotAssignedException} */
    CompletableFuture<Map<String, String>> start(Transport transport) {
        patience = timer.later(() -> fail(Reason.TIMEOUT, "the service did not decide within " + PATIENCE.toMinutes() + " min"), PATIENCE);
        try {
            Login login = limits.capped(language.login(rooms.clock().instant()));
            connecting = transport.connect(language.endpoint(), login, rooms.trust(language.endpoint(), language.certificate()), this);
            connecting.whenComplete((made, failure) -> timer.later(() -> {
                if (failure == null) {
                    made(made);
                } else {
                    fail(failure);
                }
            }));
        } catch (NoLoginException e) {
            fail(NotAssignedException.noLogin(e.reason(), e.getMessage(), limits.refusedPause()));
        } catch (IOException | GeneralSecurityException e) {
            fail(Reason.NOT_TRUSTED, e.getMessage());
        } catch (RuntimeException | LinkageError e) {
            fail(Reason.NO_NETWORK, "the login could not be made: " + e);
        }
        return outcome;
    }

    private void made(Connection made) {
        connection = made;
        if (outcome.isDone()) {
            made.close();
            return;
        }
        listen(); // for the grant too
        made.subscribe(language.subscriptions()).whenComplete((granted, failure) -> timer.later(() -> {
            if (failure == null) {
                ask(() -> language.register(UUID.randomUUID().toString()));
            } else {
                fail(failure);
            }
        }));
    }

    /** Waits, never for ever, for what comes next. */
    private void listen() {
        hush();
        silence = timer.later(() -> fail(Reason.TIMEOUT, "the service did not answer within " + SILENCE.toSeconds() + " s"), SILENCE);
    }

    private void hush() {
        if (silence != null) {
            silence.cancel(false);
        }
    }

    @FunctionalInterface
    private interface Question {
        Request request();
    }

    private void ask(Question question) {
        if (outcome.isDone()) {
            return;
        }
        listen();
        aside(() -> {
            try {
                Request request = question.request();
                Bytes body = request.body().data() == null ? Bytes.EMPTY : rooms.json().encode(request.body());
                Frame frame = new Frame(request.topic(), body, Qos.AT_LEAST_ONCE);
                timer.later(() -> send(frame));
            } catch (CodecException | RuntimeException | LinkageError e) {
                timer.later(() -> fail(Reason.NO_NETWORK, "the question could not be made: " + e.getMessage()));
            }
        });
    }

    private void send(Frame frame) {
        if (outcome.isDone()) {
            return;
        }
        asked = true;
        connection.publish(frame).whenComplete((sent, failure) -> {
            if (failure != null) {
                timer.later(() -> fail(failure));
            }
        });
    }

    @Override
    public void arrived(Incoming message) {
        message.acknowledge();
        if (message.payload().length() > MOST_BYTES) {
            return;
        }
        if (unread.incrementAndGet() > MOST_UNREAD) {
            unread.decrementAndGet();
            return;
        }
        aside(() -> {
            try {
                Step step = language.read(message.topic(), body(message.payload()));
                timer.later(() -> take(step));
            } catch (NoCodecException e) {
                timer.later(() -> fail(Reason.NO_NETWORK, e.getMessage()));
            } catch (RuntimeException | LinkageError e) {
                timer.later(() -> fail(Reason.HUB_UNAVAILABLE, "the service's answer could not be read: " + e));
            } finally {
                unread.decrementAndGet();
            }
        });
    }

    private Content body(Bytes payload) throws NoCodecException {
        try {
            return payload.isEmpty() ? Content.of(null) : rooms.json().decode(payload);
        } catch (NoCodecException e) {
            throw e;
        } catch (CodecException e) {
            return Content.of(null);
        }
    }

    /** One step for each question: an answer that comes twice must not make two questions. */
    private void take(Step step) {
        if (outcome.isDone() || !asked || step instanceof Step.Other) {
            return;
        }
        asked = false;
        hush();
        if (step instanceof Step.Assigned done) {
            outcome.complete(done.assignment());
            cancel();
        } else if (step instanceof Step.Ask next) {
            timer.later(() -> ask(next::next), next.pause().compareTo(SHORTEST) < 0 ? SHORTEST : next.pause());
        } else if (step instanceof Step.Refused no) {
            fail(NotAssignedException.refused(no.reason(), no.detail(), no.pause()));
        }
    }

    @Override
    public void lost(TransportException cause) {
        timer.later(() -> fail(cause));
    }

    private void fail(Reason reason, String detail) {
        fail(NotAssignedException.failed(reason, detail));
    }

    private void fail(Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        Throwable told = cause instanceof NotAssignedException ? cause
                : cause instanceof TransportException transport
                        ? NotAssignedException.failed(transport.reason(), "at the provisioning service " + language.endpoint() + ": " + transport.getMessage())
                : NotAssignedException.failed(Reason.NO_NETWORK, String.valueOf(cause));
        outcome.completeExceptionally(told);
        cancel();
    }

    /** Ends it, however far it came. */
    CompletableFuture<Void> cancel() {
        outcome.cancel(false);
        hush();
        patience.cancel(false);
        if (connection != null) {
            return connection.close().toCompletableFuture();
        }
        if (connecting != null) {
            connecting.toCompletableFuture().cancel(false); // if it was made just now, made() closes it
        }
        return CompletableFuture.completedFuture(null);
    }

    private void aside(Runnable work) {
        try {
            rooms.inbound().execute(work);
        } catch (RejectedExecutionException closingRoom) {
            // nobody waits for it
        }
    }
}
