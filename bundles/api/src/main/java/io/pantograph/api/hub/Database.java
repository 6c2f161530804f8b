package io.pantograph.api.hub;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The hub's database, for our own rooms. One thread does all work, in the order it was given; what waits at the same time shares one
 * transaction, and nobody is answered before it is on disk. SQL as SQLite and PostgreSQL both know it.
 */
@ProviderType
public interface Database {

    /** A piece of work, on the database's thread; what it throws undoes it and nobody else's. It commits nothing itself. */
    @FunctionalInterface
    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /**
     * Brings a room's tables to its present version, before any work that is given later. Returns at once. A published step is never
     * changed; a new one is added. Tables of a newer version than these steps make, or that cannot be made, end the box as the hub's own do.
     *
     * @param room a word of a-z and _; its tables' names begin with it
     * @param steps SQL statements, version by version
     */
    void tables(String room, List<List<String>> steps);

    /** Does it and waits until it is on disk. @throws RuntimeException if the database failed; those of the work come as they are */
    <T> T call(Work<T> work);

    /** Does it; completes, on the database's thread, when it is on disk. */
    <T> CompletableFuture<T> submit(Work<T> work);
}
