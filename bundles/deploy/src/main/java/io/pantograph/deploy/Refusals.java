package io.pantograph.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The file {@code REFUSED.txt} beside the jars: which of them were not taken, and why, for somebody who looks into the folder and not
 * into the log. It is there as long as there is something to tell.
 */
final class Refusals {

    static final String FILE = "REFUSED.txt";

    private final Path file;
    private final SortedMap<String, String> lines = new TreeMap<>();

    Refusals(Path folder) {
        file = folder.resolve(FILE);
    }

    /** @param line one sentence that names the jar */
    void refused(String jar, String line) throws IOException {
        add(jar, line);
        write();
    }

    /** To be written with the next. */
    void add(String jar, String line) {
        lines.put(jar, line);
    }

    void settled(String jar) throws IOException {
        if (lines.remove(jar) != null) {
            write();
        }
    }

    /** Forgets what another run of the box wrote. */
    void write() throws IOException {
        if (lines.isEmpty()) {
            Files.deleteIfExists(file);
            return;
        }
        StringBuilder text = new StringBuilder("These files were not taken. Each is tried again when it changes.\n\n");
        lines.values().forEach(line -> text.append(line).append('\n'));
        Path whole = file.resolveSibling(".REFUSED.new");
        Files.writeString(whole, text);
        Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING);
    }
}
