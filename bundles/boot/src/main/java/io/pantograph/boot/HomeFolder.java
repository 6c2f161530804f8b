package io.pantograph.boot;

import io.pantograph.api.core.SettingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** The data folder: made if it is missing, for this user only, and used by one box at a time. */
final class HomeFolder {

    private static final FileAttribute<?>[] PRIVATE = FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))}
            : new FileAttribute<?>[0];

    private final Path path;

    HomeFolder(Path path) {
        this.path = path;
    }

    /** Makes the folder and sees that it can be written. @throws SettingException if not */
    void open() throws SettingException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(path)) {
            throw wrong("is not a folder", "name a folder that may be written");
        }
        try {
            Files.createDirectories(path, PRIVATE);
            Files.delete(Files.createTempFile(path, ".writable", null));
            Files.list(path).close();
        } catch (IOException e) {
            throw wrong("cannot be written by user " + System.getProperty("user.name"),
                    "give this user the folder, or name another with --home=FOLDER");
        }
    }

    Path folder(String name) throws SettingException {
        Path folder = path.resolve(name);
        try {
            return Files.createDirectories(folder, PRIVATE);
        } catch (IOException e) {
            throw wrong("has no folder '" + name + "' and none can be made in it", "give this user the folder and all in it");
        }
    }

    /**
     * Takes the folder for this process, until it ends however it ends. The file keeps the number of the process, for
     * the message to whoever comes second.
     *
     * @throws SettingException if another box has it
     */
    FileLock lock() throws SettingException {
        Path file = path.resolve(".lock");
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = attempt(channel);
            if (lock == null) {
                ByteBuffer owner = ByteBuffer.allocate(20);
                channel.read(owner, 0);
                String process = new String(owner.array(), 0, owner.position(), StandardCharsets.US_ASCII).trim();
                channel.close();
                throw wrong("is in use by another box" + (process.isEmpty() ? "" : " (process " + process + ")"),
                        "stop that one, or name another folder with --home=FOLDER");
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)), 0);
            return lock;
        } catch (IOException e) {
            throw wrong("cannot be locked", "give this user the folder and all in it, on a file system that has locks");
        }
    }

    private static FileLock attempt(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private SettingException wrong(String wrong, String remedy) {
        return new SettingException(Known.HOME.key, path, wrong, remedy);
    }
}
