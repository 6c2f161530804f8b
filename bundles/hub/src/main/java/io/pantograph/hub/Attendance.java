package io.pantograph.hub;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Of whom it was last told that they are connected, written behind. After a crash nobody is, but the messages that said so are
 * retained: this is the list of what must be taken back.
 */
final class Attendance {

    /** @param topic where it was told @param device rather than an application */
    record Entry(String topic, String clientId, boolean device) {
    }

    private final Store store;
    private final Map<String, Optional<Entry>> waiting = new ConcurrentHashMap<>();

    Attendance(Store store) {
        this.store = store;
        store.behind(this::write);
    }

    void came(Entry entry) {
        waiting.put(entry.topic, Optional.of(entry));
        store.soon();
    }

    void left(String topic) {
        waiting.put(topic, Optional.empty());
        store.soon();
    }

    private Void write(Connection connection) throws SQLException {
        for (Iterator<String> topics = waiting.keySet().iterator(); topics.hasNext();) {
            String topic = topics.next();
            Optional<Entry> entry = waiting.remove(topic);
            try (PreparedStatement delete = connection.prepareStatement("DELETE FROM attendance WHERE topic = ?")) {
                delete.setString(1, topic);
                delete.executeUpdate();
            }
            if (entry.isPresent()) {
                insert(connection, entry.get());
            }
        }
        return null;
    }

    private static void insert(Connection connection, Entry entry) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO attendance (topic, client_id, device) VALUES (?, ?, ?)")) {
            insert.setString(1, entry.topic);
            insert.setString(2, entry.clientId);
            insert.setInt(3, entry.device ? 1 : 0);
            insert.executeUpdate();
        }
    }

    /** All that are listed, who are struck off with that. */
    CompletionStage<List<Entry>> takeAll() {
        return store.submit(connection -> {
            List<Entry> all = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement("SELECT topic, client_id, device FROM attendance");
                    ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    all.add(new Entry(row.getString(1), row.getString(2), row.getInt(3) != 0));
                }
            }
            try (PreparedStatement delete = connection.prepareStatement("DELETE FROM attendance")) {
                delete.executeUpdate();
            }
            return all;
        });
    }
}
