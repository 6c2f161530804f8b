package io.pantograph.hub.azure.wire;

import io.pantograph.api.hub.Database;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** In memory, and at once. */
final class TestDatabase implements Database {

    private final Connection connection;
    private boolean made;

    TestDatabase() {
        try {
            connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public synchronized void tables(String room, List<List<String>> steps) {
        if (made) {
            return;
        }
        made = true;
        for (List<String> step : steps) {
            for (String sql : step) {
                call(with -> {
                    try (Statement statement = with.createStatement()) {
                        return statement.execute(sql);
                    }
                });
            }
        }
    }

    @Override
    public synchronized <T> T call(Work<T> work) {
        try {
            return work.run(connection);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public <T> CompletableFuture<T> submit(Work<T> work) {
        return CompletableFuture.completedFuture(call(work));
    }
}
