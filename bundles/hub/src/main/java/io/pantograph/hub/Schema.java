package io.pantograph.hub;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The tables, version by version. A published step is never changed; a new one is added. */
final class Schema {

    private static final List<List<String>> STEPS = List.of(
            List.of(
                    """
                    CREATE TABLE device_type (
                      id VARCHAR(128) NOT NULL PRIMARY KEY,
                      gateway INTEGER NOT NULL,
                      attributes TEXT NOT NULL,
                      created BIGINT NOT NULL,
                      updated BIGINT NOT NULL)""",
                    """
                    CREATE TABLE device (
                      type VARCHAR(128) NOT NULL REFERENCES device_type(id),
                      name VARCHAR(128) NOT NULL,
                      gateway INTEGER NOT NULL,
                      attributes TEXT NOT NULL,
                      token TEXT NOT NULL,
                      behind_type VARCHAR(128),
                      behind_name VARCHAR(128),
                      registered_by TEXT NOT NULL,
                      created BIGINT NOT NULL,
                      updated BIGINT NOT NULL,
                      PRIMARY KEY (type, name))""",
                    "CREATE INDEX device_behind ON device(behind_type, behind_name)",
                    """
                    CREATE TABLE last_event (
                      type VARCHAR(128) NOT NULL,
                      name VARCHAR(128) NOT NULL,
                      event VARCHAR(128) NOT NULL,
                      format VARCHAR(128) NOT NULL,
                      payload BLOB NOT NULL,
                      qos INTEGER NOT NULL,
                      time BIGINT NOT NULL,
                      PRIMARY KEY (type, name, event),
                      FOREIGN KEY (type, name) REFERENCES device(type, name) ON DELETE CASCADE)""",
                    """
                    CREATE TABLE connection_log (
                      type VARCHAR(128) NOT NULL,
                      name VARCHAR(128) NOT NULL,
                      number BIGINT NOT NULL,
                      time BIGINT NOT NULL,
                      message TEXT NOT NULL,
                      PRIMARY KEY (type, name, number),
                      FOREIGN KEY (type, name) REFERENCES device(type, name) ON DELETE CASCADE)""",
                    """
                    CREATE TABLE document (
                      name VARCHAR(128) NOT NULL PRIMARY KEY,
                      body TEXT NOT NULL)"""),
            List.of(
                    """
                    CREATE TABLE attendance (
                      topic VARCHAR(512) NOT NULL PRIMARY KEY,
                      client_id TEXT NOT NULL,
                      device INTEGER NOT NULL)"""));

    private Schema() {
    }

    static int version() {
        return STEPS.size();
    }

    /** Brings the database to the present version, each step in one transaction with its number. */
    static void bringUp(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)");
            int found = found(statement);
            if (found > version()) {
                throw new NewerSchemaException(found, version());
            }
            for (int step = found; step < version(); step++) {
                for (String sql : STEPS.get(step)) {
                    statement.execute(sql);
                }
                statement.execute("DELETE FROM schema_version");
                statement.execute("INSERT INTO schema_version VALUES (" + (step + 1) + ")");
                connection.commit();
            }
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
        }
    }

    /** The tables of another room, within the transaction of whoever calls. @throws NewerSchemaException if they are of a newer version */
    static void bringUp(Connection connection, String room, List<List<String>> steps) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS room_version (room VARCHAR(64) NOT NULL PRIMARY KEY, version INTEGER NOT NULL)");
        }
        int found = found(connection, room);
        if (found > steps.size()) {
            throw new NewerSchemaException(found, steps.size());
        }
        try (Statement statement = connection.createStatement();
                PreparedStatement told = connection.prepareStatement(
                        "INSERT INTO room_version (room, version) VALUES (?, ?) ON CONFLICT (room) DO UPDATE SET version = excluded.version")) {
            for (List<String> step : steps.subList(found, steps.size())) {
                for (String sql : step) {
                    statement.execute(sql);
                }
            }
            told.setString(1, room);
            told.setInt(2, steps.size());
            told.executeUpdate();
        }
    }

    private static int found(Connection connection, String room) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT version FROM room_version WHERE room = ?")) {
            select.setString(1, room);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getInt(1) : 0;
            }
        }
    }

    private static int found(Statement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery("SELECT max(version) FROM schema_version")) {
            return result.next() ? result.getInt(1) : 0;
        }
    }
}
