package io.pantograph.hub.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Files under the SHA-256 of what is in them, in a folder of their own that nobody but the owner can look into. A file has its name only
 * when all of it is on disk and is what the name says, so neither a cut nor a crash leaves half of one. From any thread.
 */
final class Shelf {

    /** A jar of this size is the largest that an installer takes. */
    static final long MOST_BYTES = 32L << 20;
    static final int MOST_ITEMS = 10_000;

    private static final Pattern NAME = Pattern.compile("[0-9A-Fa-f]{64}");
    private static final String UNFINISHED = ".part";

    /** What lies there. @param length in bytes @param since when it came */
    record Item(String sha256, long length, Instant since) {
    }

    /** How an arrival ended. */
    enum End {
        /** It is on disk. */
        STORED,
        /** It was there before. */
        KNOWN,
        /** It is not what its name says. */
        OTHER
    }

    private final Path folder;
    private final long most;
    private final boolean posix;
    private final Map<String, Item> items = new ConcurrentHashMap<>();
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong arrivals = new AtomicLong();

    /** Opens the folder, made if it is not there, and clears away what a crash left unfinished. @param most bytes in all */
    Shelf(Path folder, long most) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.most = most;
        posix = Files.getFileStore(folder).supportsFileAttributeView("posix");
        if (posix) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                found(file);
            }
        }
    }

    private void found(Path file) throws IOException {
        String name = file.getFileName().toString();
        if (name.endsWith(UNFINISHED)) {
            Files.delete(file);
        } else if (NAME.matcher(name).matches()) {
            items.put(name, new Item(name, Files.size(file), Files.getLastModifiedTime(file).toInstant()));
            used.addAndGet(Files.size(file));
        }
    }

    /** As it is used here. @return empty if the text is no SHA-256 in hexadecimal digits */
    static Optional<String> name(String text) {
        return NAME.matcher(text).matches() ? Optional.of(text.toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    Optional<Item> find(String sha256) {
        return Optional.ofNullable(items.get(sha256));
    }

    /** The oldest first. */
    List<Item> all() {
        return items.values().stream().sorted(Comparator.comparing(Item::since).thenComparing(Item::sha256)).toList();
    }

    /** How many bytes are taken, with those that are on their way. */
    long used() {
        return used.get();
    }

    /** Whether so many bytes more, in one file more, are too many. */
    boolean full(long more) {
        return used.get() + more > most || items.size() >= MOST_ITEMS;
    }

    long most() {
        return most;
    }

    /** For reading; whoever reads it goes on when it is removed meanwhile. @return empty if it is not there */
    Optional<FileChannel> open(String sha256) throws IOException {
        try {
            return items.containsKey(sha256) ? Optional.of(FileChannel.open(folder.resolve(sha256), StandardOpenOption.READ)) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty(); // removed this moment
        }
    }

    /** @return false if it was not there */
    boolean remove(String sha256) throws IOException {
        synchronized (items) {
            Item gone = items.remove(sha256);
            if (gone == null) {
                return false;
            }
            Files.deleteIfExists(folder.resolve(sha256));
            used.addAndGet(-gone.length);
            return true;
        }
    }

    /** Takes one in, piece by piece. */
    Arrival arrival(String sha256) throws IOException {
        return new Arrival(sha256);
    }

    /** One that is on its way. One thread at a time; ends with {@link #finish} or {@link #close}. */
    final class Arrival implements AutoCloseable {

        private final String sha256;
        private final Path part;
        private final FileChannel out;
        private final MessageDigest digest = digest();
        private long length;
        private boolean open = true;

        private Arrival(String sha256) throws IOException {
            this.sha256 = sha256;
            if (items.containsKey(sha256)) {
                part = null;
                out = null;
            } else {
                part = folder.resolve(sha256 + '-' + arrivals.incrementAndGet() + UNFINISHED);
                Files.createFile(part, posix
                        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
                        : new FileAttribute<?>[0]);
                out = FileChannel.open(part, StandardOpenOption.WRITE);
            }
        }

        /** @return false if there is no room for it any more */
        boolean write(byte[] bytes, int count) throws IOException {
            length += count;
            digest.update(bytes, 0, count);
            if (out == null) {
                return true;
            }
            boolean room = used.addAndGet(count) <= most;
            if (room) {
                ByteBuffer rest = ByteBuffer.wrap(bytes, 0, count);
                while (rest.hasRemaining()) {
                    out.write(rest);
                }
            }
            return room;
        }

        String sha256() {
            return sha256;
        }

        long length() {
            return length;
        }

        /** All of it has come; what is stored is on disk when this returns. */
        End finish() throws IOException {
            if (!HexFormat.of().formatHex(digest.digest()).equals(sha256)) {
                close();
                return End.OTHER;
            }
            if (out == null) {
                return End.KNOWN;
            }
            out.force(true);
            out.close();
            synchronized (items) {
                if (items.containsKey(sha256)) { // somebody else was faster
                    close();
                    return End.KNOWN;
                }
                Files.move(part, folder.resolve(sha256), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                open = false;
                items.put(sha256, new Item(sha256, length, Files.getLastModifiedTime(folder.resolve(sha256)).toInstant()));
            }
            if (posix) {
                try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
                    names.force(true);
                }
            }
            return End.STORED;
        }

        /** Leaves nothing of it, unless it is stored. */
        @Override
        public void close() throws IOException {
            if (!open) {
                return;
            }
            open = false;
            if (out != null) {
                used.addAndGet(-length);
                out.close();
                Files.deleteIfExists(part);
            }
        }
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
