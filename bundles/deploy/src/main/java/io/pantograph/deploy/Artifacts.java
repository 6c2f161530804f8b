package io.pantograph.deploy;

import io.pantograph.api.operator.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipFile;

/**
 * Jars by the hash of their bytes, one file each. What is in here under a name has been on disk as a whole, so it survives a kill; it is
 * hashed again whenever it is used, so that a disk that forgets, or somebody who writes into it, is noticed. From any thread.
 */
final class Artifacts {

    private static final String ENDING = ".jar";
    private static final String PART = ".part";
    private static final String NEW = ".new";

    /** Readable for us alone, where the system knows of that. */
    static final FileAttribute<?>[] OURS = FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))} : new FileAttribute<?>[0];

    private final Path folder;

    Artifacts(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        try {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        } catch (UnsupportedOperationException e) {
            // This system has other rights; the home folder is ours anyway.
        }
        for (Path left : list()) {
            if (left.getFileName().toString().endsWith(NEW)) {
                Files.delete(left);
            }
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /** Reads to the end and keeps it. @return its hash @throws RefusedException if it is too large or no whole jar; nothing is kept then */
    String take(InputStream jar) throws IOException, RefusedException {
        Path fresh = Files.createTempFile(folder, "", NEW); // readable for us alone
        try {
            MessageDigest digest = sha256();
            try (OutputStream out = Files.newOutputStream(fresh)) {
                copy(new DigestInputStream(jar, digest), out);
            }
            String sha256 = HexFormat.of().formatHex(digest.digest());
            keep(fresh, sha256);
            return sha256;
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static void copy(InputStream in, OutputStream out) throws IOException, RefusedException {
        byte[] buffer = new byte[16_384];
        long size = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            size += read;
            if (size > Inspection.MAX_JAR) {
                throw tooLarge();
            }
            out.write(buffer, 0, read);
        }
    }

    static RefusedException tooLarge() {
        return new RefusedException("the jar has more than " + Inspection.MAX_JAR + " bytes, which is the most that is taken; leave out what it does not need");
    }

    /** A whole file with this hash becomes the one that is kept. */
    void keep(Path fresh, String sha256) throws IOException, RefusedException {
        try (ZipFile zip = new ZipFile(fresh.toFile())) {
            zip.size();
        } catch (IOException | IllegalArgumentException e) {
            throw new RefusedException("what was handed in is no whole jar; send it again", e);
        }
        try (FileChannel file = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            file.force(true);
        }
        Files.move(fresh, file(sha256), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        } catch (IOException e) {
            // Not every system lets one do that; there the move is as lasting as it gets.
        }
    }

    /** Whether there is such a jar; it may turn out to be spoilt when it is used. */
    boolean has(String sha256) {
        return Files.isRegularFile(file(sha256));
    }

    /** The jar, hashed just now. @throws RefusedException if it is not there, or not what it was */
    Path jar(String sha256) throws IOException, RefusedException {
        Path file = file(sha256);
        if (!Files.isRegularFile(file)) {
            throw new RefusedException("there is no jar with the hash " + sha256 + "; hand it in first, or give its url");
        }
        if (!sha256.equals(hash(file))) {
            Files.deleteIfExists(file);
            throw new RefusedException("the kept jar " + sha256 + " is not what it was when it was handed in, so it is thrown away; hand it in again");
        }
        return file;
    }

    /** Where a jar is written while it is on its way here; it may be there from an earlier try, but not from two at once. */
    Path part(String sha256) {
        return folder.resolve(sha256 + PART);
    }

    static String hash(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = Files.newInputStream(file)) {
            ByteBuffer buffer = ByteBuffer.allocate(65_536);
            for (int read = in.read(buffer.array()); read >= 0; read = in.read(buffer.array())) {
                digest.update(buffer.array(), 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * Throws away all others, also what came half-way.
     *
     * @param since what was written later is spared: somebody may have it in hand, and has not said so yet
     */
    void keepOnly(Set<String> hashes, Instant since) throws IOException {
        for (Path file : list()) {
            String name = file.getFileName().toString();
            if (!name.endsWith(NEW) && !hashes.contains(name.split("\\.", 2)[0])
                    && Files.getLastModifiedTime(file).toInstant().isBefore(since)) {
                Files.deleteIfExists(file);
            }
        }
    }

    private Path file(String sha256) {
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("'" + sha256 + "' is no sha256; it has 64 characters of 0-9 a-f");
        }
        return folder.resolve(sha256 + ENDING);
    }

    private List<Path> list() throws IOException {
        try (var files = Files.list(folder)) {
            return files.toList();
        }
    }
}
