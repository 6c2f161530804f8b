package io.pantograph.hub.azure;

import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.hub.Database;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The twins, the last ones in memory. For callers that have the device alone. */
final class Twins {

    private static final int CHARACTERS_IN_MEMORY = 16 * 1024 * 1024;
    private static final int RECORD = 512; // what an empty one weighs

    private final Database database;
    private final TwinTable table;
    private final Cache<Identity, Twin> cache = new Cache<>(CHARACTERS_IN_MEMORY, twin -> twin.weight() + RECORD);
    private final Map<Identity, String> models = new ConcurrentHashMap<>();

    Twins(Database database, TwinTable table) {
        this.database = database;
        this.table = table;
    }

    /** Of one that is registered. */
    Twin get(Identity identity) {
        return cache.get(identity).orElseGet(() -> {
            Twin twin = twin(database.call(connection -> table.find(connection, identity))
                    .orElseThrow(() -> new IllegalStateException("'" + identity + "' has no twin in the database")));
            cache.put(identity, twin);
            return twin;
        });
    }

    /** Not remembered: for reading many. */
    Twin twin(TwinTable.Row row) {
        if (!row.model().isEmpty()) {
            models.putIfAbsent(row.identity(), row.model());
        }
        return table.twin(row);
    }

    String model(Identity identity) {
        return models.getOrDefault(identity, "");
    }

    /** Never waits. */
    void model(Identity identity, String model) {
        if (!model.equals(models.put(identity, model))) {
            database.submit(connection -> {
                table.model(connection, identity, model);
                return null;
            });
        }
    }

    TwinTable.Row row(Identity identity, Twin twin) throws AzureException {
        return table.row(identity, twin, model(identity));
    }

    /** Writes tags and desired properties. @return as it is now */
    Twin write(Identity identity, Twin twin) throws AzureException {
        String tags = table.text("tags", twin.tags());
        TwinTable.Texts desired = table.texts("properties.desired", twin.desired());
        return keep(identity, twin.weighing(tags.length() + desired.length(), twin.reportedWeight()), connection -> {
            table.written(connection, identity, tags, desired, twin.written());
            return null;
        });
    }

    Twin report(Identity identity, Twin twin) throws AzureException {
        TwinTable.Texts reported = table.texts("properties.reported", twin.reported());
        return keep(identity, twin.weighing(twin.writtenWeight(), reported.length()), connection -> {
            table.reported(connection, identity, reported);
            return null;
        });
    }

    private Twin keep(Identity identity, Twin twin, Database.Work<Void> work) {
        try {
            database.call(work);
        } catch (RuntimeException e) {
            cache.remove(identity); // whether it is on disk, the disk knows
            throw e;
        }
        cache.put(identity, twin);
        return twin;
    }

    void remember(Identity identity, Twin twin) {
        cache.put(identity, twin);
    }

    void forget(Identity identity) {
        cache.remove(identity);
        models.remove(identity);
    }
}
