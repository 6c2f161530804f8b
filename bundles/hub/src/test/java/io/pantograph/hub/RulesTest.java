package io.pantograph.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.hub.Departure;
import io.pantograph.api.hub.FilterVerdict;
import io.pantograph.api.hub.HubClient;
import io.pantograph.api.hub.LoginVerdict;
import io.pantograph.api.hub.LoginVerdict.Code;
import io.pantograph.api.hub.PublishVerdict;
import io.pantograph.api.hub.Remote;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Qos;
import io.pantograph.api.model.Secret;
import io.pantograph.api.model.Values;
import io.pantograph.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulesTest {

    private static final String EVENT = "iot-2/evt/status/fmt/json";

    @TempDir
    Path home;

    private Room room;

    @BeforeEach
    void open() throws Exception {
        room = new Room(home);
    }

    @AfterEach
    void close() {
        room.close();
    }

    private Values told(FakeTransport.Said said) {
        try {
            return (Values) room.json.read(said.payload());
        } catch (io.pantograph.api.codec.CodecException e) {
            throw new AssertionError(e);
        }
    }

    private PublishVerdict publish(HubClient client, String topic, String payload) {
        return room.rules.publish(client, topic, Bytes.utf8(payload), Qos.AT_LEAST_ONCE);
    }

    @ParameterizedTest(name = "{0} as {1} with the {2} token, {3}: {4}")
    @CsvSource(nullValues = "-", value = {
            "d:edge01:thermostat:t-1, use-token-auth, device, TLS, in",
            "d:edge01:thermostat:t-1, use-token-auth, device, PLAIN, in",
            "d:edge01:thermostat:t-1, use-token-auth, wrong, TLS, NOT_AUTHORIZED",
            "d:edge01:thermostat:t-1, use-token-auth, -, TLS, NOT_AUTHORIZED",
            "d:edge01:thermostat:t-1, use-token-auth, empty, TLS, NOT_AUTHORIZED",
            "d:edge01:thermostat:t-1, someone, device, TLS, NOT_AUTHORIZED",
            "d:edge01:thermostat:t-1, -, -, TLS, NOT_AUTHORIZED",
            "d:edge01:thermostat:t-1, use-token-auth, gateway, TLS, NOT_AUTHORIZED",
            "d:edge01:thermostat:t-9, use-token-auth, device, TLS, NOT_AUTHORIZED",
            "d:plant7:thermostat:t-1, use-token-auth, device, TLS, NOT_AUTHORIZED",
            "g:edge01:gw:g-1, use-token-auth, gateway, TLS, in",
            "g:edge01:gw:g-1, use-token-auth, device, TLS, NOT_AUTHORIZED",
            "d:edge01:gw:g-1, use-token-auth, gateway, TLS, NOT_AUTHORIZED",
            "g:edge01:thermostat:t-1, use-token-auth, device, TLS, NOT_AUTHORIZED",
            "a:edge01:app, KEY, api, TLS, in",
            "A:edge01:app, KEY, api, TLS, in",
            "A:edge01:app:one, KEY, api, TLS, in",
            "a:edge01:app, KEY, wrong, TLS, NOT_AUTHORIZED",
            "a:edge01:app, a-edge01-0000000000, api, TLS, NOT_AUTHORIZED",
            "a:edge01:app, -, -, TLS, NOT_AUTHORIZED",
            "a:plant7:app, KEY, api, TLS, NOT_AUTHORIZED",
            "d:quickstart:thermostat:anything, -, -, PLAIN, in",
            "d:quickstart:thermostat:anything, use-token-auth, -, PLAIN, in",
            "d:quickstart:thermostat:anything, nobody, wrong, PLAIN, in",
            "a:quickstart:app, -, -, PLAIN, in",
            "d:quickstart:thermostat:anything, -, -, TLS, NOT_AUTHORIZED",
            "g:quickstart:gw:g-1, -, -, PLAIN, BAD_CLIENT_ID",
            "A:quickstart:app, -, -, PLAIN, BAD_CLIENT_ID",
            "d:edge01:thermostat, use-token-auth, device, TLS, BAD_CLIENT_ID",
            "d:edge01:thermostat:t-1:more, use-token-auth, device, TLS, BAD_CLIENT_ID",
            "d:edge01:thermo+stat:t-1, use-token-auth, device, TLS, BAD_CLIENT_ID",
            "some-mqtt-client, -, -, PLAIN, BAD_CLIENT_ID",
            "'', -, -, PLAIN, BAD_CLIENT_ID",
    })
    void letsIn(String clientId, String user, String token, String port, String verdict) throws Exception {
        Map<String, Secret> secrets = Map.of("device", room.register("thermostat", "t-1", false), "gateway", room.register("gw", "g-1", true),
                "api", room.apiToken(), "wrong", Secret.of("wrong-wrong"), "empty", Secret.of(""));
        Remote remote = port.equals("TLS") ? Room.TLS : Room.PLAIN;
        LoginVerdict found = room.login(clientId, "KEY".equals(user) ? room.key() : user, token == null ? null : secrets.get(token), remote);
        if (verdict.equals("in")) {
            assertEquals(clientId, assertInstanceOf(LoginVerdict.Accepted.class, found).client().clientId());
        } else {
            LoginVerdict.Refused refused = assertInstanceOf(LoginVerdict.Refused.class, found);
            assertEquals(Code.valueOf(verdict), refused.code());
            secrets.values().stream().filter(secret -> !secret.isEmpty())
                    .forEach(secret -> assertTrue(!refused.reason().contains(secret.reveal()), "the reason holds a secret"));
        }
    }

    @Test
    void waitsForTheDialect() {
        Secret token = room.register("thermostat", "t-1", false);
        HubClient client = room.enter("d:edge01:thermostat:t-1", "use-token-auth", token);
        room.hub.removeDialect(room.dialect, Room.WATSON);
        LoginVerdict.Refused refused = assertInstanceOf(LoginVerdict.Refused.class,
                room.login("d:edge01:thermostat:t-1", "use-token-auth", token, Room.TLS));
        assertEquals(Code.UNAVAILABLE, refused.code());
        // Those who are connected do not notice that it is exchanged.
        assertInstanceOf(PublishVerdict.Route.class, publish(client, EVENT, "{}"));
    }

    @Test
    void routesWhatADeviceSays() {
        HubClient device = room.device("thermostat", "t-1");
        String inside = "iot-2/type/thermostat/id/t-1/evt/status/fmt/json";
        assertEquals(new PublishVerdict.Route(inside), publish(device, EVENT, "{}"));
        assertEquals(new FilterVerdict.Use("iot-2/type/thermostat/id/t-1/cmd/+/fmt/+", Qos.EXACTLY_ONCE),
                room.rules.filter(device, "iot-2/cmd/+/fmt/+", Qos.EXACTLY_ONCE));
        assertEquals("iot-2/cmd/reboot/fmt/json", room.rules.deliver(device, "iot-2/type/thermostat/id/t-1/cmd/reboot/fmt/json"));
        assertEquals(inside, room.rules.publish(device, EVENT, Bytes.utf8("{}"), Qos.AT_MOST_ONCE) instanceof PublishVerdict.Route route ? route.topic() : "");
    }

    @ParameterizedTest
    @CsvSource({
            "iot-2/type/thermostat/id/t-2/evt/status/fmt/json",
            "iot-2/cmd/reboot/fmt/json",
            "iot-2/evt/sta+tus/fmt/json",
            "iot-2/evt/#/fmt/json",
            "iot-2/evt//fmt/json",
            "$SYS/broker/uptime",
            "other/topic",
            "'iot-2/evt/st\u0000atus/fmt/json'",
            "iot-2/evt/st\u00e4tus/fmt/json",
    })
    void cutsADeviceThatSaysWhatIsNotItsOwn(String topic) {
        HubClient device = room.device("thermostat", "t-1");
        assertInstanceOf(PublishVerdict.Disconnect.class, publish(device, topic, "{}"));
    }

    @Test
    void refusesADeviceWhatOthersAreTold() {
        HubClient device = room.device("thermostat", "t-1");
        for (String filter : List.of("#", "iot-2/type/+/id/+/evt/+/fmt/+", "iot-2/type/thermostat/id/t-2/cmd/+/fmt/+", "iot-2/evt/+/fmt/+", "$SYS/#")) {
            assertInstanceOf(FilterVerdict.Refuse.class, room.rules.filter(device, filter, Qos.AT_LEAST_ONCE), filter);
        }
    }

    @Test
    void takesExactlyTheLimit() {
        HubClient device = room.device("thermostat", "t-1");
        assertInstanceOf(PublishVerdict.Route.class, publish(device, EVENT, "x".repeat(131_072)));
        assertInstanceOf(PublishVerdict.Disconnect.class, publish(device, EVENT, "x".repeat(131_073)));
        room.rules.disconnected(device, new Departure(Departure.Cause.RULE, "too large", 1, 2, 3, 4));
        Values gone = told(last("iot-2/type/thermostat/id/t-1/mon"));
        assertEquals(287, gone.integer("CloseCode"));
    }

    private FakeTransport.Said last(String topic) {
        List<FakeTransport.Said> all = room.transport.of(topic);
        return all.get(all.size() - 1);
    }

    @Test
    void tellsOfADevicesComingAndGoing() {
        String mon = "iot-2/type/thermostat/id/t-1/mon";
        HubClient device = room.device("thermostat", "t-1");
        Values came = told(last(mon));
        assertEquals(Values.builder().put("Action", "Connect").put("Time", "2026-01-01T00:00:00Z").put("ClientAddr", "192.0.2.7")
                .put("ClientID", "d:edge01:thermostat:t-1").put("Port", 1883).put("Secure", false).put("Protocol", "mqtt4")
                .put("User", "use-token-auth").build(), came);
        assertEquals("retain", last(mon).how());
        room.clock.advance(Duration.ofMinutes(1));
        room.rules.disconnected(device, new Departure(Departure.Cause.TIMEOUT, "", 1, 2, 3, 4));
        Values gone = told(last(mon));
        assertEquals("Disconnect", gone.text("Action"));
        assertEquals("2026-01-01T00:00:00Z", gone.text("ConnectTime"));
        assertEquals(160, gone.integer("CloseCode"));
        assertEquals(List.of(1L, 2L, 3L, 4L), List.of(gone.integer("ReadBytes"), gone.integer("ReadMsg"), gone.integer("WriteBytes"), gone.integer("WriteMsg")));
        assertEquals("retain", last(mon).how());
        assertEquals(2, room.journal.connectionLog(new DeviceId("thermostat", "t-1"), 10).size());
    }

    @ParameterizedTest
    @CsvSource({"CLIENT, 0", "NETWORK, 91", "TIMEOUT, 160", "TAKEN_OVER, 288", "RULE, 276", "TOO_LARGE, 287", "PROTOCOL, 105", "ADMIN, 94", "SHUTDOWN, 93"})
    void tellsWhyItWent(Departure.Cause cause, int code) {
        room.rules.disconnected(room.device("thermostat", "t-1"), new Departure(cause, "", 0, 0, 0, 0));
        Values gone = told(last("iot-2/type/thermostat/id/t-1/mon"));
        assertEquals(code, gone.containsKey("CloseCode") ? gone.integer("CloseCode") : 0);
        assertEquals(code != 0, gone.containsKey("Reason"));
    }

    // The front tells of the older one's end after the newer one came; read in that order nobody would be connected.
    @Test
    void tellsTheOlderOnesEndFirst() {
        String mon = "iot-2/type/thermostat/id/t-1/mon";
        Secret token = room.register("thermostat", "t-1", false);
        HubClient older = room.enter("d:edge01:thermostat:t-1", "use-token-auth", token);
        room.enter("d:edge01:thermostat:t-1", "use-token-auth", token);
        room.rules.disconnected(older, new Departure(Departure.Cause.TAKEN_OVER, "", 0, 0, 0, 0));
        assertEquals(List.of("Connect", "Disconnect", "Connect"), room.transport.of(mon).stream().map(said -> told(said).text("Action")).toList());
        assertEquals(288, told(room.transport.of(mon).get(1)).integer("CloseCode"));
    }

    // The messages that say who is connected outlive the hub; who says so must take them back.
    @Test
    void takesBackAfterACrashThatSomebodyIsConnected() throws Exception {
        HubClient gone = room.device("thermostat", "t-1");
        room.device("thermostat", "t-2");
        room.application("app");
        room.rules.disconnected(gone, new Departure(Departure.Cause.CLIENT, "", 0, 0, 0, 0));
        room.close(); // nobody has said goodbye
        room = new Room(home);
        Await.until("told", () -> room.transport.said.size() >= 2);
        assertEquals("Disconnect", told(last("iot-2/type/thermostat/id/t-2/mon")).text("Action"));
        assertEquals(93, told(last("iot-2/type/thermostat/id/t-2/mon")).integer("CloseCode"));
        assertTrue(last("iot-2/app/app/mon").payload().isEmpty());
        assertTrue(room.transport.of("iot-2/type/thermostat/id/t-1/mon").isEmpty());
        room.close();
        room = new Room(home);
        room.devices.types(1, Optional.empty()); // behind what was asked at the start
        assertEquals(List.of(), room.transport.said);
    }

    @Test
    void takesAnApplicationsPresenceAway() throws Exception {
        HubClient application = room.application("app");
        room.rules.disconnected(application, new Departure(Departure.Cause.CLIENT, "", 0, 0, 0, 0));
        List<FakeTransport.Said> told = room.transport.of("iot-2/app/app/mon");
        assertEquals(List.of("retain", "retain", "route"), told.stream().map(FakeTransport.Said::how).toList());
        assertTrue(told.get(1).payload().isEmpty());
        assertEquals("Disconnect", told(told.get(2)).text("Action"));
    }

    @Test
    void tellsOfARefusedLogin() {
        room.register("thermostat", "t-1", false);
        room.login("d:edge01:thermostat:t-1", "use-token-auth", Secret.of("not-the-token"), Room.TLS);
        FakeTransport.Said said = last("iot-2/type/thermostat/id/t-1/mon");
        assertEquals("route", said.how());
        assertEquals("FailedConnect", told(said).text("Action"));
        assertEquals(180, told(said).integer("CloseCode"));
        assertTrue(!said.payload().text().contains("not-the-token"));
        assertEquals(1, room.journal.connectionLog(new DeviceId("thermostat", "t-1"), 10).size());
    }

    @Test
    void givesEachMemberOfASharedApplicationItsOwnSession() throws Exception {
        HubClient one = room.enter("A:edge01:app", room.key(), room.apiToken());
        HubClient two = room.enter("A:edge01:app", room.key(), room.apiToken());
        assertNotEquals(one.session(), two.session());
        assertEquals(new FilterVerdict.Use("$share/app/iot-2/type/+/id/+/evt/+/fmt/+", Qos.AT_LEAST_ONCE),
                room.rules.filter(one, "iot-2/type/+/id/+/evt/+/fmt/+", Qos.AT_LEAST_ONCE));
        room.rules.disconnected(one, new Departure(Departure.Cause.CLIENT, "", 0, 0, 0, 0));
        assertEquals(List.of(one.session()), room.transport.forgotten);
        HubClient named = room.enter("A:edge01:app:one", room.key(), room.apiToken());
        assertEquals(named.clientId(), named.session());
    }

    @Test
    void servesQuickstartAtQosZeroAndKeepsNothing() {
        HubClient guest = room.enter("d:quickstart:thermostat:t-1", null, null);
        room.register("thermostat", "t-1", false);
        assertEquals(new PublishVerdict.Route("quickstart/iot-2/type/thermostat/id/t-1/evt/status/fmt/json"), publish(guest, EVENT, "{}"));
        assertEquals(List.of(), room.journal.last(new DeviceId("thermostat", "t-1")));
        HubClient reader = room.enter("a:quickstart:app", null, null);
        assertEquals(new FilterVerdict.Use("quickstart/iot-2/type/+/id/t-1/evt/+/fmt/+", Qos.AT_MOST_ONCE),
                room.rules.filter(reader, "iot-2/type/+/id/t-1/evt/+/fmt/+", Qos.EXACTLY_ONCE));
        assertTrue(room.transport.said.stream().noneMatch(said -> said.how().equals("retain")));
    }

    @Test
    void registersWhomAGatewaySpeaksFor() {
        HubClient gateway = room.gateway("gw", "g-1");
        room.devices.createType("meter", false, Values.EMPTY);
        String topic = "iot-2/type/meter/id/m-7/evt/status/fmt/json";
        for (int i = 0; i < 5; i++) {
            PublishVerdict verdict = publish(gateway, topic, "" + i);
            if (verdict instanceof PublishVerdict.Route) {
                room.transport.route(topic, Bytes.utf8("" + i), Qos.AT_LEAST_ONCE); // as the front would
            }
        }
        Await.until("all were routed", () -> room.transport.of(topic).size() == 5);
        assertEquals(List.of("0", "1", "2", "3", "4"), room.transport.of(topic).stream().map(said -> said.payload().text()).toList());
        DeviceId device = new DeviceId("meter", "m-7");
        assertEquals(Optional.of(new DeviceId("gw", "g-1")), room.devices.device(device).orElseThrow().behind());
        Await.until("the short way is open", () -> room.journal.newcomers().know(device));
        assertEquals(new PublishVerdict.Route(topic), publish(gateway, topic, "6"));
        assertEquals("6", room.journal.last(device, "status").orElseThrow().payload().text());
    }

    @Test
    void registersWhomAGatewaySubscribesFor() {
        HubClient gateway = room.gateway("gw", "g-1");
        room.devices.createType("meter", false, Values.EMPTY);
        String filter = "iot-2/type/meter/id/m-7/cmd/+/fmt/+";
        assertEquals(new FilterVerdict.Use(filter, Qos.AT_LEAST_ONCE), room.rules.filter(gateway, filter, Qos.AT_LEAST_ONCE));
        Await.until("registered", () -> room.devices.device(new DeviceId("meter", "m-7")).isPresent());
    }

    @Test
    void tellsAGatewayWhatWasNotDone() {
        HubClient gateway = room.gateway("gw", "g-1");
        String topic = "iot-2/type/unknown/id/m-7/evt/status/fmt/json";
        assertInstanceOf(PublishVerdict.Consumed.class, publish(gateway, topic, "{}"));
        String notify = "iot-2/type/gw/id/g-1/notify";
        Await.until("told", () -> !room.transport.of(notify).isEmpty());
        Values notice = told(last(notify));
        assertEquals("publish", notice.text("Request"));
        assertEquals("unknown", notice.text("Type"));
        assertEquals("m-7", notice.text("Id"));
        assertEquals(topic, notice.text("Topic"));
        // For a while it is not even tried; then it is, and the type may be there now.
        room.devices.createType("unknown", false, Values.EMPTY);
        publish(gateway, topic, "{}");
        assertEquals(1, room.transport.of(notify).size());
        room.clock.advance(Newcomers.REFUSED_FOR);
        publish(gateway, topic, "{}");
        Await.until("registered", () -> room.transport.of(topic).size() == 1);
    }

    @Test
    void endsTheConnectionOfADeletedDevice() {
        HubClient device = room.device("thermostat", "t-1");
        publish(device, EVENT, "{}");
        room.devices.deleteDevice(new DeviceId("thermostat", "t-1"));
        assertTrue(room.transport.forgotten.contains("d:edge01:thermostat:t-1"));
        room.rules.disconnected(device, new Departure(Departure.Cause.ADMIN, "", 0, 0, 0, 0));
        String mon = "iot-2/type/thermostat/id/t-1/mon";
        assertEquals("route", last(mon).how(), "who comes later hears nothing of it");
        assertTrue(room.transport.of(mon).stream().filter(said -> said.how().equals("retain")).reduce((one, two) -> two).orElseThrow().payload().isEmpty());
        publish(device, EVENT, "{}"); // it may speak until the front has dropped it
        assertEquals(List.of(), room.journal.last(new DeviceId("thermostat", "t-1")));
        assertEquals(List.of(), room.journal.connectionLog(new DeviceId("thermostat", "t-1"), 10));
    }

    @Test
    void forgetsAKnownNewcomerThatIsDeleted() {
        HubClient gateway = room.gateway("gw", "g-1");
        room.devices.createType("meter", false, Values.EMPTY);
        DeviceId device = new DeviceId("meter", "m-7");
        String topic = "iot-2/type/meter/id/m-7/evt/status/fmt/json";
        publish(gateway, topic, "{}");
        Await.until("known", () -> room.journal.newcomers().know(device));
        room.devices.deleteDevice(device);
        publish(gateway, topic, "{}");
        Await.until("registered again", () -> room.devices.device(device).isPresent());
    }
}
