package io.pantograph.hub.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.hub.mqtt.TestHub.Guest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions and what waits for them outlive the hub, whether it was stopped or killed. */
class RestartTest {

    private static final int WAITING = 50;

    @TempDir
    Path home;

    @Test
    void keepsSubscriptionsAndWaitingMessagesOverARestart() throws Exception {
        try (TestHub hub = new TestHub(home)) {
            leave(hub);
        }
        find();
    }

    @Test
    void keepsThemWhenItIsKilled() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process other = new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                RestartTest.class.getName(), home.toString()).inheritIO().start();
        assertTrue(other.waitFor(60, TimeUnit.SECONDS));
        assertNotEquals(0, other.exitValue(), "it was to be killed, not to end");
        assertTrue(Files.exists(home.resolve("left")), "it ended before it was done");
        find();
    }

    /** The hub that is killed, in a JVM of its own. */
    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]);
        TestHub hub = new TestHub(home);
        leave(hub);
        Files.createFile(home.resolve("left"));
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        Runtime.getRuntime().halt(137);
    }

    private static void leave(TestHub hub) throws Exception {
        try (Guest device = hub.guest("d:away", false)) {
            device.client.subscribe("cmd/#", 1);
        }
        try (Guest application = hub.guest("a:app")) {
            for (int i = 0; i < WAITING; i++) {
                application.say("dev/away/cmd/n", "n" + i, 1);
            }
        }
    }

    private void find() throws Exception {
        try (TestHub hub = new TestHub(home); Guest device = hub.guest("d:away", false); Guest application = hub.guest("a:app")) {
            for (int i = 0; i < WAITING; i++) {
                assertEquals("n" + i, device.hear().text());
            }
            application.say("dev/away/cmd/n", "still subscribed", 1);
            assertEquals("still subscribed", device.hear().text());
        }
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("hub/sessions"))));
    }

    // What a disk or a power cut does to files must not keep the hub from starting, nor a client from being served.
    @ParameterizedTest
    @ValueSource(strings = {"zeros", "cut", "noise"})
    void startsOnDamagedSessions(String damage) throws Exception {
        try (TestHub hub = new TestHub(home)) {
            leave(hub);
        }
        int damaged = 0;
        try (Stream<Path> files = Files.walk(home.resolve("hub/sessions"))) {
            for (Path file : (Iterable<Path>) files.filter(file -> file.toString().endsWith(".xd"))::iterator) {
                Files.write(file, damaged(Files.readAllBytes(file), damage));
                damaged++;
            }
        }
        assertTrue(damaged > 0);
        try (TestHub hub = new TestHub(home); Guest device = hub.guest("d:away", false); Guest application = hub.guest("a:app")) {
            device.client.subscribe("cmd/#", 1);
            application.say("dev/away/cmd/n", "new", 1);
            for (String heard = device.hear().text(); !heard.equals("new"); heard = device.hear().text()) {
                assertTrue(heard.startsWith("n"), heard);
            }
        }
    }

    private static byte[] damaged(byte[] content, String damage) {
        switch (damage) {
            case "zeros" -> Arrays.fill(content, content.length / 3, content.length / 2, (byte) 0);
            case "cut" -> {
                return Arrays.copyOf(content, content.length * 2 / 3);
            }
            default -> new Random(1).nextBytes(content);
        }
        return content;
    }

    // A session that said nothing of staying must not find what was said while it was away.
    @Test
    void forgetsCleanSessions() throws Exception {
        try (TestHub hub = new TestHub(home)) {
            try (Guest device = hub.guest("d:clean", true)) {
                device.client.subscribe("cmd/#", 1);
            }
            try (Guest application = hub.guest("a:app"); Guest again = hub.guest("d:clean", false)) {
                application.say("dev/clean/cmd/n", "lost", 1);
                again.client.subscribe("cmd/#", 1);
                application.say("dev/clean/cmd/n", "heard", 1);
                assertEquals("heard", again.hear().text());
            }
        }
    }
}
