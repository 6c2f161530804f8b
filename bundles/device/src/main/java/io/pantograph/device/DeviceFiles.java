package io.pantograph.device;

import io.pantograph.api.device.DeviceOptions;
import io.pantograph.api.model.Names;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One device for each file of a folder, whatever its name, that ends in {@code .ini}, {@code .cfg} or {@code .conf}: set up when
 * it comes, anew when it changes, closed when it goes. A wrong file is one log line, and the others go on. For one thread.
 */
final class DeviceFiles {

    private static final Logger log = LoggerFactory.getLogger("io.pantograph.devices");
    private static final Set<String> ENDINGS = Set.of("ini", "cfg", "conf");
    private static final long LARGEST = 64 * 1024;
    /** A file written to a moment ago may be half a file. */
    private static final Duration SETTLED = Duration.ofMillis(300);

    /** As a file was when we looked. */
    private record Look(FileTime modified, long size, Object key) {
    }

    private final Path folder;
    private final Register register;
    private final Clock clock;
    private final Map<Path, Look> seen = new HashMap<>();
    private final Map<Path, Look> taken = new HashMap<>();
    private boolean first = true;
    private boolean complained;

    DeviceFiles(Path folder, Register register, Clock clock) {
        this.folder = folder;
        this.register = register;
        this.clock = clock;
    }

    void look() {
        try {
            provide();
            Map<Path, Look> present = list();
            for (Path gone : new HashSet<>(taken.keySet())) {
                if (!present.containsKey(gone)) {
                    taken.remove(gone);
                    register.unconfigure(origin(gone));
                }
            }
            present.forEach((file, look) -> {
                if (!look.equals(taken.get(file)) && (first || look.equals(seen.get(file)) || isSettled(look))) {
                    taken.put(file, look);
                    take(file, look);
                }
            });
            seen.clear();
            seen.putAll(present);
            first = false;
            complained = false;
        } catch (IOException | RuntimeException e) {
            if (!complained) {
                complained = true;
                log.error("{} cannot be looked into: {}; its devices stay as they are", folder, e.toString());
            }
        }
    }

    /** For this user only: tokens will lie there. */
    private void provide() throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Files.createDirectories(folder.getParent());
        if (Files.getFileStore(folder.getParent()).supportsFileAttributeView("posix")) {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectory(folder);
        }
    }

    private Map<Path, Look> list() throws IOException {
        Map<Path, Look> present = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (isDeviceFile(file)) {
                    try {
                        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                        if (attributes.isRegularFile()) {
                            present.put(file, new Look(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey()));
                        }
                    } catch (NoSuchFileException e) {
                        // went between being listed and being looked at
                    }
                }
            }
        }
        return present;
    }

    private static boolean isDeviceFile(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot > 0 && !name.startsWith(".") && ENDINGS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
    }

    private boolean isSettled(Look look) {
        return look.modified().toInstant().isBefore(clock.instant().minus(SETTLED));
    }

    private void take(Path file, Look look) {
        try {
            if (look.size() > LARGEST) {
                throw new IllegalArgumentException("it has " + look.size() + " bytes; a device file has at most " + LARGEST);
            }
            DeviceOptions options = IniFile.read(Files.readString(file));
            warnIfOpen(file, options);
            register.configure(origin(file), options);
        } catch (NoSuchFileException e) {
            taken.remove(file);
        } catch (CharacterCodingException e) {
            complain(file, "it is no text in UTF-8");
        } catch (IOException e) {
            complain(file, "it cannot be read (" + e + "); let this user read it");
        } catch (IllegalArgumentException e) {
            complain(file, e.getMessage());
        }
    }

    private void complain(Path file, String what) {
        log.error("{}: {}; what was there before stays, and the others go on", origin(file), what);
    }

    private void warnIfOpen(Path file, DeviceOptions options) throws IOException {
        boolean secret = options.reveal().keySet().stream().anyMatch(Devices::isSecret);
        if (secret && Files.getFileStore(file).supportsFileAttributeView("posix")
                && Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
            log.warn("{}: it holds a secret and every user of this machine may read it; take that right away (chmod 600)", origin(file));
        }
    }

    private static String origin(Path file) {
        return "conf/devices/" + Names.visible(file.getFileName().toString());
    }
}
