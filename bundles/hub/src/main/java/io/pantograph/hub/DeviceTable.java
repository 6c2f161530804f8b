package io.pantograph.hub;

import io.pantograph.api.hub.Registry.Page;
import io.pantograph.api.hub.Registry.Registered;
import io.pantograph.api.model.DeviceId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Devices, row by row. On the store's thread. */
final class DeviceTable {

    private static final String COLUMNS = "type, name, gateway, attributes, behind_type, behind_name, registered_by, created, updated";

    /** What a login is checked against. */
    record Credential(boolean gateway, String token) {
    }

    private final Documents documents;

    DeviceTable(Documents documents) {
        this.documents = documents;
    }

    Optional<Registered> find(Connection connection, DeviceId device) throws SQLException {
        List<Registered> found = select(connection, "WHERE type = ? AND name = ?", device.type(), device.name());
        return found.isEmpty() ? Optional.empty() : Optional.of(found.get(0));
    }

    List<Registered> behind(Connection connection, DeviceId gateway) throws SQLException {
        return select(connection, "WHERE behind_type = ? AND behind_name = ? ORDER BY type, name", gateway.type(), gateway.name());
    }

    Page<Registered> page(Connection connection, Optional<String> type, int limit, Optional<DeviceId> after) throws SQLException {
        List<Object> arguments = new ArrayList<>();
        String where = "WHERE 1 = 1";
        if (type.isPresent()) {
            where += " AND type = ?";
            arguments.add(type.get());
        }
        long total = count(connection, where, arguments);
        if (after.isPresent()) {
            where += " AND (type, name) > (?, ?)";
            arguments.add(after.get().type());
            arguments.add(after.get().name());
        }
        arguments.add(limit + 1);
        List<Registered> items = select(connection, where + " ORDER BY type, name LIMIT ?", arguments.toArray());
        return Pages.page(items, limit, total, item -> item.device().toString());
    }

    Optional<Credential> credential(Connection connection, DeviceId device) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT gateway, token FROM device WHERE type = ? AND name = ?")) {
            select.setString(1, device.type());
            select.setString(2, device.name());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(new Credential(row.getInt(1) != 0, row.getString(2))) : Optional.empty();
            }
        }
    }

    void insert(Connection connection, Registered device, String token) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO device (" + COLUMNS + ", token) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, device.device().type());
            insert.setString(2, device.device().name());
            insert.setInt(3, device.gateway() ? 1 : 0);
            insert.setString(4, documents.text(device.attributes()));
            insert.setString(5, device.behind().map(DeviceId::type).orElse(null));
            insert.setString(6, device.behind().map(DeviceId::name).orElse(null));
            insert.setString(7, device.registeredBy());
            insert.setLong(8, device.created().toEpochMilli());
            insert.setLong(9, device.updated().toEpochMilli());
            insert.setString(10, token);
            insert.executeUpdate();
        }
    }

    void update(Connection connection, Registered device) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE device SET attributes = ?, updated = ? WHERE type = ? AND name = ?")) {
            update.setString(1, documents.text(device.attributes()));
            update.setLong(2, device.updated().toEpochMilli());
            update.setString(3, device.device().type());
            update.setString(4, device.device().name());
            update.executeUpdate();
        }
    }

    /** With its last events and its connection log. */
    boolean delete(Connection connection, DeviceId device) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM device WHERE type = ? AND name = ?")) {
            delete.setString(1, device.type());
            delete.setString(2, device.name());
            return delete.executeUpdate() > 0;
        }
    }

    boolean anyOfType(Connection connection, String type) throws SQLException {
        return count(connection, "WHERE type = ?", List.of(type)) > 0;
    }

    private static long count(Connection connection, String where, List<Object> arguments) throws SQLException {
        try (PreparedStatement count = connection.prepareStatement("SELECT count(*) FROM device " + where)) {
            for (int i = 0; i < arguments.size(); i++) {
                count.setObject(i + 1, arguments.get(i));
            }
            try (ResultSet row = count.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private List<Registered> select(Connection connection, String rest, Object... arguments) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT " + COLUMNS + " FROM device " + rest)) {
            for (int i = 0; i < arguments.length; i++) {
                select.setObject(i + 1, arguments[i]);
            }
            try (ResultSet row = select.executeQuery()) {
                List<Registered> items = new ArrayList<>();
                while (row.next()) {
                    items.add(read(row));
                }
                return items;
            }
        }
    }

    private Registered read(ResultSet row) throws SQLException {
        String behind = row.getString(5);
        return new Registered(new DeviceId(row.getString(1), row.getString(2)), row.getInt(3) != 0, documents.values(row.getString(4)),
                behind == null ? Optional.empty() : Optional.of(new DeviceId(behind, row.getString(6))), row.getString(7),
                Instant.ofEpochMilli(row.getLong(8)), Instant.ofEpochMilli(row.getLong(9)));
    }
}
