package io.pantograph.hub;

import io.pantograph.api.hub.Json;
import io.pantograph.api.listener.HubMessage;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Qos;
import io.pantograph.api.model.Values;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The latest event of each name of each registered device, written behind: an event waits in memory, replaced by a newer one of the
 * same device and name, and all that wait are written together about ten times a second. A crash may lose that tenth.
 */
final class LastEvents {

    private static final Logger log = LoggerFactory.getLogger(LastEvents.class);
    private static final int MOST_WAITING = 10_000;
    static final int MOST_PER_DEVICE = 50;
    private static final Duration SWEEP = Duration.ofHours(1);
    private static final String COLUMNS = "event, format, payload, qos, time";

    private record Key(DeviceId device, String event) {
    }

    /** Whether events are kept, and how long. The cloud had this off unless told; a stand-in is there to be looked at, so here it is on. */
    private record Keeping(boolean on, int days) {
        static final Keeping USUAL = new Keeping(true, 7);
    }

    private final Store store;
    private final Documents documents;
    private final Clock clock;
    private final Map<Key, HubMessage> waiting = new ConcurrentHashMap<>();
    private final AtomicLong lost = new AtomicLong();
    private volatile Keeping keeping;
    private Instant swept = Instant.MIN; // on the store's thread

    LastEvents(Store store, Json json, Clock clock) {
        this.store = store;
        this.clock = clock;
        documents = new Documents(json);
        store.behind(this::write);
    }

    /** Never waits. */
    void keep(HubMessage event) {
        if (keeping != null && !keeping.on) {
            return;
        }
        Key key = new Key(event.device(), event.name());
        if (waiting.size() >= MOST_WAITING && !waiting.containsKey(key)) {
            lost.incrementAndGet();
            return;
        }
        waiting.put(key, event);
        store.soon();
    }

    private Void write(Connection connection) throws SQLException {
        boolean on = keeping(connection).on;
        for (Iterator<Key> keys = waiting.keySet().iterator(); keys.hasNext();) {
            Key key = keys.next();
            HubMessage event = waiting.remove(key);
            if (on && event != null) {
                write(connection, event);
            }
        }
        if (swept.plus(SWEEP).isBefore(clock.instant())) {
            swept = clock.instant();
            sweep(connection);
        }
        long missed = lost.getAndSet(0);
        if (missed > 0) {
            log.warn("{} last events were not remembered: too many at once for the disk", missed);
        }
        return null;
    }

    private static void write(Connection connection, HubMessage event) throws SQLException {
        String which = " WHERE type = ? AND name = ? AND event = ?";
        try (PreparedStatement update = connection.prepareStatement("UPDATE last_event SET format = ?, payload = ?, qos = ?, time = ?" + which)) {
            update.setString(1, event.format());
            update.setBytes(2, event.payload().shared());
            update.setInt(3, event.qos().ordinal());
            update.setLong(4, event.time().toEpochMilli());
            key(update, 5, event);
            if (update.executeUpdate() > 0) {
                return;
            }
        }
        // Only for a device that is still there: it may have been deleted while its event waited.
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO last_event (format, payload, qos, time, type, name, event)"
                + " SELECT ?, ?, ?, ?, type, name, ? FROM device WHERE type = ? AND name = ?")) {
            insert.setString(1, event.format());
            insert.setBytes(2, event.payload().shared());
            insert.setInt(3, event.qos().ordinal());
            insert.setLong(4, event.time().toEpochMilli());
            insert.setString(5, event.name());
            insert.setString(6, event.device().type());
            insert.setString(7, event.device().name());
            insert.executeUpdate();
        }
        // A device that makes up ever new names must not fill the disk.
        try (PreparedStatement trim = connection.prepareStatement("DELETE FROM last_event WHERE type = ? AND name = ? AND event NOT IN"
                + " (SELECT event FROM last_event WHERE type = ? AND name = ? ORDER BY time DESC, event LIMIT " + MOST_PER_DEVICE + ')')) {
            trim.setString(1, event.device().type());
            trim.setString(2, event.device().name());
            trim.setString(3, event.device().type());
            trim.setString(4, event.device().name());
            trim.executeUpdate();
        }
    }

    private static void key(PreparedStatement statement, int at, HubMessage event) throws SQLException {
        statement.setString(at, event.device().type());
        statement.setString(at + 1, event.device().name());
        statement.setString(at + 2, event.name());
    }

    private void sweep(Connection connection) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM last_event WHERE time < ?")) {
            delete.setLong(1, oldest(connection).toEpochMilli());
            delete.executeUpdate();
        }
    }

    private Instant oldest(Connection connection) throws SQLException {
        return clock.instant().minus(Duration.ofDays(keeping(connection).days));
    }

    /** Newest first; also those that are not written yet. */
    List<HubMessage> of(DeviceId device) {
        return store.call(connection -> {
            write(connection);
            return keeping(connection).on ? select(connection, device, "ORDER BY time DESC, event") : List.of();
        });
    }

    Optional<HubMessage> of(DeviceId device, String event) {
        return store.call(connection -> {
            write(connection);
            return keeping(connection).on ? select(connection, device, "AND event = ?", event).stream().findFirst() : Optional.empty();
        });
    }

    private List<HubMessage> select(Connection connection, DeviceId device, String rest, String... more) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT " + COLUMNS + " FROM last_event WHERE type = ? AND name = ? AND time >= ? " + rest)) {
            select.setString(1, device.type());
            select.setString(2, device.name());
            select.setLong(3, oldest(connection).toEpochMilli());
            for (int i = 0; i < more.length; i++) {
                select.setString(4 + i, more[i]);
            }
            List<HubMessage> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(new HubMessage(Instant.ofEpochMilli(row.getLong(5)), HubMessage.Direction.EVENT, device, row.getString(1),
                            row.getString(2), Bytes.wrap(row.getBytes(3)), Qos.of(row.getInt(4))));
                }
            }
            return found;
        }
    }

    boolean on() {
        return store.call(this::keeping).on;
    }

    int days() {
        return store.call(this::keeping).days;
    }

    void keeping(boolean on, int days) {
        store.call(connection -> {
            documents.keep(connection, "last-events", Values.of("enabled", on, "days", days));
            keeping = null; // read again: this change may yet be undone
            if (!on) {
                try (PreparedStatement delete = connection.prepareStatement("DELETE FROM last_event")) {
                    delete.executeUpdate();
                }
            }
            return null;
        });
    }

    /** On the store's thread. */
    private Keeping keeping(Connection connection) throws SQLException {
        Keeping known = keeping;
        if (known == null) {
            known = documents.find(connection, "last-events")
                    .map(found -> new Keeping(found.flag("enabled"), (int) found.integer("days")))
                    .orElse(Keeping.USUAL);
            keeping = known;
        }
        return known;
    }
}
