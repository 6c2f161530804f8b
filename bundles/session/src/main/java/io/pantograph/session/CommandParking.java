package io.pantograph.session;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.command.Command;
import io.pantograph.api.core.Codecs;
import io.pantograph.api.core.CommandDispatcher;
import io.pantograph.api.core.NoCodecException;
import io.pantograph.api.core.News;
import io.pantograph.api.model.Condition;
import io.pantograph.api.model.Condition.Kind;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.operator.Parked;
import io.pantograph.api.operator.Parking;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands commands on for which nobody waits, and holds those for which there is no codec until there is one, as it is done with those for which
 * there is no handler: they stay in hand, and so with a hub that keeps them, and outlive a session. Of one device and format they stay in order.
 * In a format that never had a codec they are held too, but acknowledged: a hub may send nothing more as long as it waits for that, and
 * nobody knows whether such a codec will ever come.
 *
 * <p>Nobody tells when a codec comes; so as long as one is held, a look is taken ten times a second.
 */
final class CommandParking implements Parking {

    private static final long LOOK_MS = 100;
    private static final int NOT_TAKEN = 503;
    /** A message may bring down each codec that it is given to; so it is not given to one for ever. */
    private static final int TRIES = 2;

    private final int perDevice;
    private final long most;
    private final Codecs codecs;
    private final CommandDispatcher commands;
    private final News news;
    private final Clock clock;
    private final ScheduledExecutorService timer;
    private final Executor inbound;

    private final Map<HeldCommand.Line, Row> rows = new LinkedHashMap<>();
    private final Map<DeviceId, Integer> ofDevice = new HashMap<>();
    private long bytes;
    private Future<?> looking;
    private volatile int count;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicLong decoded = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();

    private static final class Row {
        final Deque<HeldCommand> held = new ArrayDeque<>();
        final boolean known;
        /** At which state of the codecs the first one was tried in vain. */
        long tried = Long.MIN_VALUE;

        /** @param known whether there ever was a codec */
        Row(boolean known) {
            this.known = known;
        }
    }

    /**
     * @param perDevice commands that may be held
     * @param most bytes of them, of all devices together
     * @param inbound where codecs may be called
     */
    CommandParking(int perDevice, long most, Codecs codecs, CommandDispatcher commands, News news, Clock clock, ScheduledExecutorService timer,
            Executor inbound) {
        this.perDevice = perDevice;
        this.most = most;
        this.codecs = codecs;
        this.commands = commands;
        this.news = news;
        this.clock = clock;
        this.timer = timer;
        this.inbound = inbound;
    }

    /** Hands it on, or holds it. */
    void take(HeldCommand command) {
        if (count > 0 && heldBehind(command)) {
            return;
        }
        try {
            dispatch(command);
        } catch (NoCodecException e) {
            hold(command, e.wasKnown(), e.getMessage());
        }
    }

    /** @throws NoCodecException if there is none; whatever else may be wrong is told, and it is done with */
    private void dispatch(HeldCommand command) throws NoCodecException {
        try {
            Command read = command.command(codecs);
            commands.dispatch(read).whenComplete((result, failure) -> command.done(failure != null || result.status() != NOT_TAKEN));
        } catch (NoCodecException e) {
            throw e;
        } catch (CodecException e) {
            refuse(command, Kind.UNDECODABLE, e.getMessage());
        } catch (RuntimeException | LinkageError e) {
            refuse(command, Kind.UNREADABLE, "it could not be taken: " + e);
        }
    }

    private void refuse(HeldCommand command, Kind kind, String why) {
        tell(command, kind, why);
        command.done(true);
    }

    private void tell(HeldCommand command, Kind kind, String why) {
        news.condition(new Condition(kind, command.device, command.call.command(), command.call.format(), why, clock.instant()));
    }

    /** @return false if no other of its line is held */
    private boolean heldBehind(HeldCommand command) {
        boolean known;
        synchronized (rows) {
            Row row = rows.get(command.line());
            if (row == null || row.held.isEmpty()) {
                return false;
            }
            known = row.known;
        }
        hold(command, known, "others that came before it wait for a codec for '" + command.call.format() + "'");
        return true;
    }

    private void hold(HeldCommand command, boolean known, String why) {
        boolean room;
        synchronized (rows) {
            int others = ofDevice.getOrDefault(command.device, 0);
            room = others < perDevice && bytes + command.bytes() <= most;
            if (room) {
                command.reason(why);
                rows.computeIfAbsent(command.line(), line -> new Row(known)).held.add(command);
                ofDevice.put(command.device, others + 1);
                bytes += command.bytes();
                count++;
                look();
            }
        }
        if (room) {
            if (!known) {
                command.acknowledge();
            }
            tell(command, Kind.MISSING_DECODER, why + "; the command is kept until there is a codec, at most until " + command.deadline);
        } else {
            dropped.incrementAndGet();
            tell(command, Kind.OVERFLOW, why + "; the command was not kept, since " + perDevice + " of its device or " + most
                    + " bytes of commands wait for a codec already");
            command.done(!known);
        }
    }

    // Under the lock.
    private void look() {
        if (looking == null) {
            try {
                looking = timer.scheduleWithFixedDelay(this::askForALook, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException closing) {
                // not acknowledged, so not lost
            }
        }
    }

    /** On the clock's thread, which is not to be kept by a codec. */
    private void askForALook() {
        if (busy.compareAndSet(false, true)) {
            try {
                inbound.execute(this::lookAtAll);
            } catch (RejectedExecutionException closing) {
                busy.set(false);
            }
        }
    }

    private void lookAtAll() {
        try {
            long generation = codecs.generation();
            Map<HeldCommand.Line, Row> all;
            synchronized (rows) {
                all = new LinkedHashMap<>(rows);
            }
            all.forEach((line, row) -> look(line, row, generation));
            synchronized (rows) {
                if (rows.isEmpty() && looking != null) {
                    looking.cancel(false);
                    looking = null;
                }
            }
        } finally {
            busy.set(false);
        }
    }

    private void look(HeldCommand.Line line, Row row, long generation) {
        expire(row);
        if (row.tried != generation && codecs.route(line.format()).ready()) {
            dispatch(row, generation);
        }
        synchronized (rows) {
            if (row.held.isEmpty()) {
                rows.remove(line, row);
            }
        }
    }

    private void dispatch(Row row, long generation) {
        for (HeldCommand first = first(row); first != null; first = first(row)) {
            try {
                dispatch(first);
                decoded.incrementAndGet();
            } catch (NoCodecException e) {
                if (e.wasKnown() && !e.wasGiven()) {
                    return; // one in quarantine is tried with another message just now
                }
                if (++first.tries < TRIES) {
                    row.tried = generation;
                    return;
                }
                dropped.incrementAndGet();
                refuse(first, Kind.UNDECODABLE, "each codec that it was given to failed; " + e.getMessage());
            }
            remove(row, List.of(first));
        }
    }

    private HeldCommand first(Row row) {
        synchronized (rows) {
            return row.held.peekFirst();
        }
    }

    private void expire(Row row) {
        Instant now = clock.instant();
        List<HeldCommand> late = new ArrayList<>();
        synchronized (rows) {
            for (Iterator<HeldCommand> each = row.held.iterator(); each.hasNext();) {
                HeldCommand command = each.next();
                if (!command.deadline.isAfter(now)) {
                    late.add(command);
                }
            }
        }
        remove(row, late);
        for (HeldCommand command : late) {
            dropped.incrementAndGet();
            refuse(command, Kind.MISSING_DECODER, "no codec for '" + command.call.format() + "' came in time; the command was dropped");
        }
    }

    private void remove(Row row, List<HeldCommand> gone) {
        synchronized (rows) {
            for (HeldCommand command : gone) {
                row.held.remove(command);
                ofDevice.computeIfPresent(command.device, (device, number) -> number == 1 ? null : number - 1);
                bytes -= command.bytes();
                count--;
            }
        }
    }

    @Override
    public List<Parked> parked(int limit) {
        synchronized (rows) {
            return rows.values().stream().flatMap(row -> row.held.stream()).map(HeldCommand::shown).sorted(Comparator.comparing(Parked::since))
                    .limit(limit).toList();
        }
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public long decoded() {
        return decoded.get();
    }

    @Override
    public long dropped() {
        return dropped.get();
    }
}
