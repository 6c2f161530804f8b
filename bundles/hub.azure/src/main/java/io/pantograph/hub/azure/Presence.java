package io.pantograph.hub.azure;

import io.pantograph.api.azure.Identity;
import io.pantograph.api.hub.Database;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Who is connected, and who did something when. In memory; the times are written behind, now and then, so that a crash forgets the
 * last minute of them. After a restart nobody is connected.
 */
final class Presence {

    private static final long BEHIND_MILLIS = Duration.ofSeconds(30).toMillis();

    /** In milliseconds, 0 is never. */
    record Times(long changed, long activity) {
    }

    private static final class State {

        private volatile boolean connected;
        private volatile long changed;
        private volatile long activity;
    }

    private final Map<Identity, State> states = new ConcurrentHashMap<>();
    private final Map<Identity, State> unwritten = new ConcurrentHashMap<>();
    private final AtomicLong written = new AtomicLong();
    private final Database database;
    private final MemberTable table;
    private final Clock clock;

    Presence(Database database, MemberTable table, Clock clock) {
        this.database = database;
        this.table = table;
        this.clock = clock;
    }

    void seen(Identity identity, boolean connected) {
        long now = clock.millis();
        State state = states.get(identity);
        if (state == null) {
            state = states.computeIfAbsent(identity, unknown -> new State());
        }
        state.activity = now;
        if (state.connected != connected) {
            state.connected = connected;
            state.changed = now;
        }
        if (unwritten.get(identity) == null) {
            unwritten.put(identity, state);
        }
        long last = written.get();
        if (now - last >= BEHIND_MILLIS && written.compareAndSet(last, now)) {
            write();
        }
    }

    boolean connected(Identity identity) {
        State state = states.get(identity);
        return state != null && state.connected;
    }

    long connected() {
        return states.entrySet().stream().filter(entry -> entry.getKey().module().isEmpty() && entry.getValue().connected).count();
    }

    /** @param kept what the database had */
    Times times(Identity identity, Times kept) {
        State state = states.get(identity);
        return state == null ? kept : new Times(state.changed == 0 ? kept.changed : state.changed, Math.max(kept.activity, state.activity));
    }

    void forget(Identity identity) {
        states.remove(identity);
        unwritten.remove(identity);
    }

    void write() {
        database.submit(connection -> {
            for (Map.Entry<Identity, State> entry : unwritten.entrySet()) {
                unwritten.remove(entry.getKey());
                State state = entry.getValue();
                table.times(connection, entry.getKey(), new Times(state.changed, state.activity));
            }
            return null;
        });
    }
}
