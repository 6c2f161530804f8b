package io.pantograph.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The SQLite file {@code hub.db}: opens it, and puts aside one that cannot be read. SQLite is met here and nowhere else; all others
 * speak JDBC, so that another database can take its place.
 */
final class SqliteFile {

    private static final Logger log = LoggerFactory.getLogger(SqliteFile.class);
    private static final String NAME = "hub.db";

    private final Folder folder;
    private final Clock clock;

    SqliteFile(Folder folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    Path path() {
        return folder.path().resolve(NAME);
    }

    /**
     * Opens it, made and brought to the present schema where needed. A damaged file is renamed, never deleted, and a new one begun.
     *
     * @throws SQLException if it is locked, or the disk is full or unreadable
     * @throws NewerSchemaException if a newer program has written it
     */
    Connection open() throws SQLException, IOException {
        try {
            return checked();
        } catch (SQLException e) {
            if (!damaged(e)) {
                throw e;
            }
            setAside(e);
            return checked();
        }
    }

    private Connection checked() throws SQLException, IOException {
        Connection connection = connect();
        try {
            check(connection);
            Schema.bringUp(connection);
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private Connection connect() throws SQLException, IOException {
        // The driver unpacks its native library, and /tmp may forbid to run code from it.
        System.setProperty("org.sqlite.tmpdir", folder.folder("tmp").path().toString());
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + folder.file(NAME));
        Connection connection = source.getConnection();
        try (Statement statement = connection.createStatement()) {
            // Before WAL, so that no shared-memory file is made: nobody else has this file open.
            statement.execute("PRAGMA locking_mode=EXCLUSIVE");
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("PRAGMA synchronous=FULL");
            statement.execute("PRAGMA foreign_keys=ON");
            statement.execute("PRAGMA temp_store=MEMORY");
            statement.execute("PRAGMA mmap_size=0");
            statement.execute("PRAGMA journal_size_limit=4194304");
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static void check(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery("PRAGMA quick_check(1)")) {
            String found = result.next() ? result.getString(1) : "nothing";
            if (!found.equals("ok")) {
                throw new SQLiteException("quick_check found: " + found, SQLiteErrorCode.SQLITE_CORRUPT);
            }
        }
    }

    private void setAside(SQLException why) throws IOException {
        String stamp = DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC).format(clock.instant());
        String other = NAME + ".damaged-" + stamp;
        folder.rename(NAME + "-wal", other + "-wal");
        folder.rename(NAME + "-journal", other + "-journal");
        folder.rename(NAME, other);
        log.error("ALARM: {} is damaged ({}). It was renamed to {} and the hub begins with an empty registry: restore a backup, "
                + "or register types and devices anew.", path(), why.getMessage(), other);
    }

    /** Whether the file itself is not to be trusted any more. */
    static boolean damaged(SQLException e) {
        return is(e, SQLiteErrorCode.SQLITE_CORRUPT, SQLiteErrorCode.SQLITE_NOTADB);
    }

    /** Whether the connection is not to be used any more: after such a failure SQLite may have lost part of the transaction. */
    static boolean broken(SQLException e) {
        return damaged(e) || is(e, SQLiteErrorCode.SQLITE_FULL, SQLiteErrorCode.SQLITE_IOERR, SQLiteErrorCode.SQLITE_NOMEM,
                SQLiteErrorCode.SQLITE_CANTOPEN, SQLiteErrorCode.SQLITE_READONLY);
    }

    static boolean locked(SQLException e) {
        return is(e, SQLiteErrorCode.SQLITE_BUSY, SQLiteErrorCode.SQLITE_LOCKED);
    }

    private static boolean is(SQLException e, SQLiteErrorCode... codes) {
        for (SQLiteErrorCode code : codes) {
            // The low byte is the code, the rest says more about it.
            if ((e.getErrorCode() & 0xff) == code.code) {
                return true;
            }
        }
        return false;
    }

    boolean exists() {
        return Files.exists(path());
    }
}
