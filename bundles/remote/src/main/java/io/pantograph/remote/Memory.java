package io.pantograph.remote;

import io.pantograph.api.model.DeviceId;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which document was carried out last for each device, and whose end was not told yet to who asked for it, over restarts: {@code HOME/gateway/desired.properties}. A cloud tells all that it
 * desires after every start; what was tried and taken back must not be tried again for that.
 */
final class Memory {

    /**
     * @param mark of the document, see {@link Wanted}; empty: none yet
     * @param deployment that it led to; empty: there was nothing to do
     * @param names of the bundles that were brought
     */
    record Done(String mark, String deployment, Set<String> names) {

        static final Done NOTHING = new Done("", "", Set.of());

        Done {
            names = Set.copyOf(names);
        }
    }

    private static final Logger log = LoggerFactory.getLogger(Memory.class);

    private final Path file;
    private final Properties all = new Properties();

    /** Of a file that cannot be read nothing is remembered: that costs a trial more, and no door stays shut for it. */
    Memory(Path home) {
        file = home.resolve("gateway").resolve("desired.properties");
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                all.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                log.warn("{} cannot be read, so what was taken back may be tried once more: {}", file, e.toString());
                all.clear();
            }
        }
    }

    synchronized Done of(DeviceId device) {
        String names = all.getProperty(device + ".names", "");
        return new Done(all.getProperty(device + ".mark", ""), all.getProperty(device + ".deployment", ""),
                names.isBlank() ? Set.of() : Set.of(names.split(" ")));
    }

    /** On disk when it returns. */
    synchronized void keep(DeviceId device, Done done) throws IOException {
        all.setProperty(device + ".mark", done.mark());
        all.setProperty(device + ".deployment", done.deployment());
        all.setProperty(device + ".names", String.join(" ", sorted(done.names())));
        write();
    }

    /** Deployments whose end somebody waits for. */
    synchronized Set<String> awaited(DeviceId device) {
        String ids = all.getProperty(device + ".awaited", "");
        return ids.isBlank() ? Set.of() : Set.of(ids.split(" "));
    }

    /** On disk when it returns. */
    synchronized void await(DeviceId device, Set<String> deployments) throws IOException {
        all.setProperty(device + ".awaited", String.join(" ", sorted(deployments)));
        write();
    }

    private void write() throws IOException {
        Files.createDirectories(file.getParent());
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (Writer writer = Files.newBufferedWriter(fresh)) {
            all.store(writer, "Which desired bundles were carried out, and whose end is waited for, written by the gateway.");
        }
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Collection<String> sorted(Set<String> names) {
        return new TreeSet<>(names);
    }
}
