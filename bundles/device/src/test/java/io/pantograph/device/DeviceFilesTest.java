package io.pantograph.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.device.DeviceOptions;
import io.pantograph.testkit.ManualClock;
import io.pantograph.testkit.PlainSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceFilesTest {

    @TempDir
    Path home;

    private final Fakes.ScriptedSessions sessions = new Fakes.ScriptedSessions();
    private final ManualClock clock = new ManualClock();
    private Path folder;
    private DeviceFiles files;

    @BeforeEach
    void start() throws Exception {
        folder = home.resolve("conf/devices");
        Register register = new Register(new StandIn(new PlainSettings(home), () -> false), new Fakes.MemoryOutbox(),
                new Fakes.RecordedTwins(), sessions, new Routes(Fakes.codecs()), Fakes.parking(clock, new Fakes.RecordedNews()), new Fakes.RecordedNews(), clock);
        register.dialectCame(new Fakes.PlainDialect(), Map.of("pantograph.dialect.name", "plain"));
        files = new DeviceFiles(folder, register, clock);
        Files.createDirectories(folder);
    }

    @Test
    void takesTheWholeFolderWhateverTheNames() throws IOException {
        write("one.ini", "one");
        write("two.CFG", "two");
        write("a name with blanks \u00fc.conf", "three");
        write(".hidden.ini", "four");
        write("notes.txt", "five");
        write("five.ini.part", "six");
        Files.createDirectory(folder.resolve("folder.ini"));
        files.look();
        assertEquals("one three two", open());
    }

    @Test
    void makesTheFolderForThisUserOnly() throws IOException {
        Files.delete(folder);
        files.look();
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
        }
    }

    @Test
    void seesFilesComeChangeAndGo() throws IOException {
        files.look();
        assertEquals("", open());
        write("one.ini", "one");
        files.look();
        assertEquals("one", open());
        write("two.ini", "two");
        write("one.ini", "uno");
        touch(folder.resolve("one.ini"), -9);
        files.look();
        assertEquals("two uno", open());
        Files.delete(folder.resolve("one.ini"));
        files.look();
        assertEquals("two", open());
        int before = sessions.opened.size();
        files.look();
        assertEquals(before, sessions.opened.size());
    }

    // An editor or scp may be in the middle of it.
    @Test
    void aFileStillBeingWrittenIsLeftForTheNextLook() throws IOException {
        files.look();
        Path file = folder.resolve("one.ini");
        Files.writeString(file, "[device]\ndialect=plain\nname=on");
        touch(file, 0);
        files.look();
        assertEquals("", open());
        Files.writeString(file, "[device]\ndialect=plain\nname=one");
        touch(file, 1);
        files.look();
        assertEquals("", open());
        files.look();
        assertEquals("one", open());
    }

    @Test
    void aWrongFileHarmsNoOther() throws IOException {
        Files.writeString(folder.resolve("a.ini"), "no section");
        Files.write(folder.resolve("b.ini"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 'x'});
        Files.writeString(folder.resolve("c.ini"), "[device]\ndialect=plain\nname=x\nnme=y\n");
        Files.writeString(folder.resolve("d.ini"), "[device]\n" + "# long\n".repeat(20_000));
        write("e.ini", "one");
        files.look();
        assertEquals("one", open());
        write("c.ini", "two");
        touch(folder.resolve("c.ini"), -9);
        files.look();
        assertEquals("one two", open());
    }

    @Test
    void aFolderThatIsAwayLeavesTheDevices() throws IOException {
        write("one.ini", "one");
        files.look();
        Files.move(folder, home.resolve("away"));
        Files.writeString(folder, "a file where the folder was");
        files.look();
        assertEquals("one", open());
        Files.delete(folder);
        Files.move(home.resolve("away"), folder);
        files.look();
        assertEquals("one", open());
        assertEquals(1, sessions.opened.size());
    }

    @Test
    void readsTheOriginalFile() {
        DeviceOptions options = IniFile.read("""
                \ufeff# as the original samples have it
                [application]
                id = other
                [ device ]
                Org=edge01
                type : thermostat
                id=t-1
                auth-method=token
                auth-token = a:b=c;d#e
                clean-session:true
                ; done
                domain =
                """);
        assertEquals("watson", options.dialect());
        assertEquals(Map.of("org", "edge01", "type", "thermostat", "id", "t-1", "auth-method", "token", "auth-token", "a:b=c;d#e",
                "clean-session", "true", "domain", ""), options.reveal());
        assertFalse(options.toString().contains("a:b"), options.toString());
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', textBlock = """
            group-key=c2VjcmV0c2VjcmV0 | line 1 stands before any section
            [device | line 1 '[device' must end with ]
            [application] | there is no section [device]
            [device];secretlooking | line 1 '[device];secretlooki...' must end with ]
            [device]~verysecrettoken | line 2 must be key = value
            [device]~=value | line 2 must be key = value
            [device]~id=a~ID=b | line 3 sets id a second time
            """)
    void saysWhatIsWrongWithALine(String text, String message) {
        String said = assertThrows(IllegalArgumentException.class, () -> IniFile.read(text.replace("~", "\n"))).getMessage();
        assertTrue(said.contains(message), said);
        assertFalse(said.contains("verysecret"), said);
    }

    private void write(String file, String name) throws IOException {
        Files.writeString(folder.resolve(file), "[device]\ndialect=plain\nname=" + name + "\n");
        touch(folder.resolve(file), -10);
    }

    /** As written so many seconds after now. */
    private void touch(Path file, int seconds) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(clock.instant().plusSeconds(seconds)));
    }

    private String open() {
        return sessions.opened.stream().filter(session -> !session.closing).map(session -> session.profile.device().name()).sorted()
                .collect(Collectors.joining(" "));
    }

}
