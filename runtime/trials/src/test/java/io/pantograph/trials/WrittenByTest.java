package io.pantograph.trials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.device.Device;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Telemetry;
import io.pantograph.api.model.Values;
import io.pantograph.api.operator.CodecBoard;
import io.pantograph.api.operator.Deployments;
import io.pantograph.api.operator.Release;
import io.pantograph.api.service.DeviceEvent;
import io.pantograph.json.JsonReader;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.FaultProxy;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which version wrote what: of what waits for the hub, as the command line tells it, and of what the hub has, by its event log. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WrittenByTest {

    private static final String PROPERTY = "codec";

    private AzureCloud cloud;
    private AzureGateway gateway;
    private int sent;

    @BeforeEach
    void start() throws Exception {
        cloud = AzureCloud.start();
        gateway = AzureGateway.start(cloud, TestHub.home("gateway"), Map.of("pantograph.deploy.calls", "5"));
    }

    @AfterEach
    void stop() throws Exception {
        if (gateway != null) {
            gateway.close();
        }
        cloud.close();
    }

    /** Returns when it serves. @return the hash of its jar */
    private String deploy(String version) throws Exception {
        Deployments deployments = gateway.box.service(Deployments.class);
        String sha256 = deployments.take(new ByteArrayInputStream(CodecJars.version(version).bytes()));
        deployments.deploy(Release.of("trial", Values.of("bundles", Values.of(CodecJars.NAME, Values.of("version", version, "sha256", sha256)))));
        CodecBoard board = gateway.box.service(CodecBoard.class);
        Await.until(() -> version + " to serve, of " + board.codecs(), Duration.ofSeconds(30), () -> board.codecs().stream()
                .anyMatch(one -> one.bundle().equals(CodecJars.NAME) && one.version().equals(version) && one.place().equals("serving")));
        return sha256;
    }

    private List<CompletionStage<Void>> send(Device device, int events) {
        List<CompletionStage<Void>> promises = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            promises.add(device.publish(Telemetry.of("reading", Content.of(Values.of("hello", "world", "x", sent++))).format("custom")));
        }
        return promises;
    }

    /** What a command of the jar prints. */
    private static String done(Path home, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-jar",
                TestHub.jar("cli").toString()));
        command.addAll(List.of(arguments));
        command.add("--home=" + home);
        Path out = Files.createTempFile(Path.of("target", "trials"), "written-by", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().remove("PANTOGRAPH_LOGIN");
        Process process = builder.start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(String.join(" ", arguments) + " did not end: " + Files.readString(out));
        }
        assertEquals(0, process.exitValue(), Files.readString(out));
        return Files.readString(out);
    }

    private Values waiting() throws Exception {
        return (Values) JsonReader.readAnswer(Bytes.utf8(done(gateway.home, "deploy", "waiting", "--json")));
    }

    private static String told(Values one) {
        return one.text("device") + ' ' + one.text("format") + ' ' + one.text("bundle") + ' ' + one.text("version") + ' ' + one.text("sha256") + ' '
                + one.integer("count") + " events, " + one.integer("bytes") + " bytes";
    }

    @Test
    void whatAVersionWroteIsFoundHereAndInTheCloud() throws Exception {
        String key = cloud.device("meter");
        String older = deploy("1.0.0");
        String newer;
        try (FaultProxy link = new FaultProxy(AzureCloud.HOST, cloud.mqtts())) {
            Device device = gateway.connect(AzureGateway.options("meter", key, link.port()).with("codec-property", PROPERTY));
            send(device, 10).forEach(Await::result);
            assertEquals(Values.of("count", 0, "waiting", List.of()), waiting());

            link.silence(FaultProxy.Silence.BOTH);
            List<CompletionStage<Void>> kept = new ArrayList<>(send(device, 3));
            newer = deploy("1.1.0");
            kept.addAll(send(device, 4));
            Values waiting = waiting();
            assertEquals(7, waiting.integer("count"));
            assertEquals(List.of("device/meter custom " + CodecJars.NAME + " 1.0.0 " + older + " 3 events, 24 bytes",
                    "device/meter custom " + CodecJars.NAME + " 1.1.0 " + newer + " 4 events, 32 bytes"),
                    waiting.list("waiting").stream().map(one -> told((Values) one)).toList());

            link.silence(FaultProxy.Silence.NONE);
            link.cut();
            kept.forEach(Await::result);
            assertEquals(0, waiting().integer("count"));
        }
        BlockingQueue<DeviceEvent> events = cloud.telemetry("meter");
        for (int i = 0; i < sent; i++) {
            DeviceEvent event = AzureCloud.next(events, "event " + i);
            assertEquals("world," + i, event.body().text());
            assertEquals(Map.of(PROPERTY, CodecJars.NAME + (i < 13 ? "/1.0.0;sha256=" + older : "/1.1.0;sha256=" + newer)), event.properties());
        }
        String shown = done(cloud.hub().box.home(), "monitor-events", "meter", "-s", "0", "-d", "5");
        assertEquals(13, shown.split("/1\\.0\\.0;sha256=" + older, -1).length - 1, shown);
        assertEquals(4, shown.split("/1\\.1\\.0;sha256=" + newer, -1).length - 1, shown);
        assertTrue(shown.contains("---- application properties ----"), shown);
    }
}
