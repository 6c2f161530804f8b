package io.pantograph.hub;

import io.pantograph.api.hub.Registry.DeviceType;
import io.pantograph.api.hub.Registry.Page;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Device types, row by row. On the store's thread. */
final class TypeTable {

    private static final String COLUMNS = "id, gateway, attributes, created, updated";

    private final Documents documents;

    TypeTable(Documents documents) {
        this.documents = documents;
    }

    Optional<DeviceType> find(Connection connection, String id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT " + COLUMNS + " FROM device_type WHERE id = ?")) {
            select.setString(1, id);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(read(row)) : Optional.empty();
            }
        }
    }

    Page<DeviceType> page(Connection connection, int limit, Optional<String> from) throws SQLException {
        List<DeviceType> items = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT " + COLUMNS + " FROM device_type WHERE id > ? ORDER BY id LIMIT ?")) {
            select.setString(1, from.orElse(""));
            select.setInt(2, limit + 1);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    items.add(read(row));
                }
            }
        }
        try (PreparedStatement count = connection.prepareStatement("SELECT count(*) FROM device_type"); ResultSet row = count.executeQuery()) {
            row.next();
            return Pages.page(items, limit, row.getLong(1), DeviceType::id);
        }
    }

    void insert(Connection connection, DeviceType type) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO device_type (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?)")) {
            insert.setString(1, type.id());
            insert.setInt(2, type.gateway() ? 1 : 0);
            insert.setString(3, documents.text(type.attributes()));
            insert.setLong(4, type.created().toEpochMilli());
            insert.setLong(5, type.updated().toEpochMilli());
            insert.executeUpdate();
        }
    }

    void update(Connection connection, DeviceType type) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE device_type SET attributes = ?, updated = ? WHERE id = ?")) {
            update.setString(1, documents.text(type.attributes()));
            update.setLong(2, type.updated().toEpochMilli());
            update.setString(3, type.id());
            update.executeUpdate();
        }
    }

    boolean delete(Connection connection, String id) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM device_type WHERE id = ?")) {
            delete.setString(1, id);
            return delete.executeUpdate() > 0;
        }
    }

    private DeviceType read(ResultSet row) throws SQLException {
        return new DeviceType(row.getString(1), row.getInt(2) != 0, documents.values(row.getString(3)),
                Instant.ofEpochMilli(row.getLong(4)), Instant.ofEpochMilli(row.getLong(5)));
    }
}
