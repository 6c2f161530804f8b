package io.pantograph.session;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import io.pantograph.api.transport.Incoming;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The messages from the hub that are not done with, over however many connections. From any thread.
 *
 * <p>Bounded by acknowledging: beyond the limit a message is left unacknowledged. A hub that keeps the session sends it again, on
 * the next connection; so that is made when there is room. One that does not keep the session repeats nothing: there it is
 * acknowledged and lost, and reported, since a hub that waits for too many acknowledgements sends nothing more. Messages not yet
 * read and commands in work have the same limit each, so that what is no command finds room while commands wait.
 */
final class InHand {

    /** A message in hand. Its connection may end before it is done with; a hub that repeats it then speaks of this one. */
    static final class One {

        final String topic;
        final Bytes payload;
        /** The number of the connection on which it came first. */
        final int origin;
        private Incoming message;
        private int connection;
        private boolean command;
        private boolean acknowledged;
        private boolean finished;

        private One(Incoming message, int connection) {
            this.topic = message.topic();
            this.payload = message.payload();
            this.message = message;
            this.connection = connection;
            origin = connection;
        }
    }

    private static final long MOST_BYTES = 16 * 1024 * 1024;
    /** A hub repeats what it must as soon as a connection begins. What looks the same later is something new. */
    private static final long REPEATING = Duration.ofSeconds(30).toNanos();

    private final int most;
    private final LongSupplier nanos;
    private final Consumer<String> overflow;
    private final Runnable fetchAgain;
    private final Deque<One> all = new ArrayDeque<>();
    private int unread;
    private long unreadBytes;
    private int commands;
    private long commandBytes;
    private int connection;
    private long begun;
    private boolean live;
    private boolean repeats;
    private boolean left;

    /**
     * @param overflow told, in a sentence, of each message for which there was no room
     * @param fetchAgain called when messages were left and there is room for them now
     */
    InHand(int most, LongSupplier nanos, Consumer<String> overflow, Runnable fetchAgain) {
        this.most = most;
        this.nanos = nanos;
        this.overflow = overflow;
        this.fetchAgain = fetchAgain;
    }

    /** A new connection begins. @param keepsSession whether its hub repeats what was not acknowledged on the one before */
    void connected(boolean keepsSession) {
        synchronized (all) {
            connection++;
            begun = nanos.getAsLong();
            live = true;
            repeats = keepsSession;
            left = false;
            all.removeIf(one -> one.finished && (!keepsSession || one.connection < connection - 1));
        }
    }

    /** The connection is gone: the hub hears no acknowledgement any more. */
    void disconnected() {
        synchronized (all) {
            live = false;
        }
    }

    /** @return null if there is nothing more to do with it */
    One arrived(Incoming message) {
        boolean leave = false;
        boolean settled = false;
        synchronized (all) {
            One known = repeats(message) ? known(message) : null;
            if (known != null) {
                settled = repeated(known, message);
                if (!settled) {
                    return null;
                }
            } else if (unread < most && unreadBytes + message.payload().length() <= MOST_BYTES) {
                One taken = new One(message, connection);
                all.add(taken);
                unread++;
                unreadBytes += message.payload().length();
                return taken;
            } else {
                leave = repeats(message);
                left |= leave;
            }
        }
        if (settled) {
            message.acknowledge();
        } else {
            refuse(message, leave);
        }
        return null;
    }

    /**
     * The one of which this is the hub's repetition: that we have in hand from an earlier connection, or had done with when its
     * connection was gone. The duplicate mark is not asked: it is a hint only, and what is in hand is known.
     */
    private One known(Incoming message) {
        boolean repeating = nanos.getAsLong() - begun < REPEATING;
        for (One one : all) {
            if (one.connection < connection && (!one.finished || repeating) && one.topic.equals(message.topic())
                    && one.payload.equals(message.payload())) {
                return one;
            }
        }
        return null;
    }

    /** The acknowledgement belongs to that one. @return whether it may be given at once */
    private boolean repeated(One known, Incoming message) {
        known.connection = connection;
        known.message = message;
        if (known.finished) {
            remove(known);
        }
        return known.finished || known.acknowledged;
    }

    /** It is a command. @return false if there is no room for one more; then it is done with */
    boolean command(One one) {
        Incoming last;
        boolean leave;
        synchronized (all) {
            int length = one.payload.length();
            if (commands < most && commandBytes + length <= MOST_BYTES) {
                unread--;
                unreadBytes -= length;
                commands++;
                commandBytes += length;
                one.command = true;
                return true;
            }
            release(one);
            remove(one);
            last = one.message;
            leave = repeats(last);
            left |= leave;
        }
        refuse(last, leave);
        return false;
    }

    private void refuse(Incoming message, boolean leave) {
        if (!leave) {
            message.acknowledge();
        }
        overflow.accept("more than " + most + " messages or " + MOST_BYTES + " bytes from the hub are in work; one more was "
                + (leave ? "left to be repeated" : "dropped"));
    }

    /** Acknowledges it though it is not done with. */
    void acknowledge(One one) {
        Incoming last;
        synchronized (all) {
            one.acknowledged = true;
            last = one.message;
        }
        last.acknowledge();
    }

    /** @param taken whether somebody took charge of it */
    void done(One one, boolean taken) {
        Incoming last;
        boolean leave;
        boolean room;
        synchronized (all) {
            last = one.message; // of the latest connection
            leave = !taken && repeats(last) && !one.acknowledged;
            left |= leave;
            release(one);
            if (taken && unheard(one)) {
                one.finished = true;
            } else {
                remove(one);
            }
            room = left && unread + commands == 0;
            left &= !room;
        }
        if (!leave && !one.acknowledged) {
            last.acknowledge();
        }
        if (room) {
            fetchAgain.run();
        }
    }

    /** Its connection is gone, and the next may bring it again. */
    private boolean unheard(One one) {
        return repeats(one.message) && !one.acknowledged && !(live && one.connection == connection);
    }

    private void release(One one) {
        if (one.command) {
            commands--;
            commandBytes -= one.payload.length();
        } else {
            unread--;
            unreadBytes -= one.payload.length();
        }
    }

    private void remove(One one) {
        Iterator<One> each = all.iterator(); // as a rule it is the first
        while (each.hasNext()) {
            if (each.next() == one) {
                each.remove();
                return;
            }
        }
    }

    private boolean repeats(Incoming message) {
        return repeats && message.qos() != Qos.AT_MOST_ONCE;
    }
}
