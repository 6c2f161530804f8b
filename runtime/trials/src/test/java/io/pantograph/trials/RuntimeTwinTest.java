package io.pantograph.trials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.device.Device;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Telemetry;
import io.pantograph.api.model.Values;
import io.pantograph.api.service.MethodAnswer;
import io.pantograph.api.service.MethodCall;
import io.pantograph.api.service.Target;
import io.pantograph.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gateway box whose own device has its bundles desired by the cloud, and asked for by direct method; jars come from the hub box. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RuntimeTwinTest {

    private static final String KEY = CodecJars.NAME.replace('.', ':');
    private static final Map<String, String> SETTINGS = Map.of("pantograph.gateway.devices", "runtime", "pantograph.gateway.host", AzureCloud.HOST,
            "pantograph.deploy.calls", "20");

    private static AzureCloud cloud;
    private static AzureGateway gateway;
    private static String meterKey;
    private static Device meter;

    @BeforeAll
    static void start() throws Exception {
        cloud = AzureCloud.start();
        Path home = TestHub.home("gateway");
        Path ini = Files.createDirectories(home.resolve("conf").resolve("devices")).resolve("runtime.ini");
        Files.writeString(ini, "[device]\ndialect = azure\nport = " + cloud.mqtts() + "\nconnection-string = "
                + AzureCloud.connection("runtime", cloud.device("runtime")) + '\n');
        meterKey = cloud.device("meter");
        startGateway(home);
    }

    private static void startGateway(Path home) throws Exception {
        gateway = AzureGateway.start(cloud, home, SETTINGS);
        meter = gateway.connect(AzureGateway.options("meter", meterKey, cloud.mqtts()));
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        cloud.close();
    }

    /** Uploads it. @return what a document says of it */
    private static Values jar(String version) throws Exception {
        CodecJars jar = CodecJars.version(version);
        String url = cloud.upload(jar.bytes(), jar.sha256());
        return Values.of("version", version, "url", url, "sha256", jar.sha256());
    }

    private static void desire(Object bundle) {
        cloud.desire("runtime", Values.of("bundles", Values.of(KEY, bundle)));
    }

    private static Values reported() {
        return cloud.reported("runtime").get("bundles") instanceof Values bundles ? bundles : Values.EMPTY;
    }

    /** How the bundle stands. */
    private static String state() {
        return reported().get(KEY) instanceof Values bundle ? bundle.get("state") + " " + bundle.get("version") : "not here";
    }

    private static void until(String state) {
        Await.until(() -> state + " instead of " + reported(), Duration.ofSeconds(30), () -> state().equals(state));
    }

    private static void until(int status) {
        Await.until(() -> status + " instead of " + reported(), Duration.ofSeconds(30), () -> reported().get("ac") instanceof Number ac && ac.intValue() == status);
    }

    private static void send(int messages) {
        for (int i = 0; i < messages; i++) {
            Await.result(meter.publish(Telemetry.of("reading", Content.of(Values.of("hello", "world", "x", i))).format("custom")));
        }
    }

    private static Values method(int status, Values body) {
        MethodAnswer answer = Await.result(cloud.service.invoke(Target.of("runtime"), MethodCall.of("deploy").with(body)));
        assertEquals(status, answer.status(), answer.payload().toString());
        return answer.payload().values();
    }

    @Test
    void whatTheCloudDesiresIsInstalledProvenAndTakenOut() throws Exception {
        Values first = jar("1.0.0");
        desire(first);
        until("probation 1.0.0");
        until(202);
        send(25);
        until("proven 1.0.0");
        until(200);
        assertEquals("1.0.0", reported().values("value").text(KEY));
        assertTrue(reported().values(KEY).values("evidence").integer("calls") >= 20, reported().toString());
        assertEquals(first.text("sha256"), reported().values(KEY).text("sha256"));

        // Another is wanted, and then, before it is proven, that one again.
        desire(jar("1.1.0"));
        until("probation 1.1.0");
        desire(first);
        until("proven 1.0.0");
        until(200);
        send(5);

        // All of it is desired anew after a start, and nothing happens.
        Path home = gateway.home;
        long deployments = method(200, Values.of("list", Values.EMPTY)).list("deployments").size();
        gateway.close();
        startGateway(home);
        send(1);
        until("proven 1.0.0");
        until(200);
        Values list = method(200, Values.of("list", Values.EMPTY));
        assertEquals(deployments, list.list("deployments").size());
        assertEquals(CodecJars.NAME, ((Values) list.list("bundles").get(0)).text("name"));

        // By method, and watched.
        Values second = jar("1.2.0");
        Values release = Values.of("bundles", Values.of(CodecJars.NAME, second));
        assertEquals(List.of(), method(200, Values.of("plan", release)).list("refusals"));
        Values begun = method(202, Values.of("add", release, "wait", true));
        until("probation 1.2.0");
        send(25);
        until("proven 1.2.0");
        Await.until("the outcome of the command", () -> cloud.reported("runtime").get("deploy") instanceof Values outcome
                && outcome.values("value").text("state").equals("proven"));
        assertEquals("proven", method(200, Values.of("show", Values.of("what", begun.text("deployment")))).text("state"));
        assertEquals("1.0.0", ((Values) method(200, Values.of("list", Values.EMPTY)).list("bundles").get(0)).text("last-good"));
        method(200, Values.of("rollback", Values.of("what", CodecJars.NAME, "why", "it was only a trial")));
        until("proven 1.0.0");
        assertTrue(method(409, Values.of("promote", Values.of("what", "d-999"))).text("message").contains("d-999"));
        assertTrue(method(400, Values.of("ad", release)).text("message").contains("it names ad"));

        // Who waits while the gateway restarts is told as well.
        Values cut = method(202, Values.of("add", Values.of("bundles", Values.of(CodecJars.NAME, jar("1.2.1"))), "wait", true));
        until("probation 1.2.1");
        gateway.close();
        startGateway(home);
        Await.until(() -> "the outcome of " + cut + " in " + cloud.reported("runtime").get("deploy"), Duration.ofSeconds(30),
                () -> cloud.reported("runtime").get("deploy") instanceof Values outcome && outcome.values("value").text("id").equals(cut.text("deployment"))
                        && outcome.values("value").text("state").equals("rolled back"));
        until("proven 1.0.0");

        // What this door brought, and another changed since, is that other one's; by method it goes.
        method(200, Values.of("remove", Values.of("name", CodecJars.NAME)));
        until("not here");
        desire(null);
        desire(jar("1.3.0"));
        until("probation 1.3.0");
        send(25);
        until("proven 1.3.0");
        desire(null);
        until("not here");
    }

    @Test
    void whatIsRefusedSaysWhy() throws Exception {
        Values unknown = Values.of("url", "https://" + AzureCloud.HOST + ':' + cloud.https() + "/artifacts/" + "ab".repeat(32), "sha256", "ab".repeat(32));
        Values plan = method(409, Values.of("plan", Values.of("bundles", Values.of("org.example.nothing", unknown))));
        assertTrue(plan.list("refusals").get(0).toString().contains("404"), plan.toString());
        Values elsewhere = Values.of("url", "https://example.com/x.jar", "sha256", "ab".repeat(32));
        Values told = method(409, Values.of("plan", Values.of("bundles", Values.of("org.example.nothing", elsewhere))));
        assertTrue(told.list("refusals").get(0).toString().contains("hub only"), told.toString());
    }
}
