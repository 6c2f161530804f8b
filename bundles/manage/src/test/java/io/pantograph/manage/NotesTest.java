package io.pantograph.manage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pantograph.api.model.DeviceId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotesTest {

    private static final DeviceId ONE = new DeviceId("gateway", "one");

    @TempDir
    Path home;

    private final Map<String, String> page = Map.of("uri", "https://localhost/a.jar?key=secret");

    @Test
    void areRememberedByChapter() {
        Notes notes = new Notes(home);
        notes.keep(ONE, "firmware", page);
        notes.keep(ONE, "actions", Map.of("a", "1"));
        notes.keep(ONE, "actions", Map.of("b", "2"));
        Notes again = new Notes(home);
        assertEquals(page, again.of(ONE, "firmware"));
        assertEquals(Map.of("b", "2"), again.of(ONE, "actions"));
    }

    @Test
    void areTheOwnersAlone() throws Exception {
        Notes notes = new Notes(home);
        Files.createDirectories(home.resolve("gateway"));
        Files.writeString(home.resolve("gateway/managed.properties.new"), "left by a kill");
        notes.keep(ONE, "firmware", page);
        Path file = home.resolve("gateway/managed.properties");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }
}
