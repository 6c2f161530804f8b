package io.pantograph.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.core.SettingException;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.ManualClock;
import io.pantograph.testkit.PlainSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {

    @TempDir
    Path home;

    private Store open() throws IOException {
        return new Store(new PlainSettings(home), new ManualClock());
    }

    private static Void insert(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("INSERT INTO document VALUES ('" + name + "', '{}')");
        }
        return null;
    }

    private static int count(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery("SELECT count(*) FROM document")) {
            row.next();
            return row.getInt(1);
        }
    }

    @Test
    void keepsWhatItWasGiven() throws Exception {
        Store store = open();
        store.call(connection -> insert(connection, "a"));
        store.close();
        store = open();
        assertEquals(1, store.call(StoreTest::count));
        store.close();
    }

    // Those who wait at the same time share one transaction; one that fails must not take the others with it.
    @Test
    void undoesWhatFailsAndNothingElse() throws Exception {
        Store store = open();
        CountDownLatch gate = new CountDownLatch(1);
        store.submit(connection -> {
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return null;
        });
        List<CompletableFuture<?>> all = new ArrayList<>();
        all.add(store.submit(connection -> insert(connection, "a")));
        CompletableFuture<?> twice = store.submit(connection -> insert(connection, "a"));
        CompletableFuture<?> half = store.submit(connection -> {
            insert(connection, "half");
            throw new IllegalStateException("no");
        });
        all.add(store.submit(connection -> insert(connection, "b")));
        gate.countDown();
        all.forEach(Await::result);
        Await.failure(StoreException.class, twice);
        assertEquals("no", Await.failure(IllegalStateException.class, half).getMessage());
        assertEquals(2, store.call(StoreTest::count));
        store.close();
    }

    @Test
    void letsTheWorksOwnExceptionThrough() throws Exception {
        Store store = open();
        assertThrows(IllegalStateException.class, () -> store.call(connection -> {
            throw new IllegalStateException("no");
        }));
        store.close();
    }

    @Test
    void writesBehindSoonAndBeforeItCloses() throws Exception {
        Store store = open();
        AtomicInteger written = new AtomicInteger();
        store.behind(connection -> {
            insert(connection, "behind-" + written.incrementAndGet());
            return null;
        });
        store.soon();
        Await.until("written behind", () -> written.get() > 0);
        store.close();
        Store again = open();
        assertEquals(written.get(), again.call(StoreTest::count));
        assertTrue(written.get() >= 2, "the last writing is at the close");
        again.close();
        assertThrows(StoreException.class, () -> again.call(StoreTest::count));
    }

    @Test
    void shutsOthersOut() throws Exception {
        Store store = open();
        store.call(connection -> insert(connection, "a"));
        Path hub = home.resolve("hub");
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(hub)));
        try (Stream<Path> files = Files.list(hub)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)), file.toString());
            }
        }
        store.close();
    }

    @Test
    void putsADamagedFileAsideAndBeginsAnew() throws Exception {
        Path hub = Files.createDirectories(home.resolve("hub"));
        byte[] noise = "This is no database, whatever its name says.".repeat(100).getBytes(StandardCharsets.UTF_8);
        Files.write(hub.resolve("hub.db"), noise);
        Store store = open();
        store.call(connection -> insert(connection, "a"));
        store.close();
        try (Stream<Path> files = Files.list(hub)) {
            Path aside = files.filter(file -> file.getFileName().toString().startsWith("hub.db.damaged-")).findFirst().orElseThrow();
            assertEquals(noise.length, Files.readAllBytes(aside).length);
        }
    }

    // A page in the middle, as a failing disk leaves it: the head is whole, so only a check finds it.
    @Test
    void findsDamageInside() throws Exception {
        Store store = open();
        store.call(connection -> {
            for (int i = 0; i < 2000; i++) {
                insert(connection, "document-with-a-rather-long-name-" + i);
            }
            return null;
        });
        store.close();
        Path file = home.resolve("hub").resolve("hub.db");
        byte[] bytes = Files.readAllBytes(file);
        assertTrue(bytes.length > 20 * 4096);
        for (int page = 4; page < 20; page++) {
            java.util.Arrays.fill(bytes, page * 4096, page * 4096 + 4096, (byte) 0x5a);
        }
        Files.write(file, bytes);
        store = open();
        assertEquals(0, store.call(StoreTest::count));
        store.close();
        try (Stream<Path> files = Files.list(home.resolve("hub"))) {
            assertTrue(files.anyMatch(each -> each.getFileName().toString().startsWith("hub.db.damaged-")));
        }
    }

    @Test
    void bringsAnOlderFileUp() throws Exception {
        Store store = open();
        store.call(connection -> {
            insert(connection, "kept");
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("DROP TABLE attendance");
                return statement.executeUpdate("UPDATE schema_version SET version = 1");
            }
        });
        store.close();
        store = open();
        assertEquals(1, store.call(StoreTest::count));
        assertEquals(List.of(), Await.result(new Attendance(store).takeAll()));
        store.close();
    }

    @Test
    void leavesTheFileOfANewerProgramAlone() throws Exception {
        Store store = open();
        store.call(connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.executeUpdate("UPDATE schema_version SET version = 99");
            }
        });
        store.close();
        PlainSettings settings = new PlainSettings(home);
        Store older = new Store(settings, new ManualClock());
        SettingException why = Await.result(settings.failed());
        assertTrue(why.getMessage().contains("schema 99"), why.getMessage());
        assertThrows(StoreException.class, () -> older.call(StoreTest::count));
        older.close();
        try (Stream<Path> files = Files.list(home.resolve("hub"))) {
            assertFalse(files.anyMatch(each -> each.getFileName().toString().contains("damaged")));
        }
    }

    @Test
    void keepsTheTablesOfOtherRoomsUpToDate() throws Exception {
        List<String> first = List.of("CREATE TABLE guest_book (name TEXT)", "INSERT INTO guest_book VALUES ('one')");
        List<String> second = List.of("ALTER TABLE guest_book ADD COLUMN note TEXT", "UPDATE guest_book SET note = 'from ' || name");
        Store store = open();
        store.tables("guest", List.of(first));
        store.tables("guest", List.of(first)); // the second time there is nothing to do
        assertEquals("one", store.call(connection -> text(connection, "SELECT group_concat(name) FROM guest_book")));
        store.close();
        store = open();
        store.tables("guest", List.of(first, second));
        assertEquals("from one", store.call(connection -> text(connection, "SELECT group_concat(note) FROM guest_book")));
        store.close();
    }

    @Test
    void anOlderRoomDoesNotTouchNewerTables() throws Exception {
        PlainSettings settings = new PlainSettings(home);
        Store store = new Store(settings, new ManualClock());
        store.tables("guest", List.of(List.of("CREATE TABLE guest_book (name TEXT)"), List.of("DROP TABLE guest_book")));
        store.tables("guest", List.of(List.of("CREATE TABLE guest_book (name TEXT)")));
        store.call(StoreTest::count);
        store.close();
        assertTrue(settings.failed().join().getMessage().contains("has schema 2, newer than this program's 1"), settings.failed().join().getMessage());
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
