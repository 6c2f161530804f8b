package io.pantograph.hub.azure.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.azure.Credential;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.hub.HubClient;
import io.pantograph.api.hub.LoginVerdict;
import io.pantograph.api.hub.LoginVerdict.Code;
import io.pantograph.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoginTest {

    private static final String USER = "hub.example/dev1/?api-version=2021-04-12";

    private final Room room = new Room();

    private void refused(Code code, LoginVerdict verdict, String because) {
        LoginVerdict.Refused refused = assertInstanceOf(LoginVerdict.Refused.class, verdict);
        assertEquals(code, refused.code());
        assertTrue(refused.reason().contains(because), refused.reason());
    }

    @ParameterizedTest
    @CsvSource({"hub.example/devices/dev1", "HUB.example/devices/dev1", "127.0.0.1/devices/dev1", "localhost/devices/dev1", "hub.example/devices", "hub.example"})
    void letsInWhoseTokenIsForIt(String resource) {
        assertInstanceOf(LoginVerdict.Accepted.class, room.login("dev1", USER, room.token(resource, Room.KEY, 60, null)));
        assertInstanceOf(LoginVerdict.Accepted.class, room.login("dev1", USER, room.token(resource, Room.SECOND, 60, null)));
    }

    // A client behind another name says that name twice, in the user name and in the token.
    @Test
    void acceptsTheNameTheClientUsed() {
        assertInstanceOf(LoginVerdict.Accepted.class,
                room.login("dev1", "box7.lan/dev1/?api-version=1", room.token("box7.lan/devices/dev1", Room.KEY, 60, null)));
        refused(Code.NOT_AUTHORIZED, room.login("dev1", "box7.lan/dev1/?api-version=1", room.token("box8.lan/devices/dev1", Room.KEY, 60, null)),
                "not for box7.lan/devices/dev1");
    }

    // What it says ends up in the log, which must not take it for a line of its own.
    @Test
    void repeatsNoControlCharacters() {
        refused(Code.NOT_AUTHORIZED, room.login("dev1", "x\n2026 INFO all is well/dev1/?api-version=1", room.token("box8.lan/devices/dev1", Room.KEY, 60, null)),
                "x\\u000a2026 INFO");
        String id = "r\nx";
        refused(Code.NOT_AUTHORIZED, room.login(id, "0ne00TEST01/registrations/" + id + "/api-version=1", room.token("0ne00TEST01/registrations/y", Room.KEY, 60, null)),
                "r\\u000ax");
    }

    @Test
    void endsWhoWasChangedWhileItLoggedIn() {
        LoginVerdict verdict = room.login("dev1", USER, room.token("hub.example/devices/dev1", Room.KEY, 60, null));
        room.known(new Credential(Identity.of("dev1"), false, Credential.Kind.SAS, List.of(Room.KEY), List.of(), "g1"));
        room.entrance.changes().ended(Identity.of("dev1"), false, "it was disabled");
        HubClient device = room.arrive(verdict);
        assertTrue(room.front.dropped.containsKey(device.session()));
        room.leave(device);
        assertEquals(List.of(), room.identities.seen);
    }

    @ParameterizedTest
    @CsvSource({"hub.example/devices/dev2", "hub.example/devices/dev", "hub.example/devices/dev1/modules/m", "other.example/devices/dev1"})
    void refusesTokensForOthers(String resource) {
        refused(Code.NOT_AUTHORIZED, room.login("dev1", USER, room.token(resource, Room.KEY, 60, null)), "its token is not for");
    }

    @Test
    void refusesWrongKeysUnknownDevicesAndOldTokens() {
        Secret wrong = Secret.of("d3Jvbmcta2V5LTAxMjM0NTY3ODlhYmNkZWZnaA==");
        refused(Code.NOT_AUTHORIZED, room.login("dev1", USER, room.token("hub.example/devices/dev1", wrong, 60, null)), "not signed");
        refused(Code.NOT_AUTHORIZED, room.login("dev9", USER.replace("dev1", "dev9"), room.token("hub.example/devices/dev9", Room.KEY, 60, null)), "not registered");
        refused(Code.NOT_AUTHORIZED, room.login("dev1", USER, room.token("hub.example/devices/dev1", Room.KEY, 0, null)), "expired");
        refused(Code.NOT_AUTHORIZED, room.login("dev1", USER, "secret"), "no token");
        refused(Code.NOT_AUTHORIZED, room.login("dev1", USER, null), "neither a token nor a certificate");
        refused(Code.NOT_AUTHORIZED, room.login("dev2", USER, room.token("hub.example/devices/dev1", Room.KEY, 60, null)), "not its client id");
        refused(Code.NOT_AUTHORIZED, room.login("a b", "h/a b/?api-version=1", "x"), "device id");
    }

    // Java sends the resource as it is, Node with %2F, the manual shows lower-case hexadecimal: each signs what it wrote.
    @ParameterizedTest
    @CsvSource({"127.0.0.1/devices/dev1", "127.0.0.1%2Fdevices%2Fdev1", "127.0.0.1%2fdevices%2fdev1"})
    void checksTheResourceAsItIsWritten(String written) throws Exception {
        long until = room.clock.instant().getEpochSecond() + 60;
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(Room.KEY.reveal()), "HmacSHA256"));
        String signature = Base64.getEncoder().encodeToString(mac.doFinal((written + '\n' + until).getBytes(StandardCharsets.UTF_8)));
        String token = "SharedAccessSignature sig=" + signature.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D") + "&se=" + until + "&sr=" + written;
        assertInstanceOf(LoginVerdict.Accepted.class, room.login("dev1", USER, token));
    }

    @Test
    void tellsADisabledDeviceSoOnceItHasProvenItself() {
        room.known(new Credential(Identity.of("dev1"), false, Credential.Kind.SAS, List.of(Room.KEY), List.of(), "g"));
        refused(Code.UNAVAILABLE, room.login("dev1", USER, room.token("hub.example/devices/dev1", Room.KEY, 60, null)), "disabled");
        refused(Code.NOT_AUTHORIZED, room.login("dev1", USER, room.token("hub.example/devices/dev1", Room.SECOND, 60, null)), "not signed");
    }

    @Test
    void letsAPolicyWithTheRightActForAnyDevice() {
        assertInstanceOf(LoginVerdict.Accepted.class, room.login("dev1", USER, room.token("hub.example/devices", FakeAccess.KEY, 60, "device")));
        refused(Code.NOT_AUTHORIZED, room.login("dev1", USER, room.token("hub.example", FakeAccess.KEY, 60, "service")), "DeviceConnect");
        refused(Code.NOT_AUTHORIZED, room.login("dev1", USER, room.token("hub.example", FakeAccess.KEY, 60, "nobody")), "does not exist");
        refused(Code.NOT_AUTHORIZED, room.login("dev1", USER, room.token("hub.example", Room.KEY, 60, "device")), "not signed");
    }

    @Test
    void letsModulesInWithTheirOwnKeys() {
        room.known(new Credential(Identity.of("dev1", "mod1"), true, Credential.Kind.SAS, List.of(FakeAccess.KEY), List.of(), "g"));
        String user = "hub.example/dev1/mod1/?api-version=2021-04-12";
        assertInstanceOf(LoginVerdict.Accepted.class, room.login("dev1/mod1", user, room.token("hub.example/devices/dev1/modules/mod1", FakeAccess.KEY, 60, null)));
        refused(Code.NOT_AUTHORIZED, room.login("dev1/mod1", user, room.token("hub.example/devices/dev1/modules/mod1", Room.KEY, 60, null)), "not signed");
        refused(Code.NOT_AUTHORIZED, room.login("dev1/mod1", user, room.token("hub.example/devices/dev1/modules/mod2", FakeAccess.KEY, 60, null)), "not for");
    }

    @Test
    void cutsAConnectionWhoseTokenHasExpired() {
        HubClient client = room.arrive(room.login("dev1", USER, room.token("hub.example/devices/dev1", Room.KEY, 60, null)));
        room.pass(59);
        assertTrue(room.front.dropped.isEmpty());
        room.pass(3);
        assertTrue(room.front.dropped.get(client.session()).contains("expired"));
    }

    @Test
    void leavesTheNewerConnectionAloneWhenTheOlderOnesTokenExpires() {
        HubClient older = room.arrive(room.login("dev1", USER, room.token("hub.example/devices/dev1", Room.KEY, 60, null)));
        room.arrive(room.login("dev1", USER, room.token("hub.example/devices/dev1", Room.KEY, 600, null)));
        room.pass(100);
        assertTrue(room.front.dropped.isEmpty(), "though nobody knows yet that the older is gone");
        room.rules.disconnected(older, new io.pantograph.api.hub.Departure(io.pantograph.api.hub.Departure.Cause.TAKEN_OVER, "", 0, 0, 0, 0));
        room.pass(100);
        assertTrue(room.front.dropped.isEmpty());
        assertEquals(List.of("dev1 here", "dev1 here"), room.identities.seen);
    }

    @Test
    void namesItsSessions() {
        HubClient client = room.enter("dev1", true);
        assertEquals("azure/dev1", client.session());
        assertTrue(!client.kept());
        assertEquals(Optional.of("dtmi:test;one;1"), room.twins.models.get(Identity.of("dev1")));
    }

    @Test
    void tellsWhoComesAndGoes() {
        HubClient client = room.enter("dev1", true);
        room.leave(client);
        assertEquals(List.of("dev1 here", "dev1 gone"), room.identities.seen);
        assertEquals(List.of("deviceConnected", "deviceDisconnected"),
                room.events.of("deviceConnectionStateEvents").stream().map(event -> event.properties().get("opType")).toList());
    }
}
