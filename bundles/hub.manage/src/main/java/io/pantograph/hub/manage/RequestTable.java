package io.pantograph.hub.manage;

import io.pantograph.api.hub.Management.Outcome;
import io.pantograph.api.hub.Management.Progress;
import io.pantograph.api.hub.Management.Request;
import io.pantograph.api.hub.Registry.Page;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Values;
import io.pantograph.hub.manage.Part.Step;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Requests, and how far each device is. */
final class RequestTable {

    /** Of those that are done. */
    static final int MOST_KEPT = 1_000;

    private static final String REQUEST = """
            SELECT id, action, parameters, initiated,
              (SELECT count(*) FROM manage_part p WHERE p.request = r.id),
              (SELECT count(*) FROM manage_part p WHERE p.request = r.id AND p.step <> 'DONE'),
              (SELECT coalesce(max(p.outcome), 0) FROM manage_part p WHERE p.request = r.id AND p.step = 'DONE'),
              (SELECT max(p.updated) FROM manage_part p WHERE p.request = r.id)
            FROM manage_request r\s""";
    private static final String PART = "SELECT p.request, r.action, r.parameters, p.type, p.name, p.step, p.wire, p.outcome, p.message, p.due, p.updated "
            + "FROM manage_part p JOIN manage_request r ON r.id = p.request ";

    private final Documents documents;

    RequestTable(Documents documents) {
        this.documents = documents;
    }

    void insert(Connection work, String id, Action action, Values parameters, Instant now) throws SQLException {
        Sql.change(work, "DELETE FROM manage_request WHERE id IN (SELECT id FROM manage_request r WHERE NOT EXISTS "
                + "(SELECT 1 FROM manage_part p WHERE p.request = r.id AND p.step <> 'DONE') ORDER BY initiated DESC, id DESC LIMIT 1000000 OFFSET "
                + (MOST_KEPT - 1) + ")");
        Sql.change(work, "INSERT INTO manage_request (id, action, parameters, initiated) VALUES (?, ?, ?, ?)", id, action.name(),
                documents.text(parameters), now.toEpochMilli());
    }

    void keep(Connection work, Part part) throws SQLException {
        Sql.change(work, "INSERT INTO manage_part (request, type, name, step, wire, outcome, message, due, updated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
                + "ON CONFLICT (request, type, name) DO UPDATE SET step = excluded.step, wire = excluded.wire, outcome = excluded.outcome, "
                + "message = excluded.message, due = excluded.due, updated = excluded.updated",
                part.request(), part.device().type(), part.device().name(), part.step().name(), part.wire(),
                part.outcome().map(Outcome::code).orElse(null), part.message(), part.due().toEpochMilli(), part.updated().toEpochMilli());
    }

    Optional<Request> find(Connection work, String id) throws SQLException {
        return Sql.row(work, this::request, REQUEST + "WHERE id = ?", id);
    }

    Page<Request> page(Connection work, int limit, Optional<String> from) throws SQLException {
        long time = Long.MAX_VALUE;
        String id = "~";
        if (from.isPresent()) {
            int slash = from.get().indexOf('/');
            time = Long.parseLong(from.get().substring(0, Math.max(0, slash))); // IllegalArgumentException for a bookmark of others
            id = from.get().substring(slash + 1);
        }
        List<Request> found = Sql.rows(work, this::request, REQUEST + "WHERE (initiated, id) < (?, ?) ORDER BY initiated DESC, id DESC LIMIT ?", time, id, limit + 1);
        long total = Sql.number(work, "SELECT count(*) FROM manage_request");
        if (found.size() <= limit) {
            return new Page<>(found, total, Optional.empty());
        }
        Request last = found.get(limit - 1);
        return new Page<>(found.subList(0, limit), total, Optional.of(last.initiated().toEpochMilli() + "/" + last.id()));
    }

    private Request request(ResultSet row) throws SQLException {
        Map<String, String> parameters = new LinkedHashMap<>();
        documents.values(row.getString(3)).forEach((name, value) -> parameters.put(name, String.valueOf(value)));
        Instant initiated = Instant.ofEpochMilli(row.getLong(4));
        long updated = row.getLong(8);
        return new Request(row.getString(1), row.getString(2), parameters, row.getInt(5), row.getInt(6) == 0, outcome(row.getInt(7)), initiated,
                updated == 0 ? initiated : Instant.ofEpochMilli(updated));
    }

    boolean delete(Connection work, String id) throws SQLException {
        Sql.change(work, "DELETE FROM manage_part WHERE request = ?", id);
        return Sql.change(work, "DELETE FROM manage_request WHERE id = ?", id) > 0;
    }

    Page<Progress> progress(Connection work, String id, int limit, Optional<DeviceId> after) throws SQLException {
        List<Progress> found = Sql.rows(work, RequestTable::progress, "SELECT type, name, step, outcome, message, updated FROM manage_part WHERE request = ? "
                + "AND (type, name) > (?, ?) ORDER BY type, name LIMIT ?", id, after.map(DeviceId::type).orElse(""), after.map(DeviceId::name).orElse(""), limit + 1);
        long total = Sql.number(work, "SELECT count(*) FROM manage_part WHERE request = ?", id);
        return found.size() <= limit ? new Page<>(found, total, Optional.empty())
                : new Page<>(found.subList(0, limit), total, Optional.of(found.get(limit - 1).device().toString()));
    }

    Optional<Progress> progress(Connection work, String id, DeviceId device) throws SQLException {
        return Sql.row(work, RequestTable::progress, "SELECT type, name, step, outcome, message, updated FROM manage_part WHERE request = ? AND type = ? AND name = ?",
                id, device.type(), device.name());
    }

    private static Progress progress(ResultSet row) throws SQLException {
        boolean done = row.getString(3).equals(Step.DONE.name());
        return new Progress(new DeviceId(row.getString(1), row.getString(2)), done ? Optional.of(outcome(row.getInt(4))) : Optional.empty(),
                row.getString(5), Instant.ofEpochMilli(row.getLong(6)));
    }

    /** The parts of this device that are not done. */
    List<Part> open(Connection work, DeviceId device) throws SQLException {
        return Sql.rows(work, this::part, PART + "WHERE p.type = ? AND p.name = ? AND p.step <> 'DONE' ORDER BY r.initiated, r.id", device.type(), device.name());
    }

    List<Part> open(Connection work, String request) throws SQLException {
        return Sql.rows(work, this::part, PART + "WHERE p.request = ? AND p.step <> 'DONE'", request);
    }

    List<Part> due(Connection work, Instant now) throws SQLException {
        return Sql.rows(work, this::part, PART + "WHERE p.step <> 'DONE' AND p.due <= ?", now.toEpochMilli());
    }

    Optional<Instant> nextDue(Connection work) throws SQLException {
        return Sql.row(work, row -> {
            long due = row.getLong(1);
            return row.wasNull() ? Optional.<Instant>empty() : Optional.of(Instant.ofEpochMilli(due));
        }, "SELECT min(due) FROM manage_part WHERE step <> 'DONE'").orElse(Optional.empty());
    }

    private Part part(ResultSet row) throws SQLException {
        int outcome = row.getInt(8);
        boolean none = row.wasNull();
        return new Part(row.getString(1), Action.of(row.getString(2)).orElseThrow(), documents.values(row.getString(3)),
                new DeviceId(row.getString(4), row.getString(5)), Step.valueOf(row.getString(6)), row.getString(7),
                none ? Optional.empty() : Optional.of(outcome(outcome)), row.getString(9), Instant.ofEpochMilli(row.getLong(10)),
                Instant.ofEpochMilli(row.getLong(11)));
    }

    private static Outcome outcome(int code) {
        return Outcome.values()[code]; // they are numbered in their order
    }
}
