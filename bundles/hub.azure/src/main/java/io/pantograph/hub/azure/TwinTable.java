package io.pantograph.hub.azure;

import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.model.Values;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Twins, row by row, as texts: they are read and written on the callers' threads, the database's thread only moves them. */
final class TwinTable {

    static final List<String> FIRST = List.of(
            """
            CREATE TABLE azure_identity_twin (
              device VARCHAR(128) NOT NULL,
              module VARCHAR(128) NOT NULL,
              tags TEXT NOT NULL,
              desired TEXT NOT NULL,
              desired_stamps TEXT NOT NULL,
              desired_version BIGINT NOT NULL,
              reported TEXT NOT NULL,
              reported_stamps TEXT NOT NULL,
              reported_version BIGINT NOT NULL,
              written BIGINT NOT NULL,
              model TEXT NOT NULL,
              PRIMARY KEY (device, module))""");

    // What can be read back: the hub's JSON has 200,000 tokens, at least a character and a comma each.
    private static final int LONGEST = 262_144;

    /** A section's texts. */
    record Texts(String values, String stamps, long version) {

        int length() {
            return values.length() + stamps.length();
        }
    }

    record Row(Identity identity, String tags, Texts desired, Texts reported, long written, String model) {
    }

    private final Documents documents;

    TwinTable(Documents documents) {
        this.documents = documents;
    }

    Row row(Identity identity, Twin twin, String model) throws AzureException {
        return new Row(identity, text("tags", twin.tags()), texts("properties.desired", twin.desired()), texts("properties.reported", twin.reported()),
                twin.written(), model);
    }

    Texts texts(String path, Section section) throws AzureException {
        return new Texts(text(path, section.values()), text(path, section.stamp().data()), section.version());
    }

    String text(String path, Object data) throws AzureException {
        String text = documents.text(data);
        if (text.length() > LONGEST) {
            throw Fields.invalid(path + " has too many values");
        }
        return text;
    }

    Twin twin(Row row) {
        return new Twin(documents.values(row.tags), section(row.desired), section(row.reported), row.written,
                row.tags.length() + row.desired.length(), row.reported.length());
    }

    private Section section(Texts texts) {
        return new Section(documents.values(texts.values), Stamp.of(documents.data(texts.stamps)), texts.version);
    }

    Optional<Row> find(Connection connection, Identity identity) throws SQLException {
        List<Row> found = select(connection, "WHERE device = ? AND module = ?", identity.device(), MemberTable.module(identity));
        return found.isEmpty() ? Optional.empty() : Optional.of(found.get(0));
    }

    /** Of devices or, instead, of modules, in order, after that one. */
    List<Row> page(Connection connection, boolean modules, Optional<Identity> after, int most) throws SQLException {
        return select(connection, "WHERE module " + (modules ? "<> ''" : "= ''") + " AND (device, module) > (?, ?) ORDER BY device, module LIMIT ?",
                after.map(Identity::device).orElse(""), after.map(MemberTable::module).orElse(""), most);
    }

    void insert(Connection connection, Row row) throws SQLException {
        change(connection, "INSERT INTO azure_identity_twin (tags, desired, desired_stamps, desired_version, reported, reported_stamps, reported_version, "
                + "written, model, device, module) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row.tags, row.desired.values, row.desired.stamps,
                row.desired.version, row.reported.values, row.reported.stamps, row.reported.version, row.written, row.model,
                row.identity.device(), MemberTable.module(row.identity));
    }

    /** Tags and desired properties. */
    void written(Connection connection, Identity identity, String tags, Texts desired, long written) throws SQLException {
        change(connection, "UPDATE azure_identity_twin SET tags = ?, desired = ?, desired_stamps = ?, desired_version = ?, written = ? "
                + "WHERE device = ? AND module = ?", tags, desired.values, desired.stamps, desired.version, written,
                identity.device(), MemberTable.module(identity));
    }

    void reported(Connection connection, Identity identity, Texts reported) throws SQLException {
        change(connection, "UPDATE azure_identity_twin SET reported = ?, reported_stamps = ?, reported_version = ? WHERE device = ? AND module = ?",
                reported.values, reported.stamps, reported.version, identity.device(), MemberTable.module(identity));
    }

    void model(Connection connection, Identity identity, String model) throws SQLException {
        change(connection, "UPDATE azure_identity_twin SET model = ? WHERE device = ? AND module = ?", model, identity.device(),
                MemberTable.module(identity));
    }

    /** A device's, with those of its modules. */
    void delete(Connection connection, Identity identity) throws SQLException {
        if (identity.module().isPresent()) {
            change(connection, "DELETE FROM azure_identity_twin WHERE device = ? AND module = ?", identity.device(), MemberTable.module(identity));
        } else {
            change(connection, "DELETE FROM azure_identity_twin WHERE device = ?", identity.device());
        }
    }

    private static void change(Connection connection, String sql, Object... arguments) throws SQLException {
        try (PreparedStatement change = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                change.setObject(i + 1, arguments[i]);
            }
            change.executeUpdate();
        }
    }

    private static List<Row> select(Connection connection, String rest, Object... arguments) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT device, module, tags, desired, desired_stamps, desired_version, "
                + "reported, reported_stamps, reported_version, written, model FROM azure_identity_twin " + rest)) {
            for (int i = 0; i < arguments.length; i++) {
                select.setObject(i + 1, arguments[i]);
            }
            try (ResultSet row = select.executeQuery()) {
                List<Row> rows = new ArrayList<>();
                while (row.next()) {
                    String module = row.getString(2);
                    rows.add(new Row(new Identity(row.getString(1), module.isEmpty() ? Optional.empty() : Optional.of(module)), row.getString(3),
                            new Texts(row.getString(4), row.getString(5), row.getLong(6)),
                            new Texts(row.getString(7), row.getString(8), row.getLong(9)), row.getLong(10), row.getString(11)));
                }
                return rows;
            }
        }
    }
}
