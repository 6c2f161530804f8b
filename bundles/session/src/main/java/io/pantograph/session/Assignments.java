package io.pantograph.session;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.channels.FileChannel;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * To which hub devices were assigned, kept in a file over restarts. A file that cannot be read is as good as none: the device asks
 * again. Written whole and put in the place of the old one, so that a crash leaves one or the other.
 */
final class Assignments {

    private static final Logger LOG = LoggerFactory.getLogger(Assignments.class);
    private static final String SUM = "checksum";
    private static final long MOST_BYTES = 4 * 1024 * 1024;

    private final Path file;
    private Map<String, Map<String, String>> kept;

    Assignments(Path file) {
        this.file = file;
    }

    synchronized Optional<Map<String, String>> find(String key) {
        return Optional.ofNullable(all().get(key));
    }

    synchronized void keep(String key, Map<String, String> assignment) {
        if (!assignment.equals(all().put(key, Map.copyOf(assignment)))) {
            write();
        }
    }

    synchronized void forget(String key) {
        if (all().remove(key) != null) {
            write();
        }
    }

    private Map<String, Map<String, String>> all() {
        if (kept == null) {
            try {
                kept = read();
            } catch (NoSuchFileException e) {
                kept = new TreeMap<>();
            } catch (IOException | RuntimeException e) {
                LOG.warn("{} cannot be read ({}); devices that it spoke of are assigned anew", file, e.toString());
                kept = new TreeMap<>();
            }
        }
        return kept;
    }

    /** Names are {@code number.key} and {@code number.field.name}: keys and fields may hold any text. */
    private Map<String, Map<String, String>> read() throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException("it has more than " + MOST_BYTES + " bytes");
        }
        Properties lines = new Properties();
        lines.load(new StringReader(Files.readString(file)));
        Object sum = lines.remove(SUM);
        if (!String.valueOf(checksum(lines)).equals(sum)) {
            throw new IOException("its checksum is wrong");
        }
        Map<String, Map<String, String>> read = new TreeMap<>();
        for (String name : lines.stringPropertyNames()) {
            if (name.endsWith(".key") && name.indexOf('.') == name.length() - 4) {
                String number = name.substring(0, name.length() - 3);
                Map<String, String> assignment = new TreeMap<>();
                for (String other : lines.stringPropertyNames()) {
                    if (other.startsWith(number + "field.")) {
                        assignment.put(other.substring(number.length() + 6), lines.getProperty(other));
                    }
                }
                read.put(lines.getProperty(name), assignment);
            }
        }
        return read;
    }

    private static long checksum(Properties lines) {
        CRC32 sum = new CRC32();
        new TreeMap<>(lines).forEach((name, value) -> sum.update((name + "\n" + value + "\n").getBytes(StandardCharsets.UTF_8)));
        return sum.getValue();
    }

    private void write() {
        Properties lines = new Properties();
        int number = 0;
        for (Map.Entry<String, Map<String, String>> one : kept.entrySet()) {
            String prefix = ++number + ".";
            lines.setProperty(prefix + "key", one.getKey());
            one.getValue().forEach((name, value) -> lines.setProperty(prefix + "field." + name, value));
        }
        lines.setProperty(SUM, String.valueOf(checksum(lines)));
        try {
            StringWriter text = new StringWriter();
            lines.store(text, "To which hub devices were assigned. Delete it, and they ask again.");
            replace(text.toString());
        } catch (IOException e) {
            LOG.warn("{} cannot be written ({}); after a restart devices are assigned anew", file, e.toString());
        }
    }

    private void replace(String text) throws IOException {
        Files.createDirectories(file.getParent(), attributes("rwx------"));
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel out = FileChannel.open(fresh, EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes("rw-------"))) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static FileAttribute<?>[] attributes(String permissions) {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))}
                : new FileAttribute<?>[0];
    }
}
