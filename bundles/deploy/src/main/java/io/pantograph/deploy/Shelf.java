package io.pantograph.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * Our own copies of jars, so that what is looked into is what is installed, whatever happens to the file in the folder meanwhile; and
 * of each the last one that worked, which goes on working when its successor is refused, also over a restart.
 */
final class Shelf {

    private final Path good;
    private final Path staged;

    Shelf(Path folder) throws IOException {
        good = Files.createDirectories(folder.resolve("good"));
        staged = Files.createDirectories(folder.resolve("staged"));
        for (Path left : list(staged)) {
            Files.delete(left);
        }
    }

    /** A copy to look into. */
    Path stage(Path jar) throws IOException {
        Path copy = staged.resolve(jar.getFileName());
        Files.copy(jar, copy, StandardCopyOption.REPLACE_EXISTING);
        return copy;
    }

    /** The copy works: it takes the place of the last one that did. */
    void keep(Path copy) throws IOException {
        Files.move(copy, good.resolve(copy.getFileName()), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The last one that worked; there may be none. */
    Path good(String jar) {
        return good.resolve(jar);
    }

    boolean same(Path copy) throws IOException {
        Path before = good(copy.getFileName().toString());
        return Files.exists(before) && Files.mismatch(copy, before) < 0;
    }

    void forget(String jar) throws IOException {
        Files.deleteIfExists(staged.resolve(jar));
        Files.deleteIfExists(good(jar));
    }

    List<Path> kept() throws IOException {
        return list(good);
    }

    private static List<Path> list(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.toList();
        }
    }
}
