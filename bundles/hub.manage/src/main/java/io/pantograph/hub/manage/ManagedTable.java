package io.pantograph.hub.manage;

import io.pantograph.api.hub.Management.Managed;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Values;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** The devices that said that they are managed. */
final class ManagedTable {

    private final Documents documents;

    ManagedTable(Documents documents) {
        this.documents = documents;
    }

    Optional<Managed> find(Connection work, DeviceId device) throws SQLException {
        return Sql.row(work, row -> {
            long dormant = row.getLong(1);
            boolean never = row.wasNull();
            return new Managed(never ? Optional.empty() : Optional.of(Instant.ofEpochMilli(dormant)), Instant.ofEpochMilli(row.getLong(2)),
                    documents.values(row.getString(3)), documents.values(row.getString(4)));
        }, "SELECT dormant, heard, supports, firmware FROM manage_device WHERE type = ? AND name = ?", device.type(), device.name());
    }

    void keep(Connection work, DeviceId device, Managed managed) throws SQLException {
        Sql.change(work, "INSERT INTO manage_device (type, name, dormant, heard, supports, firmware) VALUES (?, ?, ?, ?, ?, ?) "
                + "ON CONFLICT (type, name) DO UPDATE SET dormant = excluded.dormant, heard = excluded.heard, supports = excluded.supports, "
                + "firmware = excluded.firmware", device.type(), device.name(), managed.dormant().map(Instant::toEpochMilli).orElse(null),
                managed.heard().toEpochMilli(), documents.text(managed.supports()), documents.text(managed.firmware()));
    }

    void heard(Connection work, DeviceId device, Instant now) throws SQLException {
        Sql.change(work, "UPDATE manage_device SET heard = ? WHERE type = ? AND name = ?", now.toEpochMilli(), device.type(), device.name());
    }

    void firmware(Connection work, DeviceId device, Values firmware) throws SQLException {
        Sql.change(work, "UPDATE manage_device SET firmware = ? WHERE type = ? AND name = ?", documents.text(firmware), device.type(), device.name());
    }

    boolean delete(Connection work, DeviceId device) throws SQLException {
        return Sql.change(work, "DELETE FROM manage_device WHERE type = ? AND name = ?", device.type(), device.name()) > 0;
    }
}
