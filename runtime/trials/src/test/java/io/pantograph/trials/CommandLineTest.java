package io.pantograph.trials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.testkit.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The command line's jar, each command once, against the hub's. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CommandLineTest {

    private static TestHub hub;

    @BeforeAll
    static void start() throws Exception {
        hub = TestHub.start();
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private record Run(int code, String out, String err) {
    }

    private static Process begin(Path out, Path err, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-jar",
                TestHub.jar("cli").toString()));
        command.addAll(List.of(arguments));
        command.add("--home=" + hub.box.home());
        ProcessBuilder process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        process.environment().remove("PANTOGRAPH_LOGIN");
        return process.start();
    }

    private static Path file(String name) throws IOException {
        return Files.createTempFile(Files.createDirectories(Path.of("target", "trials")), "cli-" + name, ".txt");
    }

    private static Run run(String... arguments) throws Exception {
        Path out = file("out");
        Path err = file("err");
        Process process = begin(out, err, arguments);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(String.join(" ", arguments) + " did not end");
        }
        return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private static String done(String... arguments) throws Exception {
        Run run = run(arguments);
        assertEquals(0, run.code, String.join(" ", arguments) + ": " + run.err + run.out);
        return run.out;
    }

    private static void has(String text, String part) {
        assertTrue(text.contains(part), text);
    }

    @Test
    void identities() throws Exception {
        assertEquals("Device 'c-1' is made.\n", done("device", "create", "c-1"));
        assertEquals(2, done("device", "create", "c-2", "c-3").lines().count());
        Run again = run("device", "create", "c-1");
        assertEquals(1, again.code);
        has(again.err, "DeviceAlreadyExists (409)");
        has(done("device", "list"), "c-3 ");
        has(done("device", "disable", "c-1", "--reason", "a test"), "now disabled");
        String shown = done("device", "show", "c-1", "--json");
        has(shown, "\"statusReason\":\"a test\"");
        String login = done("device", "connection-string", "c-1").strip();
        has(login, "HostName=127.0.0.1;DeviceId=c-1;SharedAccessKey=");
        String key = login.substring(login.lastIndexOf("SharedAccessKey=") + 16);
        assertFalse(shown.contains(key), "a key is on the screen");
        has(done("device", "show", "c-1", "--json", "--show-keys"), key);
        has(done("device", "enable", "c-1"), "now enabled");
        // A change of state is no change of keys.
        assertEquals(login, done("device", "connection-string", "c-1").strip());
        done("device", "delete", "c-1", "c-2", "c-3");
        assertEquals(1, run("device", "show", "c-1").code);
    }

    @Test
    void modules() throws Exception {
        done("device", "create", "m-1");
        has(done("device", "create", "m-1", "--module", "cam"), "Module 'm-1/cam' is made.");
        has(done("device", "connection-string", "m-1", "--module", "cam"), ";ModuleId=cam;SharedAccessKey=");
        has(done("twin", "show", "m-1", "--module", "cam"), "\"moduleId\": \"cam\"");
        done("device", "delete", "m-1");
    }

    @Test
    void twins() throws Exception {
        done("device", "create", "t-1");
        has(done("twin", "update", "t-1", "--desired", "{\"name\":\"hall\"}", "--tags", "{\"floor\":3}", "--json"), "\"name\":\"hall\"");
        has(done("twin", "show", "t-1"), "\"floor\": 3");
        has(done("twin", "query", "SELECT deviceId FROM devices WHERE tags.floor = 3", "--json"), "[{\"deviceId\":\"t-1\"}]");
        assertEquals(1, run("twin", "query", "SELECT FROM").code);
        done("device", "delete", "t-1");
    }

    @Test
    void whoIsNotThereAnswersNothing() throws Exception {
        done("device", "create", "a-1");
        Run call = run("method", "invoke", "a-1", "blink", "{\"times\":3}");
        assertEquals(1, call.code);
        has(done("c2d", "send", "a-1", "hello", "--property", "Alarm=fire"), "waits for device 'a-1'");
        assertEquals("1 message dropped.\n", done("c2d", "purge", "a-1"));
        done("device", "delete", "a-1");
    }

    @Test
    void eventsAreSeenUntilCtrlC() throws Exception {
        Path out = file("events-out");
        Path err = file("events-err");
        Process watch = begin(out, err, "monitor-events", "--source", "deviceLifecycleEvents");
        try {
            Await.until("it listens", () -> read(err).contains("Monitoring events from all devices..."));
            done("device", "create", "e-1");
            Await.until("the event", () -> read(out).contains("==== From: 'e-1' at '"));
            Await.until("its end", () -> read(out).endsWith("====================\n"));
            watch.destroy(); // SIGTERM does what Ctrl-C does
            assertTrue(watch.waitFor(30, TimeUnit.SECONDS));
            has(read(err), "Monitoring ended, 1 event.");
        } finally {
            watch.destroyForcibly();
            done("device", "delete", "e-1");
        }
    }

    @Test
    void watson() throws Exception {
        Path ini = file("device").resolveSibling("cli-" + System.nanoTime() + ".ini");
        has(done("watson", "device", "create", "meter", "m-1", "--ini", ini.toString()), "Device 'meter/m-1' is made.");
        has(Files.readString(ini), "auth-token = ");
        has(done("watson", "device", "list", "meter"), "m-1");
        Path out = file("watson-out");
        Path err = file("watson-err");
        Process watch = begin(out, err, "watson", "events", "meter", "m-1", "--commands");
        try {
            Await.until("it listens", () -> read(err).contains("Monitoring events from device meter/m-1..."));
            done("watson", "command", "send", "meter", "m-1", "set-point", "{\"celsius\":20}");
            Await.until("the command", () -> read(out).contains("==== Command 'set-point' to 'meter/m-1' at '") && read(out).contains("\"celsius\": 20"));
        } finally {
            watch.destroyForcibly();
        }
        done("watson", "device", "delete", "meter", "m-1");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
