package io.pantograph.session;

import static io.pantograph.api.command.CommandResult.failed;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.command.Command;
import io.pantograph.api.command.CommandResult;
import io.pantograph.api.core.NoCodecException;
import io.pantograph.api.dialect.Inbound;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.model.Condition;
import io.pantograph.api.model.Condition.Kind;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Names;
import io.pantograph.api.transport.Incoming;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes what comes from the hub: reads and decodes it, hands it on, and acknowledges it when it is done with. In order, on the
 * threads of the room; the transport's thread only puts it into the queue.
 *
 * <p>A call whose asker waits, and what is said of the twin, is acknowledged at once: for these the hub's kept copy is of no use, the
 * asker asks again and the twin is read again. They do not wait behind commands in hand either.
 */
final class Downlink {

    private final DeviceId device;
    private final Rooms rooms;
    private final Duration patience;
    private final InHand inHand;
    private final Answers answers;
    private final TwinLine twin;
    private final ManagementLine management;
    private final Queue<InHand.One> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger wanted = new AtomicInteger();
    private final String prefix;
    private volatile Profile profile;
    private volatile boolean progressed;
    private long count;

    /** @param fetchAgain called when messages were left and there is room for them now */
    Downlink(DeviceId device, Rooms rooms, Limits limits, Answers answers, TwinLine twin, ManagementLine management, Runnable fetchAgain) {
        this.device = device;
        this.rooms = rooms;
        this.answers = answers;
        this.twin = twin;
        this.management = management;
        patience = limits.commandPatience();
        inHand = new InHand(limits.inbound(), rooms.nanos(), detail -> tell(Kind.OVERFLOW, "-", "-", detail), fetchAgain);
        prefix = Long.toString(rooms.clock().millis(), 36) + '-';
    }

    /** A new connection begins. @param keepsSession whether its hub repeats what was not acknowledged on the one before */
    void connected(Profile profile, boolean keepsSession) {
        this.profile = profile;
        progressed = false;
        inHand.connected(keepsSession);
    }

    /** Whether a command or call has come since the connection began, the last one if there is none now. */
    boolean hasProgress() {
        return progressed;
    }

    /** The connection is gone: what is acknowledged from now on the hub does not hear. */
    void disconnected() {
        inHand.disconnected();
    }

    /** On the transport's thread. */
    void arrived(Incoming message) {
        InHand.One taken = inHand.arrived(message);
        if (taken == null) {
            return;
        }
        queue.add(taken);
        if (wanted.getAndIncrement() == 0) {
            try {
                rooms.inbound().execute(this::turn);
            } catch (RejectedExecutionException closing) {
                // not acknowledged, so not lost
            }
        }
    }

    private void turn() {
        int missed;
        do {
            missed = wanted.get();
            for (InHand.One next = queue.poll(); next != null; next = queue.poll()) {
                take(next);
            }
        } while (wanted.addAndGet(-missed) != 0);
    }

    private void take(InHand.One message) {
        Profile language = profile;
        Inbound inbound;
        try {
            inbound = language.read(message.topic, message.payload);
        } catch (RuntimeException | LinkageError e) {
            inbound = new Inbound.Unreadable("the dialect failed on it: " + e.getClass().getName());
        }
        if (inbound instanceof Inbound.Call call) {
            call(message, language, call);
        } else if (inbound instanceof Inbound.Answer answer) {
            inHand.done(message, true);
            twin.answered(answer);
        } else if (inbound instanceof Inbound.Changed change) {
            inHand.done(message, true);
            twin.changed(change);
        } else if (inbound instanceof Inbound.Managed managed) {
            inHand.done(message, true);
            management.asked(managed);
        } else if (inbound instanceof Inbound.Unreadable unreadable) {
            tell(Kind.UNREADABLE, "-", "-", "topic '" + Names.visible(message.topic) + "': " + unreadable.reason());
            inHand.done(message, true);
        }
    }

    private void call(InHand.One message, Profile language, Inbound.Call call) {
        if (!inHand.command(message)) {
            return;
        }
        progressed = true;
        if (call.asked().isEmpty()) {
            Instant now = rooms.clock().instant();
            rooms.parking().take(new HeldCommand(device, call, id(message, call), now, now.plus(patience),
                    () -> inHand.acknowledge(message), taken -> inHand.done(message, taken)));
            return;
        }
        Inbound.Asked asked = call.asked().get();
        inHand.acknowledge(message);
        long begun = rooms.nanos().getAsLong();
        answers.asked(asked.ticket(), message.origin);
        carriedOut(message, call, asked).whenComplete((result, failure) -> {
            answers.answer(language, call, asked, failure == null ? result : failed(500, "the command failed"), begun, message.origin);
            inHand.done(message, true);
        });
    }

    /**
     * A cloud may count the calls of each connection from one: what looks the same on the next connection is then another call, and on the
     * same connection the same.
     */
    private String id(InHand.One message, Inbound.Call call) {
        return call.asked().isPresent() ? prefix + message.origin + '/' + call.id().orElseGet(() -> call.asked().get().ticket())
                : call.id().orElseGet(() -> prefix + ++count);
    }

    private CompletionStage<CommandResult> carriedOut(InHand.One message, Inbound.Call call, Inbound.Asked asked) {
        Instant now = rooms.clock().instant();
        try {
            Content content = content(call);
            Command command = new Command(id(message, call), call.device(), call.command(), call.format(),
                    content.time().isPresent() ? content : content.at(now), now.plus(asked.patience()), call.properties());
            return rooms.commands().dispatch(command, asked.handlerPatience());
        } catch (NoCodecException e) {
            return refused(Kind.MISSING_DECODER, call, 415, e.getMessage());
        } catch (CodecException e) {
            return refused(Kind.UNDECODABLE, call, 400, e.getMessage());
        } catch (RuntimeException | LinkageError e) {
            return refused(Kind.UNREADABLE, call, 500, "it could not be taken: " + e);
        }
    }

    private Content content(Inbound.Call call) throws CodecException {
        if (call.payload().isEmpty()) {
            return Content.of(null);
        }
        return call.format().equals(Inbound.Call.RAW) ? Content.of(call.payload())
                : rooms.codecs().route(call.format()).decode(device, call.payload()).value();
    }

    private CompletionStage<CommandResult> refused(Kind kind, Inbound.Call call, int status, String why) {
        tell(kind, call.command(), call.format(), why);
        return CompletableFuture.completedFuture(failed(status, why));
    }

    private void tell(Kind kind, String subject, String format, String detail) {
        rooms.news().condition(new Condition(kind, device, subject, format, detail, rooms.clock().instant()));
    }
}
