package io.pantograph.hub.mqtt;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {

    @TempDir
    Path folder;

    @Test
    void letsOneIn() throws Exception {
        try (FolderLock lock = FolderLock.on(folder)) {
            String told = assertThrows(IllegalStateException.class, () -> FolderLock.on(folder)).getMessage();
            assertTrue(told.contains(folder.toString()), told);
        }
        FolderLock.on(folder).close();
    }
}
