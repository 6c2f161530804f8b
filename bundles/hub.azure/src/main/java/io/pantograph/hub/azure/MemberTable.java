package io.pantograph.hub.azure;

import io.pantograph.api.azure.Identity;
import io.pantograph.api.model.Secret;
import io.pantograph.api.model.Values;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Devices and modules, row by row; a device's own row has an empty module. On the database's thread. */
final class MemberTable {

    static final List<String> FIRST = List.of(
            """
            CREATE TABLE azure_identity (
              device VARCHAR(128) NOT NULL,
              module VARCHAR(128) NOT NULL,
              enabled INTEGER NOT NULL,
              body TEXT NOT NULL,
              state_changed BIGINT NOT NULL,
              last_activity BIGINT NOT NULL,
              PRIMARY KEY (device, module))""",
            "CREATE INDEX azure_identity_enabled ON azure_identity(module, enabled)"); // counts need not read the rows

    /** With what was last known of its connection. */
    record Row(Member member, Presence.Times times) {
    }

    private final Documents documents;

    MemberTable(Documents documents) {
        this.documents = documents;
    }

    static String module(Identity identity) {
        return identity.module().orElse("");
    }

    Optional<Row> find(Connection connection, Identity identity) throws SQLException {
        List<Row> found = select(connection, "WHERE device = ? AND module = ?", identity.device(), module(identity));
        return found.isEmpty() ? Optional.empty() : Optional.of(found.get(0));
    }

    /** Devices or, instead, modules, in order, after that one. */
    List<Row> page(Connection connection, boolean modules, Optional<Identity> after, int most) throws SQLException {
        return select(connection, "WHERE module " + (modules ? "<> ''" : "= ''") + " AND (device, module) > (?, ?) ORDER BY device, module LIMIT ?",
                after.map(Identity::device).orElse(""), after.map(MemberTable::module).orElse(""), most);
    }

    List<Row> modules(Connection connection, String device) throws SQLException {
        return select(connection, "WHERE device = ? AND module <> '' ORDER BY module", device);
    }

    void insert(Connection connection, Member member) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO azure_identity VALUES (?, ?, ?, ?, 0, 0)")) {
            insert.setString(1, member.identity().device());
            insert.setString(2, module(member.identity()));
            insert.setInt(3, member.enabled() ? 1 : 0);
            insert.setString(4, documents.text(body(member)));
            insert.executeUpdate();
        }
    }

    void update(Connection connection, Member member) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE azure_identity SET enabled = ?, body = ? WHERE device = ? AND module = ?")) {
            update.setInt(1, member.enabled() ? 1 : 0);
            update.setString(2, documents.text(body(member)));
            update.setString(3, member.identity().device());
            update.setString(4, module(member.identity()));
            update.executeUpdate();
        }
    }

    void times(Connection connection, Identity identity, Presence.Times times) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE azure_identity SET state_changed = CASE WHEN ? = 0 THEN state_changed ELSE ? END, last_activity = ? "
                + "WHERE device = ? AND module = ?")) {
            update.setLong(1, times.changed());
            update.setLong(2, times.changed());
            update.setLong(3, times.activity());
            update.setString(4, identity.device());
            update.setString(5, module(identity));
            update.executeUpdate();
        }
    }

    /** A device with its modules. */
    void delete(Connection connection, Identity identity) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM azure_identity WHERE device = ?"
                + (identity.module().isPresent() ? " AND module = ?" : ""))) {
            delete.setString(1, identity.device());
            if (identity.module().isPresent()) {
                delete.setString(2, module(identity));
            }
            delete.executeUpdate();
        }
    }

    /** Devices by whether they are enabled. */
    long count(Connection connection, boolean enabled) throws SQLException {
        try (PreparedStatement count = connection.prepareStatement("SELECT count(*) FROM azure_identity WHERE module = '' AND enabled = ?")) {
            count.setInt(1, enabled ? 1 : 0);
            try (ResultSet row = count.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** All devices. */
    long count(Connection connection) throws SQLException {
        return count(connection, true) + count(connection, false);
    }

    private List<Row> select(Connection connection, String rest, Object... arguments) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT device, module, enabled, body, state_changed, last_activity FROM azure_identity " + rest)) {
            for (int i = 0; i < arguments.length; i++) {
                select.setObject(i + 1, arguments[i]);
            }
            try (ResultSet row = select.executeQuery()) {
                List<Row> rows = new ArrayList<>();
                while (row.next()) {
                    String module = row.getString(2);
                    Identity identity = new Identity(row.getString(1), module.isEmpty() ? Optional.empty() : Optional.of(module));
                    rows.add(new Row(member(identity, row.getInt(3) != 0, documents.values(row.getString(4))),
                            new Presence.Times(row.getLong(5), row.getLong(6))));
                }
                return rows;
            }
        }
    }

    private static Values body(Member member) {
        Proof proof = member.proof();
        Values.Builder body = Values.builder().put("generation", member.generation()).put("tag", member.tag())
                .put("statusUpdated", member.statusUpdated()).put("type", Proof.word(proof.kind())).put("edge", member.edge())
                .put("parents", member.parents());
        member.statusReason().ifPresent(text -> body.put("statusReason", text));
        proof.primary().ifPresent(key -> body.put("primary", key.reveal()));
        proof.secondary().ifPresent(key -> body.put("secondary", key.reveal()));
        proof.primaryThumbprint().ifPresent(text -> body.put("primaryThumbprint", text));
        proof.secondaryThumbprint().ifPresent(text -> body.put("secondaryThumbprint", text));
        member.scope().ifPresent(text -> body.put("scope", text));
        member.managedBy().ifPresent(text -> body.put("managedBy", text));
        return body.build();
    }

    private static Member member(Identity identity, boolean enabled, Values body) {
        Proof proof = new Proof(Proof.kind(body.text("type")), text(body, "primary").map(Secret::of), text(body, "secondary").map(Secret::of),
                text(body, "primaryThumbprint"), text(body, "secondaryThumbprint"));
        return new Member(identity, body.text("generation"), body.integer("tag"), enabled, text(body, "statusReason"), body.integer("statusUpdated"),
                proof, body.flag("edge"), text(body, "scope"), body.list("parents").stream().map(String.class::cast).toList(), text(body, "managedBy"));
    }

    private static Optional<String> text(Values body, String name) {
        return Optional.ofNullable((String) body.get(name));
    }
}
