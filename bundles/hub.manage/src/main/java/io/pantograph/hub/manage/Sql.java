package io.pantograph.hub.manage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Statements with their arguments. On the database's thread. */
final class Sql {

    @FunctionalInterface
    interface Reading<T> {
        T read(ResultSet row) throws SQLException;
    }

    private Sql() {
    }

    /** @return how many rows it met */
    static int change(Connection work, String sql, Object... arguments) throws SQLException {
        try (PreparedStatement change = prepared(work, sql, arguments)) {
            return change.executeUpdate();
        }
    }

    static <T> List<T> rows(Connection work, Reading<T> reading, String sql, Object... arguments) throws SQLException {
        try (PreparedStatement select = prepared(work, sql, arguments); ResultSet row = select.executeQuery()) {
            List<T> rows = new ArrayList<>();
            while (row.next()) {
                rows.add(reading.read(row));
            }
            return rows;
        }
    }

    static <T> Optional<T> row(Connection work, Reading<T> reading, String sql, Object... arguments) throws SQLException {
        return rows(work, reading, sql, arguments).stream().findFirst();
    }

    /** The one number that it asks for. */
    static long number(Connection work, String sql, Object... arguments) throws SQLException {
        return row(work, row -> row.getLong(1), sql, arguments).orElse(0L);
    }

    private static PreparedStatement prepared(Connection work, String sql, Object... arguments) throws SQLException {
        PreparedStatement statement = work.prepareStatement(sql);
        for (int i = 0; i < arguments.length; i++) {
            statement.setObject(i + 1, arguments[i]);
        }
        return statement;
    }
}
