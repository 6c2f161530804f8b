package io.pantograph.hub.azure;

import io.pantograph.api.azure.AzureListener;
import io.pantograph.api.azure.EventLog;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.hub.Database;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import io.pantograph.json.JsonReader;
import io.pantograph.json.JsonWriter;
import io.pantograph.testkit.ManualClock;
import io.pantograph.testkit.PlainJson;
import io.pantograph.testkit.PlainSettings;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The whole room without a framework, on a database of its own; what listeners and the event log are told is in {@link #told}. */
final class KeepingRoom implements AutoCloseable {

    final ManualClock clock;
    final PlainSettings settings;
    final FileDatabase database;
    final List<String> told = Collections.synchronizedList(new ArrayList<>());
    final List<String> events = Collections.synchronizedList(new ArrayList<>());
    final Keeping keeping;
    final IdentityRoom identities;
    final TwinRoom twins;
    final Policies policies;
    final EnrollmentRoom enrollments;

    KeepingRoom(Path home) throws Exception {
        this(home, new ManualClock());
    }

    KeepingRoom(Path home, ManualClock clock) throws Exception {
        this.clock = clock;
        settings = new PlainSettings(home);
        database = new FileDatabase(home.resolve("test.db"));
        keeping = new Keeping(settings, database, JSON, clock);
        identities = keeping.identities();
        twins = keeping.twins();
        policies = keeping.policies();
        enrollments = keeping.enrollments();
        keeping.addListener(new AzureListener() {
            @Override
            public void desired(Identity identity, Values patch, long version) {
                told.add("desired " + identity + ' ' + json(patch) + ' ' + version);
            }

            @Override
            public void replaced(Identity identity, Values patch, Values all, long version) {
                told.add("replaced " + identity + ' ' + json(patch) + ' ' + json(all) + ' ' + version);
            }

            @Override
            public void ended(Identity identity, boolean deleted, String reason) {
                told.add("ended " + identity + ' ' + deleted);
            }
        });
        keeping.addLog(new EventLog() {
            @Override
            public long append(Identity from, String source, Map<String, String> system, Map<String, String> properties, Bytes body) {
                events.add(source + ' ' + properties.get("opType") + ' ' + from + ' ' + body.text());
                return events.size();
            }

            @Override
            public long end() {
                return events.size();
            }

            @Override
            public long since(Instant time) {
                throw new UnsupportedOperationException();
            }

            @Override
            public List<io.pantograph.api.azure.Event> read(long from, int most) {
                throw new UnsupportedOperationException();
            }

            @Override
            public AutoCloseable follow(Runnable wake) {
                throw new UnsupportedOperationException();
            }
        });
    }

    static final PlainJson JSON = new PlainJson(JsonWriter::write, JsonReader::readBatch);

    static String json(Object data) {
        return JSON.write(data).text();
    }

    /** With ' for ". */
    static Values values(String json) {
        return (Values) JSON.data(json);
    }

    @Override
    public void close() throws Exception {
        keeping.close();
        database.close();
    }

    /** Work is done on one thread, each piece in a transaction of its own. */
    static final class FileDatabase implements Database, AutoCloseable {

        private final Connection connection;
        private final ExecutorService thread = Executors.newSingleThreadExecutor();

        FileDatabase(Path file) throws SQLException {
            connection = DriverManager.getConnection("jdbc:sqlite:" + file);
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA synchronous=OFF"); // what survives a power cut is the hub's own test
            }
            connection.setAutoCommit(false);
        }

        @Override
        public void tables(String room, List<List<String>> steps) {
            call(connection -> {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("CREATE TABLE IF NOT EXISTS made (room TEXT, version INTEGER)");
                    int done = statement.executeQuery("SELECT count(*) FROM made WHERE room = '" + room + "'").getInt(1);
                    for (int step = done; step < steps.size(); step++) {
                        for (String sql : steps.get(step)) {
                            statement.execute(sql);
                        }
                        statement.execute("INSERT INTO made VALUES ('" + room + "', " + step + ")");
                    }
                    return null;
                }
            });
        }

        @Override
        public <T> T call(Work<T> work) {
            return submit(work).join();
        }

        @Override
        public <T> CompletableFuture<T> submit(Work<T> work) {
            return CompletableFuture.supplyAsync(() -> {
                try {
                    T result = work.run(connection);
                    connection.commit();
                    return result;
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }, thread);
        }

        @Override
        public void close() throws Exception {
            call(connection -> null);
            thread.shutdown();
            connection.close();
        }
    }
}
