package io.pantograph.hub.mqtt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

/** Files and folders that only the owner may read. Where the file system knows no such rights they stay as the system makes them. */
final class OwnerOnly {

    private OwnerOnly() {
    }

    static void folder(Path folder) throws IOException {
        rights(folder, "rwx------");
    }

    /** Writes the whole file or none of it, and never leaves it readable for others, not even for a moment. */
    static void write(Path file, byte[] content) throws IOException {
        replace(file, content, "rw-------");
    }

    /** Likewise, but others may read it: for what is no secret. */
    static void publish(Path file, byte[] content) throws IOException {
        replace(file, content, "rw-r--r--");
    }

    private static void replace(Path file, byte[] content, String rights) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.deleteIfExists(part);
        Files.createFile(part);
        rights(part, rights);
        Files.write(part, content, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void rights(Path path, String rights) throws IOException {
        if (Files.getFileAttributeView(path, PosixFileAttributeView.class) != null) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(rights));
        }
    }
}
