package io.pantograph.session;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.command.CommandResult;
import io.pantograph.api.core.NoCodecException;
import io.pantograph.api.dialect.Inbound;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Condition;
import io.pantograph.api.model.Condition.Kind;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.transport.Connection;
import io.pantograph.api.wire.Frame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Sends the answers to calls whose askers wait: on the connection that is there or, if it was cut meanwhile, on the next one, as long
 * as somebody waits. From any thread.
 */
final class Answers {

    /** An answer on its way. The asker is gone when the monotonic clock shows more than {@code until}. */
    private record Answer(Inbound.Call call, Frame frame, long until, Asking asking) {
    }

    /** A call by its ticket, and the number of the connection on which it came. */
    private record Asking(String ticket, int connection) {
    }

    private static final int FAILED = 500;

    private final DeviceId device;
    private final Rooms rooms;
    private final int most;
    private final Deque<Answer> held = new ArrayDeque<>();
    /** By ticket, the connection of the latest call of this name that is not answered yet. */
    private final Map<String, Integer> latest = new HashMap<>();
    private Connection current;

    /** @param most that may wait for the next connection; one more drives out the oldest */
    Answers(DeviceId device, Rooms rooms, int most) {
        this.device = device;
        this.rooms = rooms;
        this.most = most;
    }

    /** From now on sends on this connection, first what waited for it. */
    void open(Connection connection) {
        List<Answer> waited;
        synchronized (held) {
            current = connection;
            waited = new ArrayList<>(held);
            held.clear();
        }
        if (!waited.isEmpty()) {
            try {
                rooms.inbound().execute(() -> waited.forEach(this::send)); // not here: sending may wait for the socket
            } catch (RejectedExecutionException closingRoom) {
                // nobody sends it any more
            }
        }
    }

    /** The connection is no good any more. */
    void shut() {
        synchronized (held) {
            current = null;
        }
    }

    /**
     * A call came whose asker waits. Where a cloud uses its tickets again on the next connection, an answer to an earlier call must
     * not be taken for the answer to this one.
     */
    void asked(String ticket, int connection) {
        synchronized (held) {
            latest.put(ticket, connection);
        }
    }

    /** @param begun when the call came, by the monotonic clock. @param connection as it was told to {@link #asked} */
    void answer(Profile profile, Inbound.Call call, Inbound.Asked asked, CommandResult result, long begun, int connection) {
        Asking asking = new Asking(asked.ticket(), connection);
        Frame frame = frame(profile, call, asked.ticket(), result);
        if (frame == null) {
            done(asking);
        } else {
            send(new Answer(call, frame, begun + asked.patience().toNanos(), asking));
        }
    }

    private void done(Asking asking) {
        synchronized (held) {
            latest.remove(asking.ticket(), asking.connection());
        }
    }

    private Frame frame(Profile profile, Inbound.Call call, String ticket, CommandResult result) {
        try {
            return profile.answer(ticket, result.status(), encoded(result.content()));
        } catch (CodecException | RuntimeException | LinkageError e) {
            return apology(profile, call, ticket, "the answer with status " + result.status() + " could not be sent: " + message(e));
        }
    }

    private Frame apology(Profile profile, Inbound.Call call, String ticket, String why) {
        tell(Kind.HANDLER_FAILED, call, why + "; " + FAILED + " was answered in its place");
        for (Bytes body : List.of(sentence(why), Bytes.EMPTY)) {
            try {
                return profile.answer(ticket, FAILED, body);
            } catch (RuntimeException | LinkageError e) {
                tell(Kind.HANDLER_FAILED, call, "no answer could be made: " + message(e));
            }
        }
        return null;
    }

    private Bytes sentence(String why) {
        try {
            return encoded(Content.of("message", why));
        } catch (CodecException e) {
            return Bytes.EMPTY; // without the codec there is the status at least
        }
    }

    private Bytes encoded(Content content) throws CodecException {
        return content.data() == null ? Bytes.EMPTY : rooms.json().encode(content);
    }

    private static String message(Throwable failure) {
        return failure instanceof NoCodecException || failure instanceof IllegalArgumentException ? failure.getMessage() : failure.toString();
    }

    private void send(Answer answer) {
        send(answer, null);
    }

    /** @param failed a connection on which it is not to be tried again. A hub that has the answer already knows the ticket no longer */
    private void send(Answer answer, Connection failed) {
        Connection now;
        Answer driven = null;
        boolean late = false;
        boolean mistakable;
        synchronized (held) {
            mistakable = latest.getOrDefault(answer.asking().ticket(), 0) > answer.asking().connection();
            now = current == failed ? null : current;
            if (now == null && !mistakable) {
                late = left(answer) <= 0;
                driven = !late && held.size() == most ? held.poll() : null;
                if (!late) {
                    held.add(answer);
                }
            }
        }
        if (mistakable) {
            drop(answer, "there was an answer, but on the next connection the hub has given the same request id to another call; it was dropped");
        } else if (now != null) {
            publish(answer, now);
        } else if (late) {
            late(answer);
        } else {
            giveUpInTime(answer);
        }
        if (driven != null) {
            late(driven);
        }
    }

    private void publish(Answer answer, Connection connection) {
        CompletionStage<Void> sent;
        try {
            sent = connection.publish(answer.frame());
        } catch (RuntimeException | LinkageError e) {
            done(answer.asking());
            tell(Kind.HANDLER_FAILED, answer.call(), "the answer could not be sent: " + message(e));
            return;
        }
        sent.whenComplete((done, failure) -> {
            if (failure == null) {
                done(answer.asking());
            } else {
                send(answer, connection);
            }
        });
    }

    private long left(Answer answer) {
        return answer.until() - rooms.nanos().getAsLong();
    }

    private void giveUpInTime(Answer answer) {
        try {
            rooms.timer().schedule(() -> giveUp(answer), left(answer), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closingRoom) {
            // nobody sends it any more
        }
    }

    private void giveUp(Answer answer) {
        boolean waited;
        synchronized (held) {
            waited = held.removeIf(one -> one == answer);
        }
        if (waited) {
            late(answer);
        }
    }

    private void late(Answer answer) {
        drop(answer, "there was an answer, but no connection for it while somebody waited; it was dropped");
    }

    private void drop(Answer answer, String why) {
        done(answer.asking());
        tell(Kind.LATE, answer.call(), why);
    }

    private void tell(Kind kind, Inbound.Call call, String detail) {
        rooms.news().condition(new Condition(kind, device, call.command(), call.format(), detail, rooms.clock().instant()));
    }
}
