package io.pantograph.trials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.testkit.Box;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator is told who got a setting wrong: one line, exit code 2. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SettingsTest {

    private static final Map<String, String> FREE = Map.of("pantograph.hub.mqtt.port", "0", "pantograph.hub.mqtts.port", "0",
            "pantograph.hub.https.port", "0", "pantograph.hub.http.port", "0");

    private static String refused(Path home, Map<String, String> settings, String jar) throws Exception {
        Map<String, String> all = new HashMap<>(FREE);
        all.putAll(settings);
        try (Box box = Box.start(TestHub.jar(jar), home, all)) {
            assertEquals(2, box.awaitExit(), box.printed());
            String printed = box.printed();
            assertEquals(1, printed.lines().count(), printed);
            return printed;
        }
    }

    @ParameterizedTest
    @CsvSource({
            "pantograph.hub.mqtt.port, 70000",
            "pantograph.hub.https.port, many",
            "pantograph.hub.watson.org, toolongname",
            "pantograph.bind, 192.0.2.7",
            "pantograph.hub.names, a b c"})
    void aWrongValueIsNamedWithARemedy(String setting, String value) throws Exception {
        String line = refused(TestHub.home("wrong"), Map.of(setting, value), "hub");
        assertTrue(line.contains(setting) && line.contains(value) && line.contains(";"), line);
    }

    @ParameterizedTest
    @CsvSource({"mqtt", "mqtts", "https", "http"})
    void aTakenPortIsNamed(String which) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String setting = "pantograph.hub." + which + ".port";
            String line = refused(TestHub.home("taken"), Map.of(setting, String.valueOf(taken.getLocalPort())), "demo");
            assertTrue(line.contains(setting + "=" + taken.getLocalPort()) && line.contains("in use"), line);
        }
    }

    @Test
    void aHomeThatIsAFileIsNamed() throws Exception {
        Path file = Files.createFile(TestHub.home("file").resolve("home"));
        String line = refused(file, Map.of(), "gateway");
        assertTrue(line.contains("pantograph.home=" + file), line);
    }

    @Test
    void twoBoxesDoNotShareAHome() throws Exception {
        Path home = TestHub.home("shared");
        try (TestHub first = TestHub.start(home, Map.of())) {
            Path log = home.resolveSibling(home.getFileName() + ".log");
            String before = Files.readString(log);
            try (Box second = Box.start(TestHub.jar("hub"), home, FREE)) {
                assertEquals(2, second.awaitExit());
                String line = second.printed().substring(before.length());
                assertTrue(line.contains("pantograph.home=" + home), line);
                assertEquals(1, line.lines().count(), line);
            }
            assertEquals(200, first.rest("GET", "/", null).statusCode());
        }
    }

    @Test
    void settingsMayStandInTheFile() throws Exception {
        Path home = TestHub.home("file");
        Files.createDirectories(home.resolve("conf"));
        Files.writeString(home.resolve("conf").resolve("pantograph.properties"), "pantograph.hub.watson.org = plant7\n");
        try (TestHub hub = TestHub.start(home, Map.of())) {
            assertEquals("plant7", hub.org);
            assertTrue(hub.key.matches("a-plant7-[A-Za-z0-9]{10}"), hub.key);
        }
    }

    @Test
    void helpAndVersionAreThere() throws Exception {
        for (String box : new String[] {"gateway", "hub", "demo"}) {
            for (String argument : new String[] {"--help", "--version"}) {
                Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar",
                        TestHub.jar(box).toString(), argument).redirectErrorStream(true).start();
                String printed = new String(process.getInputStream().readAllBytes());
                assertEquals(0, process.waitFor(), printed);
                assertTrue(printed.contains("antograph"), printed);
            }
        }
    }
}
