package io.pantograph.hub;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.hub.Json;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Open documents as they lie in the database: JSON text. On the store's thread. */
final class Documents {

    private final Json json;

    Documents(Json json) {
        this.json = json;
    }

    String text(Values values) {
        return json.write(values).text();
    }

    Values values(String text) throws SQLException {
        try {
            if (json.read(Bytes.utf8(text)) instanceof Values values) {
                return values;
            }
            throw new SQLException("a stored document is no JSON object");
        } catch (CodecException e) {
            throw new SQLException("a stored document is not JSON: " + e.getMessage(), e);
        }
    }

    Optional<Values> find(Connection connection, String name) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT body FROM document WHERE name = ?")) {
            select.setString(1, name);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(values(row.getString(1))) : Optional.empty();
            }
        }
    }

    void keep(Connection connection, String name, Values document) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(
                "INSERT INTO document (name, body) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body")) {
            upsert.setString(1, name);
            upsert.setString(2, text(document));
            upsert.executeUpdate();
        }
    }
}
