package io.pantograph.hub.azure;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** A text file that nobody but the owner can read, in folders that nobody else can look into. */
final class OwnFile {

    private final Path path;
    private final boolean posix;

    /** @param folders below the home, made if they are not there */
    OwnFile(Path home, String name, String... folders) throws IOException {
        Path folder = home;
        boolean rights = Files.getFileStore(home).supportsFileAttributeView("posix");
        for (String each : folders) {
            folder = folder.resolve(each);
            Files.createDirectories(folder);
            if (rights) {
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            }
        }
        path = folder.resolve(name);
        posix = rights;
        if (posix && Files.exists(path)) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        }
    }

    Path path() {
        return path;
    }

    /** In one step, on disk when it returns: nobody ever reads half of it. */
    void write(String text) throws IOException {
        Path part = path.resolveSibling(path.getFileName() + ".part");
        Files.deleteIfExists(part);
        Files.createFile(part, posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
                : new FileAttribute<?>[0]);
        try (FileChannel out = FileChannel.open(part, StandardOpenOption.WRITE)) {
            out.write(StandardCharsets.UTF_8.encode(text));
            out.force(true);
        }
        Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
