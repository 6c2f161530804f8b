package io.pantograph.hub.manage;

import io.pantograph.api.hub.Management.Fault;
import io.pantograph.api.hub.Management.Line;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Values;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/** Logs and error codes that devices told: of each the newest, as much as the cloud kept. */
final class DiagnosisTable {

    static final long MOST_LOG_BYTES = 500 * 1024;
    static final Duration LOG_AGE = Duration.ofDays(7);
    static final int MOST_FAULTS = 100;

    private static final String OF = " WHERE type = ? AND name = ?";

    private DiagnosisTable() {
    }

    /** A line as somebody told it. @throws IllegalArgumentException saying what is wrong with it */
    static Line line(Values told, Instant now) {
        Object severity = told.getOrDefault("severity", 0);
        if (severity == null) {
            severity = 0;
        }
        if (!(severity instanceof Number number) || number.doubleValue() != number.intValue() || number.intValue() < 0 || number.intValue() > 2) {
            throw new IllegalArgumentException("'severity' must be 0 for information, 1 for a warning or 2 for an error");
        }
        String data = told.get("data") == null ? "" : told.text("data");
        try {
            Base64.getDecoder().decode(data.replaceAll("\\s", "")); // some break it into lines
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'data' must be base64");
        }
        return new Line(UUID.randomUUID().toString(), Times.of(told.get("timestamp"), now), number.intValue(), told.text("message"), data);
    }

    static Fault fault(Values told, Instant now) {
        return new Fault(told.integer("errorCode"), Times.of(told.get("timestamp"), now));
    }

    static List<Line> log(Connection work, DeviceId device, Instant now) throws SQLException {
        return Sql.rows(work, row -> new Line(row.getString(1), Instant.ofEpochMilli(row.getLong(2)), row.getInt(3), row.getString(4), row.getString(5)),
                "SELECT id, time, severity, message, data FROM manage_line" + OF + " AND came > ? ORDER BY number DESC", device.type(), device.name(),
                now.minus(LOG_AGE).toEpochMilli());
    }

    static void add(Connection work, DeviceId device, Line line, Instant now) throws SQLException {
        Sql.change(work, "DELETE FROM manage_line" + OF + " AND came <= ?", device.type(), device.name(), now.minus(LOG_AGE).toEpochMilli());
        long size = line.message().getBytes(StandardCharsets.UTF_8).length + line.data().length();
        Sql.change(work, "INSERT INTO manage_line (type, name, number, id, came, time, severity, message, data, size) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                device.type(), device.name(), next(work, "manage_line", device), line.id(), now.toEpochMilli(), line.time().toEpochMilli(),
                line.severity(), line.message(), line.data(), size);
        while (Sql.number(work, "SELECT sum(size) FROM manage_line" + OF, device.type(), device.name()) > MOST_LOG_BYTES) {
            Sql.change(work, "DELETE FROM manage_line" + OF + " AND number = (SELECT min(number) FROM manage_line" + OF + ")", device.type(), device.name(),
                    device.type(), device.name());
        }
    }

    static boolean delete(Connection work, DeviceId device, String id) throws SQLException {
        return Sql.change(work, "DELETE FROM manage_line" + OF + " AND id = ?", device.type(), device.name(), id) > 0;
    }

    static void clearLog(Connection work, DeviceId device) throws SQLException {
        Sql.change(work, "DELETE FROM manage_line" + OF, device.type(), device.name());
    }

    static List<Fault> faults(Connection work, DeviceId device) throws SQLException {
        return Sql.rows(work, row -> new Fault(row.getLong(1), Instant.ofEpochMilli(row.getLong(2))),
                "SELECT code, time FROM manage_fault" + OF + " ORDER BY number DESC", device.type(), device.name());
    }

    static void add(Connection work, DeviceId device, Fault fault) throws SQLException {
        long number = next(work, "manage_fault", device);
        Sql.change(work, "INSERT INTO manage_fault (type, name, number, code, time) VALUES (?, ?, ?, ?, ?)", device.type(), device.name(), number,
                fault.code(), fault.time().toEpochMilli());
        Sql.change(work, "DELETE FROM manage_fault" + OF + " AND number <= ?", device.type(), device.name(), number - MOST_FAULTS);
    }

    static void clearFaults(Connection work, DeviceId device) throws SQLException {
        Sql.change(work, "DELETE FROM manage_fault" + OF, device.type(), device.name());
    }

    private static long next(Connection work, String table, DeviceId device) throws SQLException {
        return Sql.number(work, "SELECT coalesce(max(number), 0) + 1 FROM " + table + OF, device.type(), device.name());
    }
}
