package io.pantograph.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pantograph.api.core.SettingException;
import java.nio.channels.FileLock;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeFolderTest {

    @TempDir
    Path folder;

    // Credentials will lie in it.
    @Test
    void isMadeForThisUserOnly() throws Exception {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        Path home = folder.resolve("a/b");
        new HomeFolder(home).open();
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(home)));
    }

    @Test
    void leavesNothingBehindWhenItIsOpened() throws Exception {
        new HomeFolder(folder).open();
        try (var files = Files.list(folder)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void refusesAFile() throws Exception {
        Path file = Files.createFile(folder.resolve("f"));
        SettingException refusal = assertThrows(SettingException.class, () -> new HomeFolder(file).open());
        assertTrue(refusal.getMessage().contains(file + " is not a folder"), refusal.getMessage());
    }

    @Test
    void refusesAFolderUnderAFile() throws Exception {
        Path file = Files.createFile(folder.resolve("f"));
        SettingException refusal = assertThrows(SettingException.class, () -> new HomeFolder(file.resolve("x")).open());
        assertTrue(refusal.getMessage().contains("cannot be written by user"), refusal.getMessage());
    }

    @Test
    void isTakenByOneAtATime() throws Exception {
        HomeFolder home = new HomeFolder(folder);
        FileLock first = home.lock();
        SettingException refusal = assertThrows(SettingException.class, home::lock);
        assertTrue(refusal.getMessage().contains("(process " + ProcessHandle.current().pid() + ")"), refusal.getMessage());
        first.channel().close();
        home.lock().channel().close();
    }
}
