package io.pantograph.hub;

import io.pantograph.api.core.SettingException;
import io.pantograph.api.core.Settings;
import io.pantograph.api.hub.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hub's database: one thread, one connection. Work that waits at the same time shares one transaction and so one fsync, and
 * nobody is answered before it is on disk. What may be lost with the last moments of a crash is written behind, in turn.
 */
final class Store implements Database {

    private static final Logger log = LoggerFactory.getLogger(Store.class);
    private static final int MOST_AT_ONCE = 256;
    private static final long BEHIND_MILLIS = 100;

    private record Task<T>(Work<T> work, CompletableFuture<T> done) {

        Runnable run(Connection connection) throws SQLException {
            T result = work.run(connection);
            return () -> done.complete(result);
        }
    }

    private final LinkedBlockingQueue<Task<?>> queue = new LinkedBlockingQueue<>();
    private final List<Work<Void>> behind = new CopyOnWriteArrayList<>();
    private final AtomicBoolean dirty = new AtomicBoolean();
    private final Thread thread;
    private final SqliteFile file;
    private final Settings settings;
    private Connection connection;
    private StoreException refused;
    private boolean behindWaits;
    private long behindDue;
    private volatile boolean closed;

    /** Returns at once; the database is opened by its own thread, and the first to ask waits for that. */
    Store(Settings settings, Clock clock) throws IOException {
        this.settings = settings;
        file = new SqliteFile(Folder.of(settings.home().resolve("hub")), clock);
        thread = new Thread(this::serve, "hub-store");
        thread.start();
    }

    Path path() {
        return file.path();
    }

    @Override
    public void tables(String room, List<List<String>> steps) {
        submit(connection -> {
            Schema.bringUp(connection, room, steps);
            return null;
        }).whenComplete((done, failure) -> {
            if (failure != null && !closed) {
                log.error("the tables of {} cannot be made", room, failure);
                settings.fail(refusal(failure));
            }
        });
    }

    /** @throws StoreException if the database failed */
    @Override
    public <T> T call(Work<T> work) {
        try {
            return submit(work).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StoreException failed) {
                throw new StoreException(failed.getMessage(), failed); // with the caller's own trace
            }
            if (e.getCause() instanceof RuntimeException own) {
                throw own;
            }
            throw e;
        }
    }

    @Override
    public <T> CompletableFuture<T> submit(Work<T> work) {
        Task<T> task = new Task<>(work, new CompletableFuture<>());
        queue.add(task);
        if (closed && queue.remove(task)) {
            task.done.completeExceptionally(new StoreException("the hub's database is closed", null));
        }
        return task.done;
    }

    /** Work that is done now and then, soon after each {@link #soon}. */
    void behind(Work<Void> writer) {
        behind.add(writer);
    }

    /** Something waits for the work behind. Cheap; never waits. */
    void soon() {
        if (!dirty.get() && !dirty.getAndSet(true)) {
            queue.add(new Task<>(null, new CompletableFuture<>()));
        }
    }

    /** Everything that waits is written first. */
    void close() {
        closed = true;
        queue.add(new Task<>(null, new CompletableFuture<>()));
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve() {
        try {
            connection = file.open();
            log.info("database {} is open", file.path());
        } catch (SQLException | IOException | RuntimeException | LinkageError e) {
            refused = new StoreException(e.getMessage(), e);
            settings.fail(refusal(e));
        }
        List<Task<?>> batch = new ArrayList<>();
        while (!closed || !queue.isEmpty()) {
            if (take(batch)) {
                process(batch);
            }
        }
        behindWaits = true;
        behindDue = System.nanoTime();
        batch.clear();
        process(batch);
        closeConnection();
    }

    private SettingException refusal(Throwable why) {
        if (why instanceof NewerSchemaException) {
            return new SettingException("pantograph.home", settings.home(), "holds a database " + file.path() + " that " + why.getMessage(),
                    "start the newer program, or choose another home");
        }
        if (why instanceof SQLException sql && SqliteFile.locked(sql)) {
            return new SettingException("pantograph.home", settings.home(), "holds a database " + file.path() + " that another program has open",
                    "end that program, or choose another home");
        }
        return new SettingException("pantograph.home", settings.home(), "holds a database " + file.path() + " that cannot be opened (" + why + ')',
                "check the disk and the rights, or choose another home");
    }

    /** Whether there is something to do. */
    private boolean take(List<Task<?>> batch) {
        batch.clear();
        try {
            Task<?> first = behindWaits ? queue.poll(Math.max(0, behindDue - System.nanoTime()), TimeUnit.NANOSECONDS) : queue.take();
            if (first != null) {
                batch.add(first);
                queue.drainTo(batch, MOST_AT_ONCE - 1);
                if (batch.removeIf(task -> task.work == null) && !behindWaits) {
                    behindWaits = true;
                    behindDue = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BEHIND_MILLIS);
                }
            }
            return !batch.isEmpty() || behindIsDue();
        } catch (InterruptedException e) {
            return false; // nobody but close() ends this thread
        }
    }

    private boolean behindIsDue() {
        return behindWaits && behindDue - System.nanoTime() <= 0;
    }

    private void process(List<Task<?>> batch) {
        if (refused != null) {
            batch.forEach(task -> task.done.completeExceptionally(refused)); // the box is about to end
            return;
        }
        List<Runnable> answers = new ArrayList<>();
        try {
            if (connection == null || connection.isClosed()) {
                connection = file.open();
            }
            for (Task<?> task : batch) {
                runAlone(task, answers);
            }
            if (behindIsDue()) {
                behindWaits = false;
                dirty.set(false);
                for (Work<Void> writer : behind) {
                    runAlone(new Task<>(writer, new CompletableFuture<>()), answers);
                }
            }
            connection.commit();
        } catch (SQLException | IOException | RuntimeException e) {
            // After such a failure the connection may have lost part of the transaction: nothing of it is answered with yes.
            StoreException failed = new StoreException("the hub's database failed: " + e.getMessage(), e);
            log.error("the database {} failed; {} changes were undone", file.path(), batch.size(), e);
            closeConnection();
            batch.forEach(task -> task.done.completeExceptionally(failed));
            return;
        }
        answers.forEach(Runnable::run);
    }

    private void runAlone(Task<?> task, List<Runnable> answers) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            Runnable answer = task.run(connection);
            connection.releaseSavepoint(before);
            answers.add(answer);
        } catch (SQLException e) {
            if (SqliteFile.broken(e)) {
                throw e;
            }
            undo(before);
            log.warn("a change of the database was refused", e);
            answers.add(() -> task.done.completeExceptionally(new StoreException("the hub's database refused: " + e.getMessage(), e)));
        } catch (RuntimeException e) {
            undo(before);
            answers.add(() -> task.done.completeExceptionally(e));
        }
    }

    private void undo(Savepoint before) throws SQLException {
        connection.rollback(before);
        connection.releaseSavepoint(before);
    }

    private void closeConnection() {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            log.warn("the database {} did not close well", file.path(), e);
        }
        connection = null;
    }
}
