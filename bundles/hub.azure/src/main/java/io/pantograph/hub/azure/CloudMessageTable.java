package io.pantograph.hub.azure;

import io.pantograph.api.azure.CloudMessage;
import io.pantograph.api.azure.CloudMessages.Feedback;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import io.pantograph.azure.Bag;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Cloud-to-device messages and feedback, row by row. On the database's thread. */
final class CloudMessageTable {

    static final String ROOM = "azure_message";
    static final List<List<String>> STEPS = List.of(List.of(
            """
            CREATE TABLE azure_message (
              number BIGINT NOT NULL PRIMARY KEY,
              device VARCHAR(128) NOT NULL,
              module VARCHAR(128) NOT NULL,
              system TEXT NOT NULL,
              properties TEXT NOT NULL,
              body BLOB NOT NULL,
              enqueued BIGINT NOT NULL,
              expiry BIGINT NOT NULL,
              deliveries INTEGER NOT NULL,
              generation TEXT NOT NULL,
              locked BIGINT NOT NULL)""",
            "CREATE INDEX azure_message_of ON azure_message(device, module, number)",
            """
            CREATE TABLE azure_message_feedback (
              number BIGINT NOT NULL PRIMARY KEY,
              time BIGINT NOT NULL,
              device VARCHAR(128) NOT NULL,
              generation TEXT NOT NULL,
              message TEXT NOT NULL,
              status VARCHAR(64) NOT NULL,
              locked BIGINT NOT NULL)""",
            "CREATE TABLE azure_message_counter (number BIGINT NOT NULL)",
            "INSERT INTO azure_message_counter VALUES (0)"));

    static final int MOST_FEEDBACK = 100_000;

    private static final String COLUMNS = "number, device, module, system, properties, body, enqueued, expiry, deliveries";

    private CloudMessageTable() {
    }

    /** Never twice the same, also after rows were deleted. */
    private static long next(Connection connection) throws SQLException {
        update(connection, "UPDATE azure_message_counter SET number = number + 1");
        try (PreparedStatement select = connection.prepareStatement("SELECT number FROM azure_message_counter"); ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** @param generation of the identity it is for */
    static CloudMessage insert(Connection connection, CloudMessage message, String generation) throws SQLException {
        long number = next(connection);
        update(connection, "INSERT INTO azure_message (" + COLUMNS + ", generation, locked) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 0)", number, message.to().device(),
                message.to().module().orElse(""), Bag.write(message.system()), Bag.write(message.properties()), message.body().shared(),
                message.enqueued().toEpochMilli(), message.expiry().toEpochMilli(), generation);
        return new CloudMessage(number, message.to(), message.system(), message.properties(), message.body(), message.enqueued(), message.expiry(), 0);
    }

    static int count(Connection connection, Identity to) throws SQLException {
        try (PreparedStatement select = prepare(connection, "SELECT count(*) FROM azure_message WHERE device = ? AND module = ?", to.device(),
                to.module().orElse("")); ResultSet row = select.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }

    static Map<Identity, Integer> counts(Connection connection) throws SQLException {
        try (PreparedStatement select = prepare(connection, "SELECT device, module, count(*) FROM azure_message GROUP BY device, module");
                ResultSet row = select.executeQuery()) {
            Map<Identity, Integer> counts = new HashMap<>();
            while (row.next()) {
                counts.put(identity(row.getString(1), row.getString(2)), row.getInt(3));
            }
            return counts;
        }
    }

    private static Identity identity(String device, String module) {
        return module.isEmpty() ? Identity.of(device) : Identity.of(device, module);
    }

    /** The first that is not locked at this time. */
    static Optional<CloudMessage> first(Connection connection, Identity to, Instant now) throws SQLException {
        return select(connection, "WHERE device = ? AND module = ? AND locked <= ? ORDER BY number LIMIT 1", to.device(), to.module().orElse(""),
                now.toEpochMilli()).stream().findFirst();
    }

    static List<CloudMessage> all(Connection connection, Identity to) throws SQLException {
        return select(connection, "WHERE device = ? AND module = ? ORDER BY number", to.device(), to.module().orElse(""));
    }

    static List<CloudMessage> over(Connection connection, Instant now) throws SQLException {
        return select(connection, "WHERE expiry <= ? AND locked <= ? ORDER BY number LIMIT 100", now.toEpochMilli(), now.toEpochMilli());
    }

    /** Whose lock ended between these times. */
    static List<Identity> unlocked(Connection connection, Instant after, Instant until) throws SQLException {
        return select(connection, "WHERE locked > ? AND locked <= ?", after.toEpochMilli(), until.toEpochMilli()).stream().map(CloudMessage::to)
                .distinct().toList();
    }

    static void lock(Connection connection, long number, Instant until) throws SQLException {
        update(connection, "UPDATE azure_message SET deliveries = deliveries + 1, locked = ? WHERE number = ?", until.toEpochMilli(), number);
    }

    static void unlock(Connection connection, long number) throws SQLException {
        update(connection, "UPDATE azure_message SET locked = 0 WHERE number = ?", number);
    }

    /** After a start: nobody is at it. */
    static void unlockAll(Connection connection) throws SQLException {
        update(connection, "UPDATE azure_message SET locked = 0 WHERE locked > 0");
        update(connection, "UPDATE azure_message_feedback SET locked = 0 WHERE locked > 0");
    }

    /** @return false if it was gone already */
    static boolean delete(Connection connection, long number) throws SQLException {
        return update(connection, "DELETE FROM azure_message WHERE number = ?", number) > 0;
    }

    /** All of a device and its modules. */
    static void deleteAll(Connection connection, String device) throws SQLException {
        update(connection, "DELETE FROM azure_message WHERE device = ?", device);
    }

    /** Before it is deleted. */
    static void tell(Connection connection, CloudMessage message, String status, Instant now) throws SQLException {
        update(connection, "INSERT INTO azure_message_feedback (number, time, device, generation, message, status, locked)"
                + " SELECT ?, ?, device, generation, ?, ?, 0 FROM azure_message WHERE number = ?", next(connection), now.toEpochMilli(),
                message.system().getOrDefault("message-id", ""), status, message.number());
        // Nobody may ever ask for them. Messages are numbered likewise, so this is the most there can be, and soon found.
        update(connection, "DELETE FROM azure_message_feedback WHERE number <= (SELECT number FROM azure_message_counter) - ?", MOST_FEEDBACK);
    }

    static Optional<Feedback> feedback(Connection connection, Instant now, Instant lock, int most) throws SQLException {
        List<Values> records = new ArrayList<>();
        long first = 0;
        long last = 0;
        try (PreparedStatement select = prepare(connection, "SELECT number, time, device, generation, message, status FROM azure_message_feedback"
                + " WHERE locked <= ? ORDER BY number LIMIT ?", now.toEpochMilli(), most); ResultSet row = select.executeQuery()) {
            while (row.next()) {
                first = first == 0 ? row.getLong(1) : first;
                last = row.getLong(1);
                records.add(Values.builder().put("originalMessageId", row.getString(5)).put("description", row.getString(6))
                        .put("deviceGenerationId", row.getString(4)).put("deviceId", row.getString(3))
                        .put("enqueuedTimeUtc", Instant.ofEpochMilli(row.getLong(2)).toString()).put("statusCode", row.getString(6)).build());
            }
        }
        if (records.isEmpty()) {
            return Optional.empty();
        }
        update(connection, "UPDATE azure_message_feedback SET locked = ? WHERE number BETWEEN ? AND ? AND locked <= ?", lock.toEpochMilli(), first, last,
                now.toEpochMilli());
        return Optional.of(new Feedback(first + "-" + last + "-" + lock.toEpochMilli(), records));
    }

    /** @return how many records this lock still held */
    static int settle(Connection connection, long first, long last, long lock, boolean done) throws SQLException {
        return update(connection, (done ? "DELETE FROM azure_message_feedback" : "UPDATE azure_message_feedback SET locked = 0")
                + " WHERE number BETWEEN ? AND ? AND locked = ?", first, last, lock);
    }

    private static List<CloudMessage> select(Connection connection, String rest, Object... arguments) throws SQLException {
        try (PreparedStatement select = prepare(connection, "SELECT " + COLUMNS + " FROM azure_message " + rest, arguments);
                ResultSet row = select.executeQuery()) {
            List<CloudMessage> messages = new ArrayList<>();
            while (row.next()) {
                messages.add(new CloudMessage(row.getLong(1), identity(row.getString(2), row.getString(3)),
                        Bag.read(row.getString(4)), Bag.read(row.getString(5)), Bytes.wrap(row.getBytes(6)), Instant.ofEpochMilli(row.getLong(7)),
                        Instant.ofEpochMilli(row.getLong(8)), row.getInt(9)));
            }
            return messages;
        }
    }

    private static int update(Connection connection, String sql, Object... arguments) throws SQLException {
        try (PreparedStatement update = prepare(connection, sql, arguments)) {
            return update.executeUpdate();
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql, Object... arguments) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < arguments.length; i++) {
            statement.setObject(i + 1, arguments[i]);
        }
        return statement;
    }
}
