package io.pantograph.hub.azure;

import io.pantograph.api.model.Values;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Enrolments, and what became of registrations: documents. On the database's thread. */
final class EnrollmentTable {

    static final List<String> FIRST = List.of(
            """
            CREATE TABLE azure_enrollment (
              id VARCHAR(128) NOT NULL,
              grouped INTEGER NOT NULL,
              body TEXT NOT NULL,
              PRIMARY KEY (grouped, id))""",
            """
            CREATE TABLE azure_enrollment_state (
              id VARCHAR(128) NOT NULL PRIMARY KEY,
              body TEXT NOT NULL)""");

    private final Documents documents;

    EnrollmentTable(Documents documents) {
        this.documents = documents;
    }

    Optional<Values> find(Connection connection, String id, boolean group) throws SQLException {
        return select(connection, "SELECT body FROM azure_enrollment WHERE grouped = ? AND id = ?", group ? 1 : 0, id).stream().findFirst();
    }

    List<Values> all(Connection connection, boolean group) throws SQLException {
        return select(connection, "SELECT body FROM azure_enrollment WHERE grouped = ? ORDER BY id", group ? 1 : 0);
    }

    int count(Connection connection, boolean group) throws SQLException {
        try (PreparedStatement count = connection.prepareStatement("SELECT count(*) FROM azure_enrollment WHERE grouped = ?")) {
            count.setInt(1, group ? 1 : 0);
            try (ResultSet row = count.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    void keep(Connection connection, String id, boolean group, Values document) throws SQLException {
        change(connection, "INSERT INTO azure_enrollment (id, grouped, body) VALUES (?, ?, ?) ON CONFLICT (grouped, id) DO UPDATE SET body = excluded.body",
                id, group ? 1 : 0, documents.text(document));
    }

    void delete(Connection connection, String id, boolean group) throws SQLException {
        change(connection, "DELETE FROM azure_enrollment WHERE grouped = ? AND id = ?", group ? 1 : 0, id);
    }

    Optional<Values> state(Connection connection, String id) throws SQLException {
        return select(connection, "SELECT body FROM azure_enrollment_state WHERE id = ?", id).stream().findFirst();
    }

    void keepState(Connection connection, String id, Values state) throws SQLException {
        change(connection, "INSERT INTO azure_enrollment_state (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
                id, documents.text(state));
    }

    void deleteState(Connection connection, String id) throws SQLException {
        change(connection, "DELETE FROM azure_enrollment_state WHERE id = ?", id);
    }

    private static void change(Connection connection, String sql, Object... arguments) throws SQLException {
        try (PreparedStatement change = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                change.setObject(i + 1, arguments[i]);
            }
            change.executeUpdate();
        }
    }

    private List<Values> select(Connection connection, String sql, Object... arguments) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                select.setObject(i + 1, arguments[i]);
            }
            try (ResultSet row = select.executeQuery()) {
                List<Values> found = new ArrayList<>();
                while (row.next()) {
                    found.add(documents.values(row.getString(1)));
                }
                return found;
            }
        }
    }
}
