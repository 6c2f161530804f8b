package io.pantograph.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pantograph.api.model.DeviceId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryTest {

    private static final DeviceId ONE = new DeviceId("gateway", "g=1:!");
    private static final DeviceId OTHER = new DeviceId("gateway", "g-2");

    @TempDir
    Path home;

    @Test
    void keepsEachDevicesDocumentOverRestarts() throws Exception {
        Memory memory = new Memory(home);
        assertEquals(Memory.Done.NOTHING, memory.of(ONE));
        Memory.Done done = new Memory.Done("ab", "d-1", Set.of("org.example.a", "org.example.b"));
        memory.keep(ONE, done);
        memory.keep(OTHER, new Memory.Done("cd", "", Set.of()));
        assertEquals(done, new Memory(home).of(ONE));
        assertEquals(new Memory.Done("cd", "", Set.of()), new Memory(home).of(OTHER));
    }

    // A torn file must not shut the door for good.
    @Test
    void aFileThatCannotBeReadIsForgotten() throws Exception {
        Files.createDirectories(home.resolve("gateway"));
        Files.writeString(home.resolve("gateway").resolve("desired.properties"), "gateway/g-2.mark=ab\n\\u12");
        Memory memory = new Memory(home);
        assertEquals(Memory.Done.NOTHING, memory.of(OTHER));
        memory.keep(OTHER, new Memory.Done("cd", "", Set.of()));
        assertEquals("cd", new Memory(home).of(OTHER).mark());
    }
}
