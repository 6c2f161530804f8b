package io.pantograph.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.hub.Registry;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Values;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.Ledger;
import io.pantograph.testkit.PlainSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a call has returned is on disk: a JVM is killed in the middle of its work, again and again. */
class KillTest {

    private static final int ROUNDS = 4;
    private static final int WRITERS = 4;

    @TempDir
    Path home;

    /** Registers devices from several threads and says so, each after the call has returned. */
    public static final class Scribe {

        private Scribe() {
        }

        public static void main(String[] arguments) throws Exception {
            Hub hub = new Hub(new PlainSettings(Path.of(arguments[0])), java.time.Clock.systemUTC());
            AtomicInteger next = new AtomicInteger(Integer.parseInt(arguments[1]));
            hub.devices().createType("thermostat", false, Values.EMPTY);
            for (int i = 0; i < WRITERS; i++) {
                new Thread(() -> {
                    while (true) {
                        int number = next.getAndIncrement();
                        hub.devices().createDevice(device(number), Optional.empty(), Values.of("number", number), Optional.empty(), "test");
                        say(number);
                    }
                }).start();
            }
        }

        // One write, so that no line is torn.
        private static void say(int number) {
            synchronized (System.out) {
                System.out.print(number + "\n");
                System.out.flush();
            }
        }
    }

    private static DeviceId device(int number) {
        return new DeviceId("thermostat", "t-" + number);
    }

    @Test
    void losesNothingThatWasReported() throws Exception {
        Ledger ledger = new Ledger();
        for (int round = 0; round < ROUNDS; round++) {
            scribble(round * 100_000, 100 + 50 * round, ledger);
        }
        Hub hub = new Hub(new PlainSettings(home), java.time.Clock.systemUTC());
        for (Registry.Registered each : hub.devices().devices(Optional.empty(), Pages.MOST, Optional.empty()).items()) {
            ledger.received((int) each.attributes().integer("number"));
        }
        hub.close();
        assertEquals(0, ledger.lost(), ledger.toString());
        try (var files = Files.list(home.resolve("hub"))) {
            assertTrue(files.noneMatch(file -> file.getFileName().toString().contains("damaged")), "the file was taken for damaged");
        }
    }

    private void scribble(int first, int enough, Ledger ledger) throws Exception {
        Path said = home.resolve("said-" + first);
        Process process = new ProcessBuilder(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "-Xmx128m", Scribe.class.getName(), home.toString(), "" + first))
                .redirectOutput(said.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            Await.until("enough was written", () -> lines(said).size() >= enough);
        } finally {
            process.destroyForcibly(); // kill -9
            assertTrue(process.waitFor(Await.USUAL.toSeconds(), TimeUnit.SECONDS));
        }
        lines(said).forEach(line -> ledger.promised(Integer.parseInt(line)));
    }

    private static List<String> lines(Path file) {
        try {
            String text = Files.readString(file);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }
}
