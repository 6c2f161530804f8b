package io.pantograph.trials;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pantograph.testkit.Await;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An application installs code on a gateway over Watson's device management, from the first call to the first decoded reading. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RemoteInstallTest {

    private static final String GATEWAY = "{\"typeId\":\"gateway\",\"deviceId\":\"g-1\"}";

    private static Path codec() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("samples"), "codec.custom", "target"))) {
            return files.filter(file -> file.getFileName().toString().matches("codec\\.custom-[0-9.]+(-SNAPSHOT)?\\.jar")).findFirst()
                    .orElseThrow(() -> new IOException("the sample codec is not built"));
        }
    }

    private static String extension() throws IOException {
        return Files.readString(Path.of(System.getProperty("samples"), "..", "bundles", "manage", "src", "main", "resources", "io", "pantograph", "manage",
                "osgi-actions-v1.json"));
    }

    @Test
    void aCodecComesAndGoes() throws Exception {
        try (TestHub hub = TestHub.startDemo(TestHub.home("demo"))) {
            hub.box.awaitPrinted("no codec for 'custom'");
            String sha256 = hub.put(Files.readAllBytes(codec()));
            assertEquals(201, hub.rest("POST", "/mgmt/custom/bundle", extension()).statusCode());
            Await.until("the gateway is managed", () -> status(hub, "/device/types/gateway/devices/g-1/mgmt") == 200);

            String installed = ended(hub, begin(hub, "install", "{\"name\":\"url\",\"value\":\"" + hub.artifact(sha256)
                    + "\"},{\"name\":\"sha256\",\"value\":\"" + sha256 + "\"}"));
            assertEquals("0", member(installed, "status"), installed);
            Await.until("decoded events", () -> hub.box.printed().lines().anyMatch(line -> line.matches(".*meter/m-1.* custom .*\\{.*\"world\".*")));

            // While it is on trial it stays; twenty readings prove it in the demo.
            Await.until("it is proven and goes", Duration.ofSeconds(100), () -> uninstalled(hub));
            long before = undecoded(hub);
            Await.until("undecodable again", () -> undecoded(hub) > before);

            String wrong = ended(hub, begin(hub, "install", "{\"name\":\"url\",\"value\":\"" + hub.artifact("0".repeat(64))
                    + "\"},{\"name\":\"sha256\",\"value\":\"" + "0".repeat(64) + "\"}"));
            assertEquals("1", member(wrong, "status"), "a refusal is seen as one: " + wrong);
        }
    }

    private static boolean uninstalled(TestHub hub) {
        try {
            TimeUnit.SECONDS.sleep(1);
            String removed = ended(hub, begin(hub, "uninstall", "{\"name\":\"name\",\"value\":\"io.pantograph.samples.codec.custom\"}"));
            return member(removed, "status").equals("0");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static long undecoded(TestHub hub) {
        return hub.box.printed().lines().filter(line -> line.contains("no codec for 'custom'")).count();
    }

    private static int status(TestHub hub, String path) {
        try {
            return hub.rest("GET", path, null).statusCode();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** @return the request's id */
    private static String begin(TestHub hub, String action, String parameters) throws Exception {
        HttpResponse<String> answer = hub.rest("POST", "/mgmt/requests",
                "{\"action\":\"osgi-actions-v1/" + action + "\",\"devices\":[" + GATEWAY + "],\"parameters\":[" + parameters + "]}");
        assertEquals(202, answer.statusCode(), answer.body());
        return member(answer.body(), "reqId");
    }

    private static String ended(TestHub hub, String request) throws Exception {
        for (int tries = 0; ; tries++) {
            String part = hub.rest("GET", "/mgmt/requests/" + request + "/deviceStatus/gateway/g-1", null).body();
            if (member(part, "complete").equals("true")) {
                return part;
            }
            if (tries > 600) {
                throw new AssertionError("not complete: " + part + '\n' + hub.box.printed());
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private static String member(String json, String name) {
        Matcher member = Pattern.compile('"' + name + "\":\"?([^\",}]*)").matcher(json);
        return member.find() ? member.group(1) : "";
    }
}
