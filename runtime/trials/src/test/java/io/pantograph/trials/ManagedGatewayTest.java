package io.pantograph.trials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.core.Codecs;
import io.pantograph.api.device.Device;
import io.pantograph.api.device.Gateway;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Telemetry;
import io.pantograph.api.model.Values;
import io.pantograph.api.operator.Deployed;
import io.pantograph.api.operator.Deployments;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.InnerBox;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gateway box that is a managed device of the hub box: an application has it install bundles by REST, as firmware and by actions. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ManagedGatewayTest {

    private static TestHub hub;
    private static InnerBox box;
    private static Path gatewayHome;
    private static Device own;
    private static Codecs codecs;
    private static Deployments deployments;

    @BeforeAll
    static void start() throws Exception {
        hub = TestHub.start();
        hub.register("gw", "g-1");
        rest("POST", "/device/types", "{\"id\":\"gateway\",\"classId\":\"Gateway\"}");
        assertEquals(201, rest("POST", "/device/types/gateway/devices", "{\"deviceId\":\"g-2\",\"authToken\":\"" + TestHub.TOKEN + "\"}").statusCode());
        Path home = TestHub.home("managed");
        Path conf = Files.createDirectories(home.resolve("conf").resolve("devices"));
        Files.copy(hub.box.home().resolve("hub").resolve("ca.pem"), home.resolve("conf").resolve("ca.pem"));
        Files.writeString(conf.resolve("g-1.ini"), ini("gw", "g-1"));
        Files.writeString(conf.resolve("g-2.ini"), ini("gateway", "g-2") + "gateway = true\n");
        startGateway(home);
        Await.until("it is managed", () -> rest("GET", "/device/types/gw/devices/g-1/mgmt", null).statusCode() == 200);
        Values bundle = json(Files.readString(Path.of(System.getProperty("samples"), "..", "bundles", "manage", "src", "main", "resources", "io", "pantograph",
                "manage", "osgi-actions-v1.json")));
        HttpResponse<String> made = rest("POST", "/mgmt/custom/bundle", text(bundle));
        assertEquals(201, made.statusCode(), made.body());
    }

    private static void startGateway(Path home) throws Exception {
        gatewayHome = home;
        box = InnerBox.start(TestHub.jar("gateway"), home, Map.of("pantograph.gateway.devices", "gw/g-1, gateway/g-2", "pantograph.gateway.host", "127.0.0.1",
                "pantograph.deploy.calls", "20"));
        own = box.service(Gateway.class).attach(new DeviceId("gw", "g-1"));
        codecs = box.service(Codecs.class);
        deployments = box.service(Deployments.class);
        Await.result(own.connected());
    }

    private static String ini(String type, String id) throws Exception {
        return "[device]\ndialect = watson\norg = " + hub.org + "\ntype = " + type + "\nid = " + id + "\nauth-method = token\nauth-token = " + TestHub.TOKEN
                + "\nhost = 127.0.0.1\nport = " + hub.mqtts() + "\n";
    }

    @AfterAll
    static void stop() throws Exception {
        box.close();
        hub.close();
    }

    private static Values json(String text) throws Exception {
        return codecs.route("json").decode(Bytes.utf8(text)).values();
    }

    private static String text(Values values) throws Exception {
        return codecs.route("json").encode(Content.of(values)).text();
    }

    private static HttpResponse<String> rest(String method, String path, String body) {
        try {
            return hub.rest(method, path, body);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** @return the request's id */
    private static String initiate(String action, Map<String, String> parameters) throws Exception {
        return initiate(action, parameters, "gw", "g-1");
    }

    private static String initiate(String action, Map<String, String> parameters, String type, String id) throws Exception {
        Values body = Values.of("action", action, "devices", List.of(Values.of("typeId", type, "deviceId", id)), "parameters",
                parameters.entrySet().stream().map(one -> Values.of("name", one.getKey(), "value", one.getValue())).toList());
        HttpResponse<String> taken = rest("POST", "/mgmt/requests", text(body));
        assertEquals(202, taken.statusCode(), taken.body());
        return json(taken.body()).text("reqId");
    }

    /** What became of it. */
    private static Values outcome(String request) throws Exception {
        return outcome(request, "gw/g-1");
    }

    private static Values outcome(String request, String device) throws Exception {
        String path = "/mgmt/requests/" + request + "/deviceStatus/" + device;
        Await.until(() -> "the end of " + rest("GET", path, null).body(), Duration.ofSeconds(60), () -> rest("GET", path, null).body().contains("\"complete\":true"));
        return json(rest("GET", path, null).body());
    }

    private static void send(int messages) {
        for (int i = 0; i < messages; i++) {
            Await.result(own.publish(Telemetry.of("reading", Content.of(Values.of("hello", "world", "x", i))).format("custom")));
        }
    }

    private static Optional<Deployed> here(String version) {
        return deployments.bundles().stream().filter(one -> one.name().equals(CodecJars.NAME) && one.version().equals(version)).findFirst();
    }

    private static void until(String version, String state) {
        Await.until(() -> version + ' ' + state + " instead of " + deployments.bundles(), Duration.ofSeconds(30),
                () -> here(version).filter(one -> one.state().word().equals(state)).isPresent());
    }

    @Test
    void bundlesAreInstalledByActionsAndAsFirmware() throws Exception {
        String managed = rest("GET", "/device/types/gw/devices/g-1/mgmt", null).body();
        assertTrue(managed.contains("\"osgi-actions-v1\":true") && managed.contains("\"firmwareActions\":true") && managed.contains("\"deviceActions\":false"), managed);

        CodecJars first = CodecJars.version("1.0.0");
        String request = initiate("osgi-actions-v1/install", Map.of("name", CodecJars.NAME, "version", "1.0.0", "url", hub.upload(first.bytes(), first.sha256()),
                "sha256", first.sha256()));
        Values installed = outcome(request);
        assertEquals(0L, installed.integer("status"), installed.toString());
        until("1.0.0", "probation");
        send(25);
        until("1.0.0", "proven");

        // An update by way of firmware: fetched, then installed, and done when it is proven.
        CodecJars second = CodecJars.version("1.1.0");
        Values fetched = outcome(initiate("firmware/download", Map.of("name", CodecJars.NAME, "version", "1.1.0", "uri", hub.upload(second.bytes(), second.sha256()),
                "verifier", second.sha256())));
        assertEquals(0L, fetched.integer("status"), fetched.toString());
        assertTrue(here("1.1.0").isEmpty(), "only fetched");
        String update = initiate("firmware/update", Map.of());
        until("1.1.0", "probation");
        assertTrue(rest("GET", "/mgmt/requests/" + update + "/deviceStatus/gw/g-1", null).body().contains("\"complete\":false"));
        send(25);
        Values updated = outcome(update);
        assertEquals(0L, updated.integer("status"), updated.toString());
        until("1.1.0", "proven");

        // What is refused is told to who asked, and stands in the device's log.
        Values refused = outcome(initiate("osgi-actions-v1/update", Map.of("name", CodecJars.NAME, "url", "https://127.0.0.1:" + hub.box.port("pantograph.hub.https.port")
                + "/artifacts/" + "ab".repeat(32), "sha256", "ab".repeat(32))));
        assertTrue(refused.integer("status") != 0, refused.toString());
        Await.until(() -> "the log " + rest("GET", "/device/types/gw/devices/g-1/diag/logs", null).body(), Duration.ofSeconds(30),
                () -> rest("GET", "/device/types/gw/devices/g-1/diag/logs", null).body().contains("404"));
        Await.until("the error code", () -> rest("GET", "/device/types/gw/devices/g-1/diag/errorCodes", null).body().contains("\"errorCode\":1"));

        // No handler restarts this gateway.
        assertTrue(outcome(initiate("device/reboot", Map.of())).integer("status") != 0);

        Values gone = outcome(initiate("osgi-actions-v1/uninstall", Map.of("name", CodecJars.NAME)));
        assertEquals(0L, gone.integer("status"), gone.toString());
        assertTrue(here("1.1.0").isEmpty());
    }

    // Who asked for it would else wait until the hub gives it up, an hour later.
    @Test
    void whatAFirmwareUpdateBecameIsToldAfterARestart() throws Exception {
        CodecJars jar = CodecJars.version("3.0.0");
        Map<String, String> firmware = Map.of("name", CodecJars.NAME, "version", "3.0.0", "uri", hub.upload(jar.bytes(), jar.sha256()), "verifier", jar.sha256());
        assertEquals(0L, outcome(initiate("firmware/download", firmware)).integer("status"));
        String cut = initiate("firmware/update", Map.of());
        until("3.0.0", "probation");
        box.close();
        startGateway(gatewayHome);
        Values failed = outcome(cut);
        assertEquals(2L, failed.integer("status"), failed.toString());
        assertTrue(here("3.0.0").isEmpty());
        Await.until("the log to say why", () -> rest("GET", "/device/types/gw/devices/g-1/diag/logs", null).body().contains("the box ended in the middle of it"));

        // And nothing is in the way of another.
        assertEquals(0L, outcome(initiate("firmware/download", firmware)).integer("status"));
        String update = initiate("firmware/update", Map.of());
        until("3.0.0", "probation");
        send(25);
        assertEquals(0L, outcome(update).integer("status"));
        assertEquals(0L, outcome(initiate("osgi-actions-v1/uninstall", Map.of("name", CodecJars.NAME))).integer("status"));
    }

    // A gateway speaks in the scope of its organisation, and is asked there.
    @Test
    void aDeviceThatIsAGatewayIsManagedToo() throws Exception {
        Await.until("it is managed", () -> rest("GET", "/device/types/gateway/devices/g-2/mgmt", null).statusCode() == 200);
        Values told = outcome(initiate("osgi-actions-v1/uninstall", Map.of("name", "org.example.nothing"), "gateway", "g-2"), "gateway/g-2");
        assertTrue(told.text("message").startsWith("rc "), told.toString());
    }
}
