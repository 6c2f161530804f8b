package io.pantograph.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.command.Command;
import io.pantograph.api.core.OutboxLane;
import io.pantograph.api.core.SettingException;
import io.pantograph.api.device.Device;
import io.pantograph.api.device.DeviceOptions;
import io.pantograph.api.device.SendStatus;
import io.pantograph.api.dialect.Dialect;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeliveryException.Reason;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.DeviceStatus.State;
import io.pantograph.api.model.Qos;
import io.pantograph.api.model.Telemetry;
import io.pantograph.api.model.Values;
import io.pantograph.device.Fakes.Hub;
import io.pantograph.api.twin.Desired;
import io.pantograph.api.twin.DesiredResult;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.ManualClock;
import io.pantograph.testkit.PlainSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegisterTest {

    private static final DeviceId ONE = new DeviceId("plain", "one");

    private final ManualClock clock = new ManualClock();
    private final Fakes.MemoryOutbox outbox = new Fakes.MemoryOutbox();
    private final Fakes.RecordedTwins twins = new Fakes.RecordedTwins();
    private final Fakes.ScriptedSessions sessions = new Fakes.ScriptedSessions();
    private final Fakes.RecordedNews news = new Fakes.RecordedNews();
    private final Fakes.PlainDialect dialect = new Fakes.PlainDialect();
    private Register register = register(Map.of(), false);
    private GatewayFacade gateway = new GatewayFacade(register, "test");

    @BeforeEach
    void install() {
        comes(dialect);
    }

    private Register register(Map<String, String> settings, boolean hubExpected) {
        PlainSettings all = new PlainSettings(Path.of("."));
        settings.forEach(all::with);
        try {
            return new Register(new StandIn(all, () -> hubExpected), outbox, twins, sessions,
                    new Routes(Fakes.codecs()), Fakes.parking(clock, news), news, clock);
        } catch (SettingException e) {
            throw new AssertionError(e);
        }
    }

    private void anew(Map<String, String> settings, boolean hubExpected) {
        register = register(settings, hubExpected);
        gateway = new GatewayFacade(register, "test");
    }

    private void comes(Dialect one) {
        register.dialectCame(one, Map.of("pantograph.dialect.name", "plain"));
    }

    private static DeviceOptions options(String name) {
        return DeviceOptions.dialect("plain").with("name", name);
    }

    private static Telemetry said(String text) {
        return Telemetry.of("e", Content.of(text)).format("text");
    }

    // --- twins

    @Test
    void theTwinIsToldHowItsCloudSpeaks() {
        Device device = gateway.attach(ONE);
        device.report(Values.of("early", 1));
        Fakes.RecordedTwin twin = twins.twins.get(ONE);
        assertEquals(List.of("report - {early=1}"), twin.said, "as long as there is no configuration nobody knows");
        Device connected = gateway.connect(options("one"));
        device.report("c", Values.of("p", 2));
        device.outcome(new Command("1", ONE, "run", "text", Content.of(null), clock.instant()), "fine");
        device.became(new Desired(ONE, Optional.empty(), "a", 1, 1), DesiredResult.applied());
        assertEquals(2, Await.result(device.twin()).desiredVersion());
        connected.close();
        assertEquals(List.of("report - {early=1}", "speaks false", "report c {p=2}", "outcome run fine", "became a 200"), twin.said);
        for (CompletionStage<?> stage : List.of(connected.twin(), connected.report(Values.EMPTY), connected.report("c", Values.EMPTY))) {
            assertEquals(Reason.CLOSED, Await.failure(DeliveryException.class, stage).reason());
        }
        device.close();
        assertEquals("closed", twin.said.get(twin.said.size() - 1));
        gateway.connect(options("one"));
        assertNotSame(twin, twins.twins.get(ONE));
    }

    @Test
    void anOutcomeIsForTheDeviceThatWasAsked() {
        Device device = gateway.connect(options("one"));
        Command other = new Command("1", new DeviceId("plain", "two"), "run", "text", Content.of(null), clock.instant());
        assertThrows(IllegalArgumentException.class, () -> device.outcome(other, "fine"));
        Desired desired = new Desired(other.device(), Optional.empty(), "a", 1, 1);
        assertThrows(IllegalArgumentException.class, () -> device.became(desired, DesiredResult.applied()));
    }

    @Test
    void tellsWhetherAnythingIsOnItsWay() {
        Device device = gateway.connect(options("one"));
        assertEquals(SendStatus.IDLE, device.sendStatus());
        device.publish(said("hi"));
        assertEquals(SendStatus.BUSY, device.sendStatus());
        OutboxLane.Entry underWay = sessions.last().lane.poll();
        assertEquals(SendStatus.BUSY, device.sendStatus(), "it is not acknowledged yet");
        sessions.last().lane.acknowledge(underWay);
        assertEquals(SendStatus.IDLE, device.sendStatus());
    }

    // --- publishing

    @Test
    void publishesThroughCodecDialectAndLane() {
        Device device = gateway.connect(options("one"));
        assertEquals(ONE, device.id());
        CompletionStage<Void> sent = device.publish(said("hello"));
        assertFalse(sent.toCompletableFuture().isDone());
        assertEquals(List.of("e hello"), sessions.last().drain());
        Await.result(sent);
    }

    @Test
    void saysWhyItCannotBeDelivered() {
        Device device = gateway.connect(options("one"));
        assertEquals(Reason.NO_CODEC, reason(device.publish(said("x").format("morse"))));
        assertEquals(Reason.NOT_ENCODABLE, reason(device.publish(Telemetry.of("e", Content.of(null)).format("text"))));
        assertEquals(Reason.TOO_LARGE, reason(device.publish(said("12345678901"))));
        assertEquals(Reason.UNSUPPORTED, reason(device.publish(said("x").qos(Qos.EXACTLY_ONCE))));
        device.close();
        assertEquals(Reason.CLOSED, reason(device.publish(said("x"))));
        assertTrue(Await.failure(DeliveryException.class, device.publish(said("x"))).getMessage().contains("plain/one"));
    }

    @Test
    void carriesTheTimeToLive() {
        Device device = gateway.connect(options("one"));
        device.publish(said("x").timeToLive(Duration.ofSeconds(5)));
        device.publish(said("y").timeToLive(Duration.ofSeconds(Long.MAX_VALUE)));
        assertEquals(clock.instant().plusSeconds(5), sessions.last().lane.poll().reading().expiry().orElseThrow());
        assertTrue(sessions.last().lane.poll().reading().expiry().isEmpty(), "longer than time itself is for ever");
    }

    // --- attach and configurations

    @Test
    void whatIsPublishedBeforeTheConfigurationWaits() {
        Device device = gateway.attach(ONE);
        CompletionStage<Void> early = device.publish(said("early"));
        CompletionStage<Void> large = device.publish(said("larger than plain takes"));
        assertEquals(State.WAITING, device.status().state());
        assertTrue(device.status().detail().contains("no configuration"), device.status().detail());
        assertEquals(0, sessions.opened.size());

        register.configure("one.ini", options("one"));
        assertEquals(List.of("e early"), sessions.last().drain());
        Await.result(early);
        assertEquals(Reason.TOO_LARGE, reason(large), "what the cloud would drop the connection over is refused on its way out");
        assertFalse(device.connected().toCompletableFuture().isDone());
        sessions.last().first.complete(null);
        Await.result(device.connected());
        assertEquals(State.CONNECTED, device.status().state());
    }

    @Test
    void attachingTwiceGivesTheSameAndLettingGoClosesNothing() {
        register.configure("one.ini", options("one"));
        Device device = gateway.attach(ONE);
        assertSame(device, gateway.attach(ONE));
        GatewayFacade other = new GatewayFacade(register, "other");
        Device others = other.attach(ONE);
        assertNotSame(device, others);
        device.close();
        device.close();
        assertEquals(State.CLOSED, device.status().state());
        others.publish(said("still"));
        assertEquals(List.of("e still"), sessions.last().drain());
        other.close();
        assertEquals(1, sessions.open(), "the configuration keeps it");
        register.unconfigure("one.ini");
        assertEquals(0, sessions.open());
        assertTrue(outbox.lanes.get(ONE).closed);
        assertThrows(IllegalStateException.class, () -> other.attach(ONE));
    }

    @Test
    void aHeldDeviceOutlivesItsConfiguration() {
        register.configure("one.ini", options("one"));
        Device device = gateway.attach(ONE);
        sessions.last().first.complete(null);
        register.unconfigure("one.ini");
        assertEquals(State.WAITING, device.status().state());
        CompletionStage<Void> meanwhile = device.publish(said("kept"));
        register.configure("again.ini", options("one"));
        assertEquals(List.of("e kept"), sessions.last().drain());
        Await.result(meanwhile);
    }

    @Test
    void aChangedConfigurationMakesANewSessionAfterTheOldOne() {
        sessions.closeAtOnce = false;
        register.configure("one.ini", options("one").secret("token", "old"));
        Device device = gateway.attach(ONE);
        CompletionStage<Void> underWay = device.publish(said("a"));
        assertTrue(sessions.last().lane.poll() != null);
        device.publish(said("b"));
        register.configure("one.ini", options("one").secret("token", "old"));
        assertEquals(1, sessions.opened.size(), "nothing changed");

        sessions.last().first.completeExceptionally(new DeliveryException(Reason.REFUSED, "wrong token"));
        assertEquals(Reason.REFUSED, reason(device.connected()));
        register.configure("one.ini", options("one").secret("token", "new"));
        assertEquals(1, sessions.opened.size(), "two sessions of one device would throw each other out");
        assertTrue(sessions.last().closing);
        sessions.last().gone.complete(null);
        assertEquals(2, sessions.opened.size());
        assertEquals(List.of("e a", "e b"), sessions.last().drain(), "what was under way goes first again");
        Await.result(underWay);
        sessions.last().first.complete(null);
        Await.result(device.connected());
    }

    @Test
    void aWrongChangeLeavesWhatWasThere() {
        register.configure("one.ini", options("one"));
        register.configure("one.ini", options("one").with("hosst", "x"));
        assertEquals(1, sessions.open());
        register.configure("bad.ini", DeviceOptions.dialect("plain"));
        register.configure("two.ini", options("two"));
        assertEquals(2, sessions.open(), "the others go on");
    }

    @Test
    void ofTwoForOneDeviceTheFirstCountsUntilItGoes() {
        register.configure("a.ini", options("one").with("host", "a.example"));
        register.configure("b.ini", options("one").with("host", "b.example"));
        assertEquals("a.example", sessions.last().profile.endpoint().host());
        assertEquals(1, sessions.opened.size());
        register.unconfigure("a.ini");
        assertEquals("b.example", sessions.last().profile.endpoint().host());
        assertEquals(1, sessions.open());
    }

    @Test
    void aFileMayBecomeAnotherDevices() {
        register.configure("a.ini", options("one"));
        register.configure("a.ini", options("two"));
        assertEquals(1, sessions.open());
        assertEquals("two", sessions.last().profile.device().name());
        assertTrue(outbox.lanes.get(ONE).closed);
    }

    // --- connect

    @Test
    void connectTellsWhatIsWrongAtOnce() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> gateway.connect(DeviceOptions.dialect("plain")))
                .getMessage().contains("name is missing"));
        assertTrue(assertThrows(IllegalStateException.class, () -> gateway.connect(DeviceOptions.dialect("sms")))
                .getMessage().contains("dialect 'sms' is not installed (installed: plain)"));
        register.configure("one.ini", options("one"));
        assertTrue(assertThrows(IllegalStateException.class, () -> gateway.connect(options("one")))
                .getMessage().contains("by one.ini"));
        assertEquals(1, sessions.open());
    }

    @Test
    void whatABundleConnectedEndsWithIt() {
        sessions.closeAtOnce = false;
        Device one = gateway.connect(options("one"));
        gateway.connect(options("two"));
        CompletionStage<Void> left = one.publish(said("left"));
        CompletableFuture<Void> stopping = CompletableFuture.runAsync(gateway::close);
        Await.until("both are closing", () -> sessions.open() == 0);
        assertFalse(left.toCompletableFuture().isDone());
        sessions.opened.forEach(session -> session.gone.complete(null));
        Await.result(stopping);
        assertEquals(Reason.CLOSED, reason(left));
        assertEquals(Reason.CLOSED, reason(one.connected()));
        assertThrows(IllegalStateException.class, () -> gateway.connect(options("one")));
        assertEquals(ONE, new GatewayFacade(register, "next").connect(options("one")).id());
    }

    // --- dialects that come and go

    @Test
    void aDeviceWaitsForItsDialect() {
        anew(Map.of(), false);
        register.configure("one.ini", options("one"));
        Device device = gateway.attach(ONE);
        assertTrue(device.status().detail().contains("one.ini waits since dialect 'plain' is not installed (installed: none)"),
                device.status().detail());
        device.publish(said("early"));
        comes(dialect);
        assertEquals(List.of("e early"), sessions.last().drain());

        register.dialectWent(dialect);
        assertEquals(0, sessions.open());
        assertTrue(device.status().detail().contains("dialect 'plain' is not installed"), device.status().detail());
        device.publish(said("between"));
        comes(new Fakes.PlainDialect());
        assertEquals(List.of("e between"), sessions.last().drain());
        assertEquals(1, sessions.open());
    }

    @Test
    void aLeavingDialectIsNotSpokenAnyMore() {
        sessions.closeAtOnce = false;
        gateway.connect(options("one"));
        CompletableFuture<Void> leaving = CompletableFuture.runAsync(() -> register.dialectWent(dialect));
        Await.until("the session is closing", () -> sessions.last().closing);
        assertFalse(leaving.isDone(), "its bundle must not stop while a session may still call it");
        sessions.last().gone.complete(null);
        Await.result(leaving);
    }

    @Test
    void anotherDialectOfTheNameTakesOver() {
        Fakes.PlainDialect second = new Fakes.PlainDialect();
        comes(second);
        gateway.connect(options("one"));
        register.dialectWent(dialect);
        assertEquals(1, sessions.open());
        assertEquals(2, sessions.opened.size());
    }

    @Test
    void aBrokenDialectHarmsItsOwnDevicesOnly() {
        register.configure("one.ini", options("one"));
        dialect.broken = new IllegalStateException("planted");
        register.configure("two.ini", options("two"));
        assertThrows(IllegalArgumentException.class, () -> gateway.connect(options("three")));
        assertEquals(1, sessions.open());
    }

    // --- the stand-in

    @Test
    void aDeviceWithoutHostGoesToTheHubOfTheBox() {
        anew(Map.of(), true);
        comes(dialect);
        register.configure("one.ini", options("one"));
        register.configure("far.ini", options("far").with("host", "far.example"));
        Device device = gateway.attach(ONE);
        assertEquals(List.of("far"), names(), "one that names its host need not wait");
        assertEquals("the hub of this box does not listen yet", device.status().detail());

        register.hubListens(new Hub("localhost", 11883, 18883));
        assertEquals(List.of("far", "one"), names());
        assertEquals("tls://localhost:18883", sessions.last().profile.endpoint().toString());
        register.hubListens(new Hub("localhost", 11883, 18883));
        assertEquals(2, sessions.opened.size(), "a hub that comes back where it was changes nothing");
        register.hubListens(new Hub("localhost", 11883, 28883));
        assertEquals("tls://localhost:28883", sessions.last().profile.endpoint().toString());
        assertEquals(2, sessions.open());
    }

    // The service is named, so it is asked at once; but the hub that it assigns may be the stand-in, whose port is known only now.
    @Test
    void aDeviceThatIsAssignedHearsOfTheHubOfTheBox() {
        anew(Map.of(), true);
        comes(dialect);
        register.configure("one.ini", options("one").with("service", "service.example"));
        assertEquals(1, sessions.opened.size());
        register.hubListens(new Hub("localhost", 11883, 18883));
        assertEquals(2, sessions.opened.size());
        assertEquals(1, sessions.open());
        register.hubListens(new Hub("localhost", 11883, 18883));
        assertEquals(2, sessions.opened.size());
    }

    @Test
    void theOperatorsStandInWins() {
        anew(Map.of(StandIn.HOST, "hub.example", StandIn.PORT, "443"), true);
        comes(dialect);
        register.configure("one.ini", options("one"));
        assertEquals("tls://hub.example:443", sessions.last().profile.endpoint().toString());
        register.hubListens(new Hub("localhost", 11883, 18883));
        assertEquals(1, sessions.opened.size());
    }

    @Test
    void withoutAnyItGoesToTheCloud() {
        register.configure("one.ini", options("one"));
        assertEquals("tls://cloud.example:8883", sessions.last().profile.endpoint().toString());
    }

    @Test
    void theEndClosesEverything() {
        register.configure("one.ini", options("one"));
        Device held = gateway.attach(new DeviceId("plain", "never"));
        CompletionStage<Void> waiting = held.publish(said("x"));
        register.close();
        assertEquals(0, sessions.open());
        assertEquals(Reason.CLOSED, reason(waiting));
        assertTrue(outbox.lanes.values().stream().allMatch(lane -> lane.closed));
        gateway.close();
    }

    private List<String> names() {
        return sessions.opened.stream().map(session -> session.profile.device().name()).toList();
    }

    private static Reason reason(CompletionStage<?> failed) {
        return Await.failure(DeliveryException.class, failed).reason();
    }
}
