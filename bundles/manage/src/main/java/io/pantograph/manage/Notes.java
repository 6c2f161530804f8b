package io.pantograph.manage;

import io.pantograph.api.model.DeviceId;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What devices were asked and is not at its end, over restarts: {@code HOME/gateway/managed.properties}, in chapters. A file that cannot be read or
 * written costs what would be told after a restart, and closes no door.
 */
final class Notes {

    private static final Logger log = LoggerFactory.getLogger(Notes.class);

    private static final FileAttribute<?>[] OWNER_ONLY = FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))} : new FileAttribute<?>[0];

    private final Path file;
    private final Properties all = new Properties();

    Notes(Path home) {
        file = home.resolve("gateway").resolve("managed.properties");
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                all.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                log.warn("{} cannot be read, so what became of what was asked before may not be told: {}", file, e.toString());
                all.clear();
            }
        }
    }

    synchronized Map<String, String> of(DeviceId device, String chapter) {
        String prefix = prefix(device, chapter);
        Map<String, String> page = new TreeMap<>();
        all.stringPropertyNames().stream().filter(name -> name.startsWith(prefix)).forEach(name -> page.put(name.substring(prefix.length()), all.getProperty(name)));
        return page;
    }

    /** In place of what the chapter held; on disk when it returns. */
    synchronized void keep(DeviceId device, String chapter, Map<String, String> page) {
        String prefix = prefix(device, chapter);
        all.keySet().removeIf(name -> name.toString().startsWith(prefix));
        page.forEach((name, value) -> all.setProperty(prefix + name, value));
        try {
            Files.createDirectories(file.getParent());
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(fresh);
            Files.createFile(fresh, OWNER_ONLY); // the address of a firmware may hold a key
            try (Writer writer = Files.newBufferedWriter(fresh)) {
                all.store(writer, "What the gateway's own devices were asked by their platform, written by the gateway.");
            }
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            log.warn("{} cannot be written, so after a restart {} may not tell what became of it: {}", file, device, e.toString());
        }
    }

    private static String prefix(DeviceId device, String chapter) {
        return device + "." + chapter + '.';
    }
}
