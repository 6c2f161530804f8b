package io.pantograph.hub.azure;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.hub.Database;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who is registered, the last ones in memory. What changes a device, its modules or their twins does so alone, so that what listeners are
 * told comes in the order of versions.
 */
final class Members {

    private static final int IN_MEMORY = 20_000;

    /** What is done alone. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws AzureException;
    }

    private final Database database;
    private final MemberTable table;
    private final Cache<Identity, MemberTable.Row> cache = new Cache<>(IN_MEMORY, row -> 1);
    private final ReentrantLock[] locks = new ReentrantLock[1024];

    Members(Database database, MemberTable table) {
        this.database = database;
        this.table = table;
        for (int i = 0; i < locks.length; i++) {
            locks[i] = new ReentrantLock();
        }
    }

    <T> T alone(String device, Work<T> work) throws AzureException {
        ReentrantLock lock = locks[Math.floorMod(device.hashCode() * 0x9E3779B9, locks.length)];
        lock.lock();
        try {
            return work.run();
        } finally {
            lock.unlock();
        }
    }

    Optional<MemberTable.Row> find(Identity identity) {
        Optional<MemberTable.Row> found = cache.get(identity);
        if (found.isPresent()) {
            return found;
        }
        try {
            // Alone, so that what a writer has just changed is not remembered as it was before.
            return alone(identity.device(), () -> {
                Optional<MemberTable.Row> row = database.call(connection -> table.find(connection, identity));
                row.ifPresent(each -> cache.put(identity, each));
                return row;
            });
        } catch (AzureException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @throws AzureException DeviceNotFound or ModuleNotFound */
    MemberTable.Row get(Identity identity) throws AzureException {
        Optional<MemberTable.Row> found = find(identity);
        if (found.isPresent()) {
            return found.get();
        }
        if (identity.module().isPresent() && find(Identity.of(identity.device())).isPresent()) {
            throw new AzureException(AzureError.ModuleNotFound, "module '" + identity + "' is not registered");
        }
        throw new AzureException(AzureError.DeviceNotFound, "device '" + identity.device() + "' is not registered");
    }

    void remember(MemberTable.Row row) {
        cache.put(row.member().identity(), row);
    }

    void forget(Identity identity) {
        cache.remove(identity);
    }
}
