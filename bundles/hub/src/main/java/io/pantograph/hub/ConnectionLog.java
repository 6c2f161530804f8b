package io.pantograph.hub;

import io.pantograph.api.hub.Events.LogLine;
import io.pantograph.api.model.DeviceId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/** The last comings and goings of each registered device, written behind as the last events are. */
final class ConnectionLog {

    static final int MOST_PER_DEVICE = 100;
    private static final int MOST_WAITING = 10_000;

    private record Entry(DeviceId device, long number, Instant time, String message) {
    }

    private final Store store;
    private final ArrayBlockingQueue<Entry> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    // Orders lines of one millisecond; goes on above those of the last run.
    private final AtomicLong number;

    ConnectionLog(Store store, Instant now) {
        this.store = store;
        number = new AtomicLong(now.toEpochMilli() * 1000);
        store.behind(this::write);
    }

    /** Never waits. In a storm of more than can be written, lines are lost. */
    void add(DeviceId device, Instant time, String message) {
        waiting.offer(new Entry(device, number.incrementAndGet(), time, message));
        store.soon();
    }

    private Void write(Connection connection) throws SQLException {
        List<Entry> entries = new ArrayList<>();
        waiting.drainTo(entries);
        for (Entry entry : entries) {
            write(connection, entry);
        }
        return null;
    }

    private static void write(Connection connection, Entry entry) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO connection_log (number, time, message, type, name)"
                + " SELECT ?, ?, ?, type, name FROM device WHERE type = ? AND name = ?")) {
            insert.setLong(1, entry.number);
            insert.setLong(2, entry.time.toEpochMilli());
            insert.setString(3, entry.message);
            insert.setString(4, entry.device.type());
            insert.setString(5, entry.device.name());
            if (insert.executeUpdate() == 0) {
                return; // nobody's: only registered devices have a log
            }
        }
        try (PreparedStatement trim = connection.prepareStatement("DELETE FROM connection_log WHERE type = ? AND name = ? AND number <="
                + " (SELECT number FROM connection_log WHERE type = ? AND name = ? ORDER BY number DESC LIMIT 1 OFFSET " + MOST_PER_DEVICE + ')')) {
            trim.setString(1, entry.device.type());
            trim.setString(2, entry.device.name());
            trim.setString(3, entry.device.type());
            trim.setString(4, entry.device.name());
            trim.executeUpdate();
        }
    }

    /** Newest first; also those that are not written yet. */
    List<LogLine> of(DeviceId device, int limit) {
        return store.call(connection -> {
            write(connection);
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT time, message FROM connection_log WHERE type = ? AND name = ? ORDER BY number DESC LIMIT ?")) {
                select.setString(1, device.type());
                select.setString(2, device.name());
                select.setInt(3, Math.max(0, limit));
                List<LogLine> lines = new ArrayList<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        lines.add(new LogLine(Instant.ofEpochMilli(row.getLong(1)), row.getString(2)));
                    }
                }
                return lines;
            }
        });
    }
}
