package io.pantograph.hub.mqtt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Stream;
import jetbrains.exodus.env.Cursor;
import jetbrains.exodus.env.Environment;
import jetbrains.exodus.env.EnvironmentConfig;
import jetbrains.exodus.env.Environments;
import jetbrains.exodus.env.StoreConfig;
import jetbrains.exodus.env.Transaction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all that HiveMQ has kept before HiveMQ does. A file that ends too early Xodus repairs by itself; but one that is damaged inside
 * would leave HiveMQ waiting for ever, or end one client's connection each time it comes.
 */
final class SessionFiles {

    private static final Logger LOG = LoggerFactory.getLogger(SessionFiles.class);
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

    private SessionFiles() {
    }

    /** Sets the whole folder aside if any of it cannot be read. Nothing is deleted, but nobody reads it again either. */
    static void check(Path data, Clock clock) throws IOException {
        for (Path folder : stores(data)) {
            try {
                read(folder);
            } catch (RuntimeException e) {
                Path aside = data.resolveSibling(data.getFileName() + ".damaged-" + STAMP.format(clock.instant()));
                Files.move(data, aside);
                LOG.error("the sessions in {} are damaged ({}: {}); they are now in {}, and clients begin with no subscriptions and no waiting messages",
                        folder, e.getClass().getSimpleName(), e.getMessage(), aside);
                return;
            }
        }
    }

    private static List<Path> stores(Path data) throws IOException {
        if (!Files.exists(data)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(data)) {
            return files.filter(file -> file.toString().endsWith(".xd")).map(Path::getParent).distinct().toList();
        }
    }

    private static void read(Path folder) {
        EnvironmentConfig config = new EnvironmentConfig().setEnvIsReadonly(true).setGcEnabled(false).setManagementEnabled(false)
                .setEnvGatherStatistics(false);
        Environment environment = Environments.newInstance(folder.toFile(), config);
        try {
            environment.executeInReadonlyTransaction(transaction -> environment.getAllStoreNames(transaction)
                    .forEach(store -> read(environment, store, transaction)));
        } finally {
            environment.close();
        }
    }

    private static void read(Environment environment, String store, Transaction transaction) {
        try (Cursor cursor = environment.openStore(store, StoreConfig.USE_EXISTING, transaction).openCursor(transaction)) {
            while (cursor.getNext()) {
                cursor.getKey().getLength();
                cursor.getValue().getLength();
            }
        }
    }
}
