package io.pantograph.trials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.command.Command;
import io.pantograph.api.command.CommandHandler;
import io.pantograph.api.command.CommandResult;
import io.pantograph.api.core.Codecs;
import io.pantograph.api.device.Device;
import io.pantograph.api.device.DeviceOptions;
import io.pantograph.api.device.Gateway;
import io.pantograph.api.dialect.Dialect;
import io.pantograph.api.listener.DeviceListener;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Condition;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.DeviceStatus;
import io.pantograph.api.model.DeviceStatus.State;
import io.pantograph.api.model.Qos;
import io.pantograph.api.model.Telemetry;
import io.pantograph.api.model.Values;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.InnerBox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/** Our own Watson device, as the gateway box has it, against the hub box: what the official programs do, and what they get wrong. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OwnDeviceTest {

    private static TestHub hub;
    private static InnerBox box;
    private static Gateway gateway;
    private static int count;

    private final BlockingQueue<Condition> conditions = new LinkedBlockingQueue<>();
    private final BlockingQueue<DeviceStatus> statuses = new LinkedBlockingQueue<>();
    private final BlockingQueue<Command> commands = new LinkedBlockingQueue<>();
    private final DeviceId id = new DeviceId("own", "d-" + ++count);
    private ServiceRegistration<?> listener;
    private Application application;
    private Device device;

    @BeforeAll
    static void start() throws Exception {
        hub = TestHub.start();
        Path home = TestHub.home("gateway");
        Files.createDirectories(home.resolve("conf"));
        Files.copy(hub.box.home().resolve("hub").resolve("ca.pem"), home.resolve("conf").resolve("ca.pem"));
        box = InnerBox.start(TestHub.jar("gateway"), home, Map.of());
        gateway = box.service(Gateway.class);
        box.service(Dialect.class);
        Codecs codecs = box.service(Codecs.class);
        Await.until("both codecs", () -> codecs.formats().contains("json") && codecs.formats().contains("json-iotf"));
    }

    @AfterAll
    static void stop() throws Exception {
        box.close();
        hub.close();
    }

    @BeforeEach
    void register() throws Exception {
        hub.register(id.type(), id.name());
        application = hub.application("own-" + id.name()).hears("iot-2/type/own/id/" + id.name() + "/evt/+/fmt/+");
        listener = box.context().registerService(DeviceListener.class, new DeviceListener() {
            @Override
            public void status(DeviceId device, DeviceStatus status) {
                if (device.equals(id)) {
                    statuses.add(status);
                }
            }

            @Override
            public void condition(Condition condition) {
                if (condition.device().equals(id)) {
                    conditions.add(condition);
                }
            }
        }, null);
    }

    @AfterEach
    void close() throws Exception {
        if (device != null) {
            device.close();
        }
        listener.unregister();
        application.close();
    }

    private DeviceOptions options() throws Exception {
        return DeviceOptions.dialect("watson").with("org", hub.org).with("type", id.type()).with("id", id.name())
                .with("auth-method", "token").secret("auth-token", TestHub.TOKEN).with("domain", "localhost").with("port", hub.mqtts());
    }

    private void connect(DeviceOptions options) {
        device = gateway.connect(options);
        Await.result(device.connected());
    }

    private ServiceRegistration<CommandHandler> handler() {
        return box.context().registerService(CommandHandler.class, command -> {
            commands.add(command);
            return CompletableFuture.completedFuture(CommandResult.ok());
        }, new Hashtable<>(Map.of("pantograph.command", "*", "pantograph.device.type", "own", "pantograph.device.name", id.name())));
    }

    private Command nextCommand() throws InterruptedException {
        Command next = commands.poll(20, TimeUnit.SECONDS);
        assertTrue(next != null, "no command within 20 s");
        return next;
    }

    @ParameterizedTest
    @CsvSource({"0, json", "1, json", "2, json", "1, json-iotf"})
    void eventsArriveOverTlsAndAreAcknowledged(int qos, String format) throws Exception {
        connect(options());
        Await.result(device.publish(Telemetry.of("status", Content.of("celsius", 21.5).at(Instant.parse("2026-01-02T03:04:05Z")))
                .format(format).qos(Qos.of(qos))));
        Application.Heard heard = application.next();
        assertEquals("iot-2/type/own/id/" + id.name() + "/evt/status/fmt/" + format, heard.topic());
        String said = heard.text().replace(" ", "");
        assertEquals(format.equals("json") ? "{\"celsius\":21.5}" : "{\"d\":{\"celsius\":21.5},\"ts\":\"2026-01-02T03:04:05+00:00\"}", said);
    }

    @Test
    void theSameOverWebSocketAndOverPlainLoopback() throws Exception {
        connect(options().with("transport", "websockets"));
        Await.result(device.publish(Telemetry.of("a", Content.of("way", "wss"))));
        assertTrue(application.next().text().contains("wss"));
        device.close();
        connect(options().with("tls", "false").with("port", hub.mqtt()));
        Await.result(device.publish(Telemetry.of("b", Content.of("way", "plain"))));
        assertTrue(application.next().text().contains("plain"));
    }

    @Test
    void plainToElsewhereIsRefused() throws Exception {
        DeviceOptions elsewhere = options().with("tls", "false").with("host", "192.0.2.7");
        String why = assertThrows(IllegalArgumentException.class, () -> gateway.connect(elsewhere)).getMessage();
        assertTrue(why.contains("tls") && why.contains("192.0.2.7"), why);
    }

    @Test
    void commandsReachTheHandlerWithAllTheySay() throws Exception {
        ServiceRegistration<?> here = handler();
        connect(options());
        application.command("own", id.name(), "set-point", "json", "{\"celsius\":19}");
        Command command = nextCommand();
        assertEquals("set-point", command.name());
        assertEquals("json", command.format());
        assertEquals(Values.of("celsius", 19), command.arguments());
        assertTrue(command.content().time().isPresent());
        application.command("own", id.name(), "timed", "json-iotf", "{\"d\":{\"a\":1},\"ts\":\"2020-01-02T03:04:05+02:00\"}");
        assertEquals(Instant.parse("2020-01-02T01:04:05Z"), nextCommand().content().time().orElseThrow());
        here.unregister();
    }

    // The original client loses commands that come before its callback is set.
    @Test
    void commandsThatComeBeforeTheirHandlerWaitForIt() throws Exception {
        connect(options());
        for (int i = 0; i < 20; i++) {
            application.command("own", id.name(), "early-" + i, "json", "{}");
        }
        TimeUnit.MILLISECONDS.sleep(500); // they are here now, and nobody is
        ServiceRegistration<?> first = handler();
        for (int i = 0; i < 20; i++) {
            assertEquals("early-" + i, nextCommand().name());
        }
        first.unregister();
        application.command("own", id.name(), "between", "json", "{}");
        ServiceRegistration<?> second = handler();
        assertEquals("between", nextCommand().name());
        assertNull(commands.poll(300, TimeUnit.MILLISECONDS), "a command ran twice");
        second.unregister();
    }

    @Test
    void commandsSentWhileAwayAreStored() throws Exception {
        DeviceOptions lasting = options().with("clean-session", "false");
        connect(lasting);
        device.close();
        for (int i = 0; i < 3; i++) {
            application.command("own", id.name(), "stored-" + i, "json", "{}");
        }
        connect(lasting);
        ServiceRegistration<?> late = handler();
        for (int i = 0; i < 3; i++) {
            assertEquals("stored-" + i, nextCommand().name());
        }
        late.unregister();
    }

    // In the original an unknown format kills the network thread.
    @Test
    void aCommandInAnUnknownFormatIsReportedAndTheConnectionLivesOn() throws Exception {
        ServiceRegistration<?> here = handler();
        connect(options());
        application.command("own", id.name(), "odd", "martian", "?");
        Condition missing = conditions.poll(20, TimeUnit.SECONDS);
        assertEquals(Condition.Kind.MISSING_DECODER, missing.kind());
        assertEquals("martian", missing.format());
        application.command("own", id.name(), "broken", "json", "{");
        assertEquals(Condition.Kind.UNDECODABLE, conditions.poll(20, TimeUnit.SECONDS).kind());
        application.command("own", id.name(), "good", "json", "{}");
        assertEquals("good", nextCommand().name());
        assertEquals(State.CONNECTED, device.status().state());
        here.unregister();
    }

    @Test
    void whatCannotBeSentFailsAtOnceWithItsReason() throws Exception {
        connect(options());
        DeliveryException noCodec = Await.failure(DeliveryException.class,
                device.publish(Telemetry.of("e", Content.of("a", 1)).format("martian")));
        assertEquals(DeliveryException.Reason.NO_CODEC, noCodec.reason());
        assertTrue(noCodec.getMessage().contains("martian") && noCodec.getMessage().contains("json-iotf"), noCodec.getMessage());
        DeliveryException notObject = Await.failure(DeliveryException.class,
                device.publish(Telemetry.of("e", Content.of(7)).format("json-iotf")));
        assertEquals(DeliveryException.Reason.NOT_ENCODABLE, notObject.reason());
        // A text of n letters in JSON is n + 2 bytes.
        DeliveryException large = Await.failure(DeliveryException.class, device.publish(Telemetry.of("e", Content.of("x".repeat(131_071)))));
        assertEquals(DeliveryException.Reason.TOO_LARGE, large.reason());
        assertTrue(large.getMessage().contains("131072") || large.getMessage().contains("131,072"), large.getMessage());
        Await.result(device.publish(Telemetry.of("e", Content.of("x".repeat(131_070)))));
        assertEquals(131_072, application.next().payload().length);
    }

    @Test
    void aWrongTokenIsToldAtOnce() throws Exception {
        long begin = System.nanoTime();
        device = gateway.connect(options().secret("auth-token", "not-the-token"));
        DeliveryException refused = Await.failure(DeliveryException.class, device.connected());
        assertEquals(DeliveryException.Reason.REFUSED, refused.reason());
        assertTrue(Duration.ofNanos(System.nanoTime() - begin).toSeconds() < 8, "that was a timeout");
        assertEquals(DeviceStatus.Reason.BAD_CREDENTIAL, device.status().reason());
        assertFalse(device.status().detail().contains("not-the-token"));
        Await.until("the listener to be told", () -> statuses.stream().anyMatch(s -> s.reason() == DeviceStatus.Reason.BAD_CREDENTIAL));
    }

    @Test
    void anUnknownAuthorityIsNotTrusted() throws Exception {
        try (TestHub impostor = TestHub.start()) {
            device = gateway.connect(options().with("port", impostor.mqtts()));
            Await.until("a refusal of its certificate", () -> device.status().reason() == DeviceStatus.Reason.NOT_TRUSTED);
            assertFalse(device.connected().toCompletableFuture().isDone());
        }
    }

    @Test
    void quickstartNeedsNoRegistration() throws Exception {
        try (Application watcher = hub.application("quick-" + id.name())) {
            device = gateway.connect(DeviceOptions.dialect("watson").with("type", "guest").with("id", id.name())
                    .with("domain", "localhost").with("port", hub.mqtt()));
            Await.result(device.connected());
            Await.result(device.publish(Telemetry.of("hello", Content.of("a", 1)).qos(Qos.AT_MOST_ONCE)));
            for (Qos qos : new Qos[] {Qos.AT_LEAST_ONCE, Qos.EXACTLY_ONCE}) {
                DeliveryException refused = Await.failure(DeliveryException.class,
                        device.publish(Telemetry.of("hello", Content.of("a", 1)).qos(qos)));
                assertEquals(DeliveryException.Reason.UNSUPPORTED, refused.reason());
                assertTrue(refused.getMessage().toLowerCase().contains("quickstart"), refused.getMessage());
            }
            assertNull(watcher.now());
        }
    }

    @Test
    void wrongOptionsAreNamed() {
        String why = assertThrows(IllegalArgumentException.class, () -> gateway.connect(options().with("auth-method", "apikey"))).getMessage();
        assertTrue(why.contains("auth-method") && why.contains("apikey") && why.contains("token"), why);
        assertThrows(IllegalArgumentException.class, () -> gateway.connect(options().with("prot", "8883")));
        assertThrows(IllegalArgumentException.class, () -> gateway.connect(options().with("id", "a/b")));
        assertThrows(IllegalArgumentException.class, () -> gateway.connect(options().with("port", "0x10")));
    }

    @Test
    void aDeviceFromTheOriginalFile() throws Exception {
        Path file = Path.of(System.getProperty("pantograph.home"), "conf", "devices", id.name() + ".ini");
        Files.createDirectories(file.getParent());
        Device attached = gateway.attach(id);
        // Accepted before the file is there: waits in the outbox.
        CompletableFuture<Void> early = attached.publish(Telemetry.of("early", Content.of("n", 1))).toCompletableFuture();
        Files.writeString(file, """
                [device]
                org = %s
                type = %s
                id = %s
                auth-method = token
                auth-token = %s
                clean-session = true
                domain = localhost
                port = %d
                """.formatted(hub.org, id.type(), id.name(), TestHub.TOKEN, hub.mqtts()));
        Await.result(early);
        assertTrue(application.next().topic().contains("/evt/early/"));
        Files.delete(file);
        Await.until("the device to be let go", () -> attached.status().state() != State.CONNECTED);
    }

    @Test
    void aDeviceFromConfigurationAdmin() throws Exception {
        // Its class is the box's own, not the test's.
        ServiceReference<?> reference = box.context().getAllServiceReferences("org.osgi.service.cm.ConfigurationAdmin", null)[0];
        Object admin = box.context().getService(reference);
        Object configuration = admin.getClass().getMethod("createFactoryConfiguration", String.class, String.class)
                .invoke(admin, "io.pantograph.device", "?");
        Hashtable<String, Object> properties = new Hashtable<>(Map.of("dialect", "watson", "org", hub.org, "type", id.type(), "id", id.name(),
                "auth-method", "token", "auth-token", TestHub.TOKEN, "domain", "localhost", "port", String.valueOf(hub.mqtts())));
        configuration.getClass().getMethod("update", java.util.Dictionary.class).invoke(configuration, properties);
        Device attached = gateway.attach(id);
        Await.result(attached.publish(Telemetry.of("configured", Content.of("n", 1))));
        assertTrue(application.next().topic().contains("/evt/configured/"));
        configuration.getClass().getMethod("delete").invoke(configuration);
    }

    @Test
    void bytesOfAnyKindMayBeAContent() throws Exception {
        connect(options());
        Await.result(device.publish(Telemetry.of("bytes", Content.of("b", Bytes.of((byte) 1, (byte) 2)))));
        assertEquals("{\"b\":\"AQI=\"}", application.next().text().replace(" ", ""));
    }

    // 10,000 at once, none refused, none lost on a connection that stays.
    @Test
    void aBurstWithoutAcknowledgementsArrivesWhole() throws Exception {
        connect(options());
        for (int i = 0; i < 10_000; i++) {
            device.publish(Telemetry.of("burst", Content.of("n", i)).qos(Qos.AT_MOST_ONCE));
        }
        for (int i = 0; i < 10_000; i++) {
            assertEquals("{\"n\":" + i + "}", application.next().text().replace(" ", ""));
        }
    }

    // With Nagle's algorithm on, each of these takes 44 ms.
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void anAnswerTakesNoFortyMilliseconds(boolean tls) throws Exception {
        connect(options().with("tls", tls).with("port", tls ? hub.mqtts() : hub.mqtt()));
        ServiceRegistration<?> here = box.context().registerService(CommandHandler.class, command -> {
            device.publish(Telemetry.of("answer", command.content()));
            return CompletableFuture.completedFuture(CommandResult.ok());
        }, new Hashtable<>(Map.of("pantograph.device.name", id.name())));
        long[] micros = new long[200];
        for (int i = -300; i < micros.length; i++) { // the first ones tell of cold code only
            long begin = System.nanoTime();
            application.command("own", id.name(), "ping", "json", "{}");
            application.next();
            micros[Math.max(0, i)] = (System.nanoTime() - begin) / 1000;
        }
        java.util.Arrays.sort(micros);
        System.out.println("request and answer through the hub, " + (tls ? "TLS" : "plain") + ": p50 " + micros[100] + " us");
        assertTrue(micros[100] < 10_000, "p50 is " + micros[100] + " us");
        here.unregister();
    }
}
