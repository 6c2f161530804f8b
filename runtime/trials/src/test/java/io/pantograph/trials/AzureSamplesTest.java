package io.pantograph.trials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.testkit.Await;
import io.pantograph.testkit.Box;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The samples that the cloud's learners know, each by its one command, against the running demo. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AzureSamplesTest {

    private static Box demo;

    @BeforeAll
    static void start() throws Exception {
        demo = Box.startHub(TestHub.jar("demo"), TestHub.home("samples"), Map.of());
        demo.awaitPrinted("What passes through the hub:");
    }

    @AfterAll
    static void stop() throws Exception {
        String key = demo.azure().getProperty("dps.group-key");
        String login = demo.azure().getProperty("service.connection-string");
        demo.close();
        assertFalse(demo.printed().contains(key) || demo.printed().contains(login), "a secret is on the screen");
        assertFalse(demo.printed().contains("Exception"), demo.printed());
    }

    private record Run(int code, String out) {
    }

    private static Path sample(String name) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("samples"), name, "target"))) {
            return files.filter(file -> file.getFileName().toString().matches(name.replace(".", "\\.") + "-[0-9.]+(-SNAPSHOT)?\\.jar")).findFirst()
                    .orElseThrow(() -> new IOException("the sample " + name + " is not built"));
        }
    }

    private static void drop(String name) throws IOException {
        Files.copy(sample(name), demo.home().resolve("drop").resolve(name + ".jar"));
    }

    private static Run java(Path jar, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                "-Dpantograph.home=" + demo.home(), "-jar", jar.toString()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(Path.of("target", "trials"), "sample", ".txt");
        ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
        process.environment().remove("PANTOGRAPH_LOGIN");
        Process run = process.start();
        if (!run.waitFor(60, TimeUnit.SECONDS)) {
            run.destroyForcibly();
            throw new AssertionError(jar + " " + String.join(" ", arguments) + " did not end");
        }
        return new Run(run.exitValue(), Files.readString(out));
    }

    /** The command line. */
    private static Run pantograph(String... arguments) throws Exception {
        return java(TestHub.jar("cli"), arguments);
    }

    private static void shown(String pattern) {
        Await.until("'" + pattern + "' on the screen", () -> demo.printed().lines().anyMatch(line -> line.matches(".*" + pattern + ".*")));
    }

    private static void answers(int code, String part, Run run) {
        assertEquals(code, run.code, run.out);
        assertTrue(run.out.contains(part), run.out);
    }

    @Test
    void createDeviceIdentity() throws Exception {
        Path program = sample("service.identity");
        Run made = java(program, "myFirstDevice");
        answers(0, "Device ID: myFirstDevice\nDevice key: ", made);
        assertEquals(made, java(program, "myFirstDevice"), "it is found again, with the same key");
        String key = made.out.substring(made.out.lastIndexOf(' ') + 1).strip();
        answers(0, "DeviceId=myFirstDevice;SharedAccessKey=" + key, pantograph("device", "connection-string", "myFirstDevice"));
        assertEquals(1, java(program, "my/device").code);
    }

    @Test
    void simulatedDevice() throws Exception {
        drop("device.windmill");
        Run monitored = pantograph("monitor-events", "windmill", "--verbose", "--duration", "4");
        answers(0, "\"windSpeed\": ", monitored);
        assertTrue(monitored.out.contains("\"message-id\": ") && monitored.out.contains("\"windAlert\": "), monitored.out);
        shown("windmill +-> event +telemetry +json +.*windSpeed.*windAlert");
        Path log = demo.home().resolve("log").resolve("pantograph.log");
        Await.until("ten confirmations", () -> read(log).contains("windmill/windmill: 10 confirmed, 0 failed, send status "));

        Files.delete(demo.home().resolve("drop").resolve("device.windmill.jar"));
        Await.until("it is taken out", () -> read(log).contains("is removed: io.pantograph.samples.device.windmill"));
        long before = turns();
        drop("device.windmill");
        Await.until("it turns again", () -> turns() > before);
        answers(0, "windSpeed", pantograph("monitor-events", "windmill", "--start-time", "0", "--duration", "1"));
    }

    private static long turns() {
        return demo.printed().lines().filter(line -> line.matches(".*windmill +-> event .*")).count();
    }

    @Test
    void directMethod() throws Exception {
        drop("device.methods");
        Await.until("the device is in service", () -> read(demo.home().resolve("log").resolve("pantograph.log")).contains("handler for SetTelemetryInterval"));
        Path caller = sample("service.call");
        answers(0, "ticker answered 200: {interval=1}", java(caller, "ticker", "SetTelemetryInterval", "1"));
        shown("ticker +-> event +telemetry +json +.*temperature");
        answers(0, "ticker answered 400: {message=the interval must be a whole number", java(caller, "ticker", "SetTelemetryInterval", "soon"));
        answers(0, "ticker answered 404", java(caller, "ticker", "nonsense"));
        answers(1, "myOtherDevice", java(caller, "myOtherDevice", "SetTelemetryInterval", "1"));
        answers(0, "\"interval\": 2", pantograph("method", "invoke", "ticker", "SetTelemetryInterval", "2"));
    }

    @Test
    void environmentalSensor() throws Exception {
        shown("sensor +-> event +telemetry +json +.*temp.*humid");
        shown("sensor +-> reported +twin +json +.*manufacturer.*totalMemory.*\"state\":true");
        answers(0, "\"blinking\": true", pantograph("method", "invoke", "sensor", "blink"));
        answers(0, "\"status\": 202", pantograph("method", "invoke", "sensor", "rundiagnostics"));
        shown("sensor +-> reported +twin +json +.*\"rundiagnostics\":\\{\"value\":\"all is well\"");
        answers(0, "\"status\": 200", pantograph("method", "invoke", "sensor", "turnoff"));
        shown("sensor +-> reported +twin +json +.*\"state\":false");
        answers(0, "\"status\": 200", pantograph("method", "invoke", "sensor", "turnon"));

        answers(0, "\"brightness\": 70", pantograph("twin", "update", "sensor", "--desired", "{\"brightness\":70,\"name\":\"hall\"}"));
        shown("sensor +<- desired +twin +json +.*\"brightness\":70.*\"name\":\"hall\"");
        shown("sensor +-> reported +twin +json +.*\"brightness\":\\{\"value\":70,\"ac\":200,");
        shown("sensor +-> reported +twin +json +.*\"name\":\\{\"value\":\"hall\",\"ac\":200,");
        pantograph("twin", "update", "sensor", "--desired", "{\"brightness\":170}");
        shown("sensor +-> reported +twin +json +.*\"brightness\":\\{\"value\":70,\"ac\":400,");
        answers(0, "\"modelId\": \"dtmi:pantograph:EnvironmentalSensor;1\"", pantograph("twin", "show", "sensor"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}
