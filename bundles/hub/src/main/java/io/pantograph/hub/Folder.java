package io.pantograph.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** A folder that nobody but the owner can look into, and files likewise. On systems without such rights the home's own must do. */
final class Folder {

    private final Path path;
    private final boolean posix;

    private Folder(Path path) throws IOException {
        this.path = path;
        posix = Files.getFileStore(path).supportsFileAttributeView("posix");
        if (posix) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /** Makes it if it is not there. */
    static Folder of(Path path) throws IOException {
        Files.createDirectories(path);
        return new Folder(path);
    }

    Folder folder(String name) throws IOException {
        return of(path.resolve(name));
    }

    Path path() {
        return path;
    }

    /** The file, made empty if it is not there, readable by the owner alone. */
    Path file(String name) throws IOException {
        Path file = path.resolve(name);
        if (!Files.exists(file)) {
            Files.createFile(file, ownerOnly());
        } else if (posix) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        return file;
    }

    /** Writes the whole file in one step, on disk when it returns: nobody ever reads half of it, nor anybody but the owner. */
    void write(String name, String text) throws IOException {
        Path part = path.resolve(name + ".part");
        Files.deleteIfExists(part);
        Files.createFile(part, ownerOnly());
        try (FileChannel out = FileChannel.open(part, StandardOpenOption.WRITE)) {
            out.write(StandardCharsets.UTF_8.encode(text));
            out.force(true);
        }
        Files.move(part, path.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Gives the file another name. Does nothing if it is not there. */
    void rename(String name, String other) throws IOException {
        try {
            Files.move(path.resolve(name), path.resolve(other));
        } catch (NoSuchFileException e) {
            return;
        }
    }

    private FileAttribute<?>[] ownerOnly() {
        return posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
                : new FileAttribute<?>[0];
    }
}
