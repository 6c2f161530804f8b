package io.pantograph.trials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.command.Command;
import io.pantograph.api.command.CommandResult;
import io.pantograph.api.device.Device;
import io.pantograph.api.device.DeviceOptions;
import io.pantograph.api.device.SendStatus;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.Headers;
import io.pantograph.api.model.Qos;
import io.pantograph.api.model.Telemetry;
import io.pantograph.api.model.Values;
import io.pantograph.api.service.DeviceEvent;
import io.pantograph.api.service.MethodAnswer;
import io.pantograph.api.service.MethodCall;
import io.pantograph.api.service.OutboundMessage;
import io.pantograph.api.service.ServiceException;
import io.pantograph.api.service.Target;
import io.pantograph.api.twin.Desired;
import io.pantograph.api.twin.DesiredResult;
import io.pantograph.api.twin.Twin;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.FaultProxy;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.ServiceRegistration;

/** Our own Azure device, as the gateway box has it, against the hub box over TLS: what the official programs do, and what they get wrong. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OwnAzureDeviceTest {

    private static final int MOST_BYTES = 262_144;

    private static AzureCloud cloud;
    private static AzureGateway gateway;
    private static int count;

    private final String id = "own-" + ++count;
    private String key;
    private Device device;
    private ServiceRegistration<?> handler;

    @BeforeAll
    static void start() throws Exception {
        cloud = AzureCloud.start();
        gateway = AzureGateway.start(cloud);
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        cloud.close();
    }

    @BeforeEach
    void register() {
        key = cloud.device(id);
    }

    @AfterEach
    void close() {
        if (device != null) {
            device.close();
        }
        if (handler != null) {
            handler.unregister();
        }
    }

    private DeviceOptions options() {
        return AzureGateway.options(id, key, cloud.mqtts());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mqtt", "websocket"})
    void telemetryArrivesWithAllThatGoesWithIt(String transport) throws Exception {
        device = gateway.connect(options().with("transport", transport).with("port", transport.equals("mqtt") ? cloud.mqtts() : cloud.https())
                .with("model-id", "dtmi:com:example:Mast;1"));
        BlockingQueue<DeviceEvent> events = cloud.telemetry(id);
        Map<String, String> properties = Map.of("temperatureAlert", "true", "grüße+ %&=", "é ü/😀", "empty", "");
        Await.result(device.publish(Telemetry.of("wind", Content.of("windSpeed", 11.5)).messageId("m-1").correlationId("c-1").properties(properties)
                .headers(Headers.NONE.userId("somebody").component("mast").created(Instant.parse("2026-01-02T03:04:05Z")))));
        DeviceEvent event = AzureCloud.next(events, "the event");
        assertEquals(id, event.device());
        assertEquals("{\"windSpeed\":11.5}", event.body().text());
        assertEquals(properties, event.properties());
        assertEquals("m-1", event.system().get("message-id"));
        assertEquals("c-1", event.system().get("correlation-id"));
        assertEquals("somebody", event.system().get("user-id"));
        assertEquals("application/json", event.system().get("content-type"));
        assertEquals("utf-8", event.system().get("content-encoding"));
        assertEquals("mast", event.system().get("dt-subject"));
        assertEquals("dtmi:com:example:Mast;1", event.system().get("dt-dataschema"));
        assertTrue(event.system().containsValue("2026-01-02T03:04:05Z"), event.system().toString());
        assertTrue(event.system().get("iothub-connection-auth-method").contains("sas"), event.system().toString());
        for (int i = 0; i < 500; i++) {
            device.publish(Telemetry.of("wind", Content.of("i", i)).qos(Qos.of(i % 2)));
        }
        for (int i = 0; i < 500; i++) {
            assertEquals("{\"i\":" + i + '}', AzureCloud.next(events, "event " + i).body().text());
        }
    }

    @Test
    void eachMessageIsConfirmedAndTheStatusSaysWhetherAllAre() throws Exception {
        try (FaultProxy link = new FaultProxy(AzureCloud.HOST, cloud.mqtts())) {
            device = gateway.connect(options().with("port", link.port()));
            assertEquals(SendStatus.IDLE, device.sendStatus());
            link.silence(FaultProxy.Silence.BOTH);
            CompletableFuture<Void> sent = device.publish(Telemetry.of("e", Content.of("a", 1))).toCompletableFuture();
            assertEquals(SendStatus.BUSY, device.sendStatus());
            TimeUnit.MILLISECONDS.sleep(200);
            assertFalse(sent.isDone(), "confirmed by nobody");
            link.silence(FaultProxy.Silence.NONE);
            link.cut();
            Await.result(sent);
            Await.until("it to be idle", () -> device.sendStatus() == SendStatus.IDLE);
        }
    }

    // All that a message has counts: type, encoding and properties too. A text of n letters in JSON is n + 2 bytes.
    @Test
    void theLargestMessageIsOf256KilobytesWithItsProperties() throws Exception {
        device = gateway.connect(options());
        BlockingQueue<DeviceEvent> events = cloud.telemetry(id);
        int room = MOST_BYTES - "application/json".length() - "utf-8".length() - "name".length() - "value".length();
        Await.result(device.publish(Telemetry.of("large", Content.of("x".repeat(room - 2))).properties(Map.of("name", "value"))));
        assertEquals(room, AzureCloud.next(events, "the largest").body().length());
        DeliveryException refused = Await.failure(DeliveryException.class,
                device.publish(Telemetry.of("large", Content.of("x".repeat(room - 1))).properties(Map.of("name", "value"))));
        assertEquals(DeliveryException.Reason.TOO_LARGE, refused.reason());
        assertTrue(refused.getMessage().contains("262144"), refused.getMessage());
        assertNull(events.poll(200, TimeUnit.MILLISECONDS));
    }

    @Test
    void qos2IsRefusedWithItsReason() {
        device = gateway.connect(options());
        DeliveryException refused = Await.failure(DeliveryException.class,
                device.publish(Telemetry.of("e", Content.of("a", 1)).qos(Qos.EXACTLY_ONCE)));
        assertEquals(DeliveryException.Reason.UNSUPPORTED, refused.reason());
        assertTrue(refused.getMessage().contains("QoS 1"), refused.getMessage());
        Await.result(device.publish(Telemetry.of("e", Content.of("a", 2))));
    }

    @Test
    void anExpiryHoldsOfflineToo() throws Exception {
        try (FaultProxy link = new FaultProxy(AzureCloud.HOST, cloud.mqtts())) {
            device = gateway.connect(options().with("port", link.port()));
            BlockingQueue<DeviceEvent> events = cloud.telemetry(id);
            link.refuse(true);
            link.cut();
            CompletionStage<Void> stale = device.publish(Telemetry.of("e", Content.of("n", 1)).timeToLive(Duration.ofMillis(300)));
            CompletionStage<Void> lasting = device.publish(Telemetry.of("e", Content.of("n", 2)).timeToLive(Duration.ofHours(1)));
            assertEquals(DeliveryException.Reason.EXPIRED, Await.failure(DeliveryException.class, stale).reason());
            link.refuse(false);
            Await.result(lasting);
            assertEquals("{\"n\":2}", AzureCloud.next(events, "the lasting one").body().text());
            assertNull(events.poll(200, TimeUnit.MILLISECONDS));
        }
    }

    private MethodAnswer call(MethodCall call) {
        return Await.result(cloud.service.invoke(Target.of(id), call));
    }

    private ServiceException refusal(MethodCall call) {
        return Await.failure(ServiceException.class, cloud.service.invoke(Target.of(id), call));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mqtt", "websocket"})
    void methodsCarryAnyJsonBothWays(String transport) {
        handler = gateway.commands(id, "echo",
                command -> CompletableFuture.completedFuture(new CommandResult(207, Content.of(command.content().data()))));
        device = gateway.connect(options().with("transport", transport).with("port", transport.equals("mqtt") ? cloud.mqtts() : cloud.https()));
        for (Object payload : new Object[] {Values.of("times", 3, "deep", Values.of("list", Content.list(java.util.List.of(1, "two")))), 42, "text", true}) {
            MethodAnswer answer = call(MethodCall.of("echo").with(payload));
            assertEquals(207, answer.status());
            assertEquals(payload, answer.payload().data());
        }
        assertNull(call(MethodCall.of("echo")).payload().data());
        assertEquals(404, call(MethodCall.of("nobody")).status());
    }

    @Test
    void aMethodWithoutAnswerInTimeIsLate() throws Exception {
        CompletableFuture<CommandResult> slow = new CompletableFuture<>();
        handler = gateway.commands(id, "slow", command -> slow);
        device = gateway.connect(options());
        ServiceException late = refusal(MethodCall.of("slow").within(Duration.ofSeconds(5)));
        assertEquals(504, late.status());
        assertEquals("GatewayTimeout", late.error());
        slow.complete(CommandResult.ok()); // after the deadline: nobody hears it, and nothing breaks
        ServiceRegistration<?> quick = gateway.commands(id, "quick", command -> CompletableFuture.completedFuture(CommandResult.ok()));
        assertEquals(200, call(MethodCall.of("quick")).status());
        quick.unregister();
    }

    @Test
    void methodsOfWhoIsNotThereAreTold() {
        ServiceException away = refusal(MethodCall.of("any"));
        assertEquals(404, away.status());
        assertEquals("DeviceNotOnline", away.error());
        handler = gateway.commands(id, "any", command -> CompletableFuture.completedFuture(CommandResult.ok()));
        CompletionStage<MethodAnswer> waiting = cloud.service.invoke(Target.of(id), MethodCall.of("any").waitingFor(Duration.ofSeconds(20)));
        device = gateway.connect(options());
        assertEquals(200, Await.result(waiting).status());
    }

    @Test
    void longWorkIsAcceptedAndItsOutcomeReported() {
        handler = gateway.commands(id, "diagnose", command -> {
            device.outcome(command, Values.of("worn", 7));
            return CompletableFuture.completedFuture(CommandResult.accepted());
        });
        device = gateway.connect(options());
        MethodAnswer answer = call(MethodCall.of("diagnose"));
        assertEquals(202, answer.status());
        Await.until("the outcome", () -> cloud.reported(id).containsKey("diagnose"));
        assertEquals(Values.of("value", Values.of("worn", 7)), AzureCloud.plain(cloud.reported(id).values("diagnose")));
    }

    @Test
    void messagesArriveInOrderWithTheirPropertiesAndAreAcknowledgedWhenHandled() throws Exception {
        BlockingQueue<Command> commands = new LinkedBlockingQueue<>();
        CompletableFuture<CommandResult> first = new CompletableFuture<>();
        handler = gateway.commands(id, "message", command -> {
            commands.add(command);
            return commands.size() == 1 && !first.isDone() ? first : CompletableFuture.completedFuture(CommandResult.ok());
        });
        device = gateway.connect(options());
        Await.result(cloud.service.send(Target.of(id), OutboundMessage.of("{\"a\":1}").system("message-id", "m-0").system("correlation-id", "c")
                .system("content-type", "application/json").property("Grüße", "é ü/😀")));
        for (int i = 1; i < 10; i++) {
            Await.result(cloud.service.send(Target.of(id), OutboundMessage.of("text " + i).system("message-id", "m-" + i)));
        }
        Command command = AzureCloud.next(commands, "the first");
        assertEquals(Values.of("a", 1), command.arguments());
        assertEquals("é ü/😀", command.properties().get("Grüße"));
        assertEquals("m-0", command.properties().get("message-id"));
        assertEquals("c", command.properties().get("correlation-id"));
        assertTrue(cloud.twin(id).integer("cloudToDeviceMessageCount") >= 1, "acknowledged before it was handled");
        first.complete(CommandResult.ok());
        for (int i = 1; i < 10; i++) {
            assertEquals("m-" + i, AzureCloud.next(commands, "message " + i).properties().get("message-id"));
        }
        Await.until("all to be acknowledged", () -> cloud.twin(id).integer("cloudToDeviceMessageCount") == 0);
    }

    @Test
    void twinsAreReadAndReported() {
        cloud.desire(id, Values.of("interval", 30));
        device = gateway.connect(options());
        Await.result(device.report(Values.of("firmware", "1.0", "gone", 1)));
        Await.result(device.report(Values.of("gone", null)));
        Await.result(device.report("mast", Values.of("height", 12)));
        Twin twin = Await.result(device.twin());
        assertEquals(Values.of("interval", 30), twin.desired());
        assertEquals(2, twin.desiredVersion());
        Values wanted = Values.of("firmware", "1.0", "mast", Values.of("__t", "c", "height", 12));
        assertEquals(wanted, twin.reported());
        assertEquals(wanted, AzureCloud.plain(cloud.reported(id)));
        DeliveryException large = Await.failure(DeliveryException.class, device.report(Values.of("text", "x".repeat(5_000))));
        assertTrue(large.reason() == DeliveryException.Reason.REFUSED || large.reason() == DeliveryException.Reason.TOO_LARGE, large.toString());
        Await.result(device.report(Values.of("after", true)));
    }

    @Test
    void whatIsWantedReachesTheHandlerByPropertyComponentAndType() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        ServiceRegistration<?> byProperty = gateway.desired(Map.of("pantograph.property", "brightness", "pantograph.device.name", id), wanted -> {
            heard.add("brightness " + wanted.value());
            return CompletableFuture.completedFuture(DesiredResult.applied());
        });
        ServiceRegistration<?> byComponent = gateway.desired(Map.of("pantograph.component", "mast", "pantograph.device.name", id), wanted -> {
            heard.add("mast " + wanted.property() + ' ' + wanted.value());
            return CompletableFuture.completedFuture(DesiredResult.refused(400, "too high", 5));
        });
        ServiceRegistration<?> byType = gateway.desired(Map.of("pantograph.component", "", "pantograph.device.type", "type-" + id), wanted -> {
            heard.add("type " + wanted.property() + ' ' + wanted.value());
            throw new IllegalStateException("as intended");
        });
        try {
            device = gateway.connect(options().with("device-type", "type-" + id));
            cloud.desire(id, Values.of("brightness", 7));
            assertEquals("brightness 7", AzureCloud.next(heard, "brightness"));
            answered("brightness", 7, 200, 2);
            cloud.desire(id, Values.of("mast", Values.of("__t", "c", "height", 99)));
            assertEquals("mast height 99", AzureCloud.next(heard, "the component's"));
            Await.until("the component's answer", () -> cloud.reported(id).containsKey("mast"));
            Values mast = AzureCloud.plain(cloud.reported(id)).values("mast");
            assertEquals("c", mast.text("__t"));
            assertEquals(Values.of("value", 5, "ac", 400, "av", 3), without(AzureCloud.plain(mast.values("height")), "ad"));
            cloud.desire(id, Values.of("other", "x"));
            assertEquals("type other x", AzureCloud.next(heard, "that of the type"));
            answered("other", "x", 500, 4);
        } finally {
            byProperty.unregister();
            byComponent.unregister();
            byType.unregister();
        }
    }

    private void answered(String property, Object value, int status, int version) {
        Await.until("the answer about " + property, () -> cloud.reported(id).containsKey(property));
        assertEquals(Values.of("value", value, "ac", status, "av", version), without(AzureCloud.plain(cloud.reported(id).values(property)), "ad"));
    }

    private static Values without(Values values, String name) {
        Values.Builder kept = Values.builder();
        values.forEach((each, value) -> {
            if (!each.equals(name)) {
                kept.put(each, value);
            }
        });
        return kept.build();
    }

    @Test
    void whatWasWantedMeanwhileIsAppliedOnceAfterTheReconnect() throws Exception {
        BlockingQueue<Desired> heard = new LinkedBlockingQueue<>();
        handler = gateway.desired(Map.of("pantograph.device.name", id), wanted -> {
            heard.add(wanted);
            return CompletableFuture.completedFuture(DesiredResult.applied());
        });
        cloud.desire(id, Values.of("a", 1, "b", 1));
        try (FaultProxy link = new FaultProxy(AzureCloud.HOST, cloud.mqtts())) {
            device = gateway.connect(options().with("port", link.port()));
            AzureCloud.next(heard, "a");
            AzureCloud.next(heard, "b");
            link.refuse(true);
            link.cut();
            cloud.desire(id, Values.of("a", 2));
            cloud.desire(id, Values.of("a", 3));
            CompletionStage<Void> offline = device.report(Values.of("offline", true));
            link.refuse(false);
            Desired now = AzureCloud.next(heard, "what changed");
            assertEquals("a", now.property());
            assertEquals(3, now.value());
            Await.result(offline);
            answered("a", 3, 200, 4);
            assertNull(heard.poll(300, TimeUnit.MILLISECONDS), "b did not change, and a once");
        }
    }

    @Test
    void aModuleIsADeviceOfItsOwn() throws Exception {
        String moduleKey = AzureCloud.key(Await.result(cloud.service.registry().create(Target.of(id, "m1"), Values.EMPTY)));
        BlockingQueue<DeviceEvent> events = cloud.telemetry(id);
        device = gateway.connect(DeviceOptions.dialect("azure").with("port", cloud.mqtts())
                .secret("connection-string", AzureCloud.connection(id, moduleKey) + ";ModuleId=m1"));
        assertEquals(id + "~m1", device.id().name());
        Await.result(device.publish(Telemetry.of("e", Content.of("n", 1))));
        DeviceEvent event = AzureCloud.next(events, "the module's event");
        assertEquals(Optional.of("m1"), event.module());
        Await.result(device.report(Values.of("n", 2)));
        Values twin = Await.result(cloud.service.twins().find(Target.of(id, "m1")));
        assertEquals(Values.of("n", 2), AzureCloud.plain(twin.values("properties").values("reported")));
        handler = gateway.commands(id + "~m1", "*", command -> CompletableFuture.completedFuture(CommandResult.ok(Values.of("by", "module"))));
        assertEquals(Content.of("by", "module").data(), Await.result(cloud.service.invoke(Target.of(id, "m1"), MethodCall.of("who"))).payload().data());
    }

    @Test
    void theModelIsKnownToTheHub() {
        device = gateway.connect(options().with("model-id", "dtmi:com:example:Mast;2"));
        assertEquals("Mast", device.id().type());
        assertEquals("dtmi:com:example:Mast;2", cloud.twin(id).text("modelId"));
    }
}
