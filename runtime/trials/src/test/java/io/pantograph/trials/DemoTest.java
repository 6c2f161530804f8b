package io.pantograph.trials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.testkit.Await;
import io.pantograph.testkit.Box;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The demo box, as a newcomer meets it. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DemoTest {

    private static Path codec() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("samples"), "codec.custom", "target"))) {
            return files.filter(file -> file.getFileName().toString().matches("codec\\.custom-[0-9.]+(-SNAPSHOT)?\\.jar")).findFirst()
                    .orElseThrow(() -> new IOException("the sample codec is not built"));
        }
    }

    @Test
    void showsEverythingItPromises() throws Exception {
        Path home = TestHub.home("demo");
        String token;
        try (Box box = Box.startHub(TestHub.jar("demo"), home, Map.of())) {
            token = box.watson().getProperty("api-token");
            box.awaitPrinted("Add a device:");
            for (int port : new int[] {box.port("pantograph.hub.mqtt.port"), box.port("pantograph.hub.mqtts.port"),
                    box.port("pantograph.hub.https.port"), box.port("pantograph.hub.http.port")}) {
                assertTrue(box.printed().contains(String.valueOf(port)), "port " + port + " is not said:\n" + box.printed());
            }
            box.awaitPrinted("json-iotf");
            box.awaitPrinted("<- command set-point");
            Await.until("three formats and an undecodable one", () -> has(box, "thermostat/t-1.*-> event.*status.* json .*celsius")
                    && has(box, "thermostat/t-2.*-> event.*status.* json-iotf .*celsius")
                    && has(box, "meter/m-1.*-> event.*reading.* custom .*no codec for 'custom'.*77 6f 72 6c 64"));

            Path jar = home.resolve("drop").resolve("codec.custom.jar");
            Files.copy(codec(), jar);
            Await.until("decoded events", () -> has(box, "meter/m-1.* custom .*\\{.*\"world\".*"));
            Await.until("the kept ones, decoded", () -> box.printed().contains("(kept, decoded now)"));

            long before = count(box, "no codec for 'custom'");
            Files.copy(codec(), jar, StandardCopyOption.REPLACE_EXISTING);
            Files.setLastModifiedTime(jar, java.nio.file.attribute.FileTime.fromMillis(System.currentTimeMillis() + 2_000));
            long decoded = count(box, "\"world\"");
            Await.until("more decoded events after the overwrite", () -> count(box, "\"world\"") >= decoded + 2);
            assertEquals(before, count(box, "no codec for 'custom'"), "an overwrite left a gap");

            Files.delete(jar);
            Await.until("undecodable again", () -> count(box, "no codec for 'custom'") > before);

            assertFalse(box.printed().contains(token), "a secret is on the screen");
            assertFalse(box.printed().contains("Exception"), box.printed());
            Duration end = box.stop();
            System.out.println("the demo ended in " + end.toMillis() + " ms");
            assertTrue(end.compareTo(Duration.ofSeconds(3)) < 0, "it took " + end);
        }
        // Once more on the same data.
        String ini = Files.readString(home.resolve("conf").resolve("devices").resolve("thermostat-t-1.ini"));
        int length = new String(Files.readAllBytes(home.resolveSibling(home.getFileName() + ".log"))).length();
        try (Box box = Box.startHub(TestHub.jar("demo"), home, Map.of())) {
            assertEquals(token, box.watson().getProperty("api-token"));
            Await.until("the same devices at work", () -> box.printed().substring(length).contains("thermostat/t-1 "));
            assertEquals(ini, Files.readString(home.resolve("conf").resolve("devices").resolve("thermostat-t-1.ini")));
        }
    }

    private static boolean has(Box box, String pattern) {
        return count(box, pattern) > 0;
    }

    private static long count(Box box, String pattern) {
        return box.printed().lines().filter(line -> line.matches(".*" + pattern + ".*")).count();
    }
}
