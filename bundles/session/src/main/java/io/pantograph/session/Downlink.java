package io.pantograph.session;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.command.Command;
import io.pantograph.api.core.NoCodecException;
import io.pantograph.api.dialect.Inbound;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Condition;
import io.pantograph.api.model.Condition.Kind;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Qos;
import io.pantograph.api.transport.Incoming;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes what comes from the hub: reads and decodes it, hands it on, and acknowledges it when it is done with. In order, on the
 * threads of the room; the transport's thread only puts it into the queue.
 *
 * <p>Bounded by acknowledging: beyond the limit a message is left unacknowledged. A hub that keeps the session sends it again, on
 * the next connection; so that is made when there is room. One that does not keep the session repeats nothing: there it is
 * acknowledged and lost, and reported, since a hub that waits for too many acknowledgements sends nothing more.
 */
final class Downlink {

    /** A message in hand. Its connection may end before it is done with; a hub that repeats it then speaks of this one. */
    private static final class InHand {

        final String topic;
        final Bytes payload;
        Incoming message;
        int connection;

        InHand(Incoming message, int connection) {
            this.topic = message.topic();
            this.payload = message.payload();
            this.message = message;
            this.connection = connection;
        }
    }

    /** The dispatcher has no room for it, or is stopping: nobody has taken charge. */
    private static final int NOT_TAKEN = 503;
    private static final long MOST_BYTES = 16 * 1024 * 1024;

    private final Profile profile;
    private final Rooms rooms;
    private final Limits limits;
    private final Runnable fetchAgain;
    private final Queue<InHand> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger wanted = new AtomicInteger();
    private final Deque<InHand> inHand = new ArrayDeque<>();
    private final String prefix;
    private long bytes;
    private int connection;
    private boolean repeats;
    private boolean left;
    private long count;

    /** @param fetchAgain called when messages were left and there is room for them now */
    Downlink(Profile profile, Rooms rooms, Limits limits, Runnable fetchAgain) {
        this.profile = profile;
        this.rooms = rooms;
        this.limits = limits;
        this.fetchAgain = fetchAgain;
        prefix = Long.toString(rooms.clock().millis(), 36) + '-';
    }

    /** A new connection begins. @param keepsSession whether its hub repeats what was not acknowledged on the one before */
    void connected(boolean keepsSession) {
        synchronized (inHand) {
            connection++;
            repeats = keepsSession;
            left = false;
        }
    }

    /** On the transport's thread. */
    void arrived(Incoming message) {
        InHand taken = null;
        boolean leave;
        synchronized (inHand) {
            if (repeats(message) && repeated(message)) {
                return;
            }
            if (inHand.size() < limits.inbound() && bytes + message.payload().length() <= MOST_BYTES) {
                taken = new InHand(message, connection);
                inHand.add(taken);
                bytes += message.payload().length();
            }
            leave = taken == null && repeats(message);
            left |= leave;
        }
        if (taken == null) {
            if (!leave) {
                message.acknowledge();
            }
            tell(Kind.OVERFLOW, "-", "-", "more than " + limits.inbound() + " messages or " + MOST_BYTES + " bytes from the hub are in work; one more was "
                    + (leave ? "left to be repeated" : "dropped"));
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

    /**
     * Whether this is the hub's repetition of a message that we still have in hand from an earlier connection: then its
     * acknowledgement belongs to that one. The duplicate mark is not asked: it is a hint only, and what is in hand is known.
     */
    private boolean repeated(Incoming message) {
        for (InHand one : inHand) {
            if (one.connection < connection && one.topic.equals(message.topic()) && one.payload.equals(message.payload())) {
                one.connection = connection;
                one.message = message;
                return true;
            }
        }
        return false;
    }

    private void turn() {
        int missed;
        do {
            missed = wanted.get();
            for (InHand next = queue.poll(); next != null; next = queue.poll()) {
                take(next);
            }
        } while (wanted.addAndGet(-missed) != 0);
    }

    private void take(InHand message) {
        Inbound inbound;
        try {
            inbound = profile.read(message.topic, message.payload);
        } catch (RuntimeException | LinkageError e) {
            inbound = new Inbound.Unreadable("the dialect failed on it: " + e.getClass().getName());
        }
        if (inbound instanceof Inbound.Call call) {
            command(message, call);
        } else if (inbound instanceof Inbound.Unreadable unreadable) {
            tell(Kind.UNREADABLE, "-", "-", "topic '" + Names.visible(message.topic) + "': " + unreadable.reason());
            done(message, true);
        }
    }

    private void command(InHand message, Inbound.Call call) {
        Instant now = rooms.clock().instant();
        try {
            Content content = rooms.codecs().route(call.format()).decode(call.payload());
            Command command = new Command(prefix + ++count, call.device(), call.command(), call.format(),
                    content.time().isPresent() ? content : content.at(now), now.plus(limits.commandPatience()));
            rooms.commands().dispatch(command)
                    .whenComplete((result, failure) -> done(message, failure != null || result.status() != NOT_TAKEN));
        } catch (NoCodecException e) {
            tell(Kind.MISSING_DECODER, call.command(), call.format(), e.getMessage());
            done(message, true);
        } catch (CodecException e) {
            tell(Kind.UNDECODABLE, call.command(), call.format(), e.getMessage());
            done(message, true);
        } catch (RuntimeException | LinkageError e) {
            tell(Kind.UNREADABLE, call.command(), call.format(), "it could not be taken: " + e);
            done(message, true);
        }
    }

    /** @param taken whether somebody took charge of it */
    private void done(InHand message, boolean taken) {
        Incoming last;
        boolean leave;
        boolean room;
        synchronized (inHand) {
            remove(message);
            last = message.message; // of the latest connection
            leave = !taken && repeats(last);
            left |= leave;
            room = left && inHand.isEmpty();
            left &= !room;
        }
        if (!leave) {
            last.acknowledge();
        }
        if (room) {
            fetchAgain.run();
        }
    }

    private void remove(InHand message) {
        Iterator<InHand> all = inHand.iterator(); // as a rule it is the first
        while (all.hasNext()) {
            if (all.next() == message) {
                all.remove();
                bytes -= message.payload.length();
                return;
            }
        }
    }

    private boolean repeats(Incoming message) {
        return repeats && message.qos() != Qos.AT_MOST_ONCE;
    }

    private void tell(Kind kind, String subject, String format, String detail) {
        rooms.news().condition(new Condition(kind, profile.device(), subject, format, detail, rooms.clock().instant()));
    }
}
