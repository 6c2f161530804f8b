package io.pantograph.gateway.rest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.LoggerFactory;

/** {@code HOME/gateway/rest.properties}: {@code url} and {@code token}, for the owner alone, there while the API listens. */
final class KeyFile {

    private static final boolean POSIX = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private final Path file;

    KeyFile(Path home) {
        file = home.resolve("gateway").resolve("rest.properties");
    }

    void write(String url, String token) throws IOException {
        Files.createDirectories(file.getParent(), rights("rwx------"));
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.deleteIfExists(part);
        Files.createFile(part, rights("rw-------"));
        Files.write(part, ("url=" + url + "\ntoken=" + token + '\n').getBytes(StandardCharsets.ISO_8859_1), StandardOpenOption.WRITE);
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static FileAttribute<?>[] rights(String rights) {
        return POSIX ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights))} : new FileAttribute<?>[0];
    }

    void remove() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LoggerFactory.getLogger(KeyFile.class).warn("{} tells of an API that is shut: {}", file, e.toString());
        }
    }
}
