package io.pantograph.dialect.azure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.dialect.Defaults;
import io.pantograph.api.dialect.Inbound;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.dialect.Provisioning;
import io.pantograph.api.dialect.Provisioning.Request;
import io.pantograph.api.dialect.Provisioning.Step;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.DeviceStatus.Reason;
import io.pantograph.api.model.Qos;
import io.pantograph.api.model.Secret;
import io.pantograph.api.model.Values;
import io.pantograph.api.wire.ClientCertificate;
import io.pantograph.api.wire.Login;
import io.pantograph.api.wire.Subscription;
import io.pantograph.azure.Sas;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The conversation with the provisioning service, and what becomes of it. */
class DpsTest {

    private static final String RES = "$dps/registrations/res/";
    private static final String BY_KEY = "id-scope=0ne1,registration-id=reg-1,symmetric-key=" + Given.KEY;

    @Test
    void logsInAtTheService() throws Exception {
        Profile profile = profile(BY_KEY, Defaults.NONE);
        Provisioning dps = profile.provisioning().orElseThrow();
        assertEquals(new DeviceId("device", "reg-1"), profile.device());
        assertEquals("tls://global.azure-devices-provisioning.net:8883", dps.endpoint().toString());
        assertEquals(dps.endpoint(), profile.endpoint());
        assertEquals(List.of(new Subscription("$dps/registrations/res/#", Qos.AT_LEAST_ONCE)), dps.subscriptions());
        Login login = dps.login(Given.NOW);
        assertEquals("reg-1", login.clientId());
        assertEquals("0ne1/registrations/reg-1/api-version=2019-03-31&ClientVersion=pantograph", login.user().orElseThrow());
        assertTrue(login.cleanSession());
        assertEquals(Sas.make("0ne1/registrations/reg-1", Secret.of(Given.KEY), Given.NOW.plusSeconds(3600), Optional.of("registration")),
                login.password().orElseThrow().reveal());
        assertTrue(login.password().orElseThrow().reveal().startsWith("SharedAccessSignature sr=0ne1%2Fregistrations%2Freg-1&sig="));
        assertTrue(login.password().orElseThrow().reveal().endsWith("&se=1772370000&skn=registration"), login.password().orElseThrow().reveal());
        assertFalse(dps.key().contains(Given.KEY), dps.key());
    }

    // Else what a device reports at its start would be refused, since nobody knows its hub yet.
    @Test
    void saysBeforehandThatItsCloudHasTwins() {
        assertTrue(profile(BY_KEY, Defaults.NONE).twin().isPresent());
    }

    // With OpenSSL: echo -n reg-1 | openssl dgst -sha256 -mac HMAC -macopt key:0123456789abcdef -binary | base64
    @Test
    void aGroupsKeyBecomesTheDevicesOwn() throws Exception {
        Provisioning group = dps("id-scope=0ne1,registration-id=reg-1,group-key=" + Given.KEY);
        String token = group.login(Given.NOW).password().orElseThrow().reveal();
        assertTrue(Sas.parse(token).signedBy(Secret.of("sSIWwy/UG3UkHDf5YUvnCLjpXMN9AG6XF1H2xOLKYEY=")), token);
        Profile hub = group.assigned(Map.of("hub", "h.net", "device", "dev-7"));
        assertTrue(Sas.parse(hub.login(Given.NOW).password().orElseThrow().reveal()).signedBy(Secret.of("sSIWwy/UG3UkHDf5YUvnCLjpXMN9AG6XF1H2xOLKYEY=")));
    }

    @Test
    void aCertificateServesBoth() throws Exception {
        Profile profile = profile("id-scope=0ne1,registration-id=reg-1,x509-certificate=a.pem,x509-key=a.key", Defaults.NONE);
        Provisioning dps = profile.provisioning().orElseThrow();
        Optional<ClientCertificate> files = Optional.of(new ClientCertificate("a.pem", "a.key"));
        assertEquals(files, dps.certificate());
        assertEquals(Optional.empty(), dps.login(Given.NOW).password());
        Profile hub = dps.assigned(Map.of("hub", "h.net", "device", "dev-7"));
        assertEquals(files, hub.certificate());
        assertEquals(Optional.empty(), hub.login(Given.NOW).password());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            | {registrationId=reg-1}
            provisioning-payload=hello | {registrationId=reg-1, payload=hello}
            model-id=dtmi:com:example:Sensor;1 | {registrationId=reg-1, payload={modelId=dtmi:com:example:Sensor;1}}
            model-id=dtmi:com:example:Sensor;1,provisioning-payload=hello | {registrationId=reg-1, payload=hello}
            """)
    void registers(String more, String body) {
        Request request = dps(BY_KEY + (more == null ? "" : ',' + more)).register("r-1");
        assertEquals("$dps/registrations/PUT/iotdps-register/?$rid=r-1", request.topic());
        assertEquals(body, request.body().data().toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            202/?$rid=r-1&retry-after=5 | 5
            202/?retry-after=120&$rid=r-1 | 120
            202/?$rid=r-1 | 3
            202/?$rid=r-1&retry-after=0 | 1
            202/?$rid=r-1&retry-after=86400 | 120
            202/?$rid=r-1&retry-after=soon | 3
            200/?$rid=r-1&retry-after=7 | 7
            """)
    void asksUntilThereIsAHub(String topic, long pause) {
        Step.Ask ask = assertInstanceOf(Step.Ask.class, dps(BY_KEY).read(RES + topic, Content.of(Values.of("operationId", "4.ab cd", "status", "assigning"))));
        assertEquals(new Request("$dps/registrations/GET/iotdps-get-operationstatus/?$rid=r-1&operationId=4.ab%20cd", Content.of(null)), ask.next());
        assertEquals(Duration.ofSeconds(pause), ask.pause());
    }

    @Test
    void isAssigned() throws Exception {
        Provisioning dps = profile(BY_KEY + ",model-id=dtmi:com:example:Sensor;1,keep-alive-s=77", Defaults.NONE).provisioning().orElseThrow();
        Step.Assigned assigned = assertInstanceOf(Step.Assigned.class, dps.read(RES + "200/?$rid=r-1", state("assigned", "assignedHub", "h.net", "deviceId", "dev-7")));
        assertEquals(Map.of("hub", "h.net", "device", "dev-7"), assigned.assignment());
        Profile hub = dps.assigned(assigned.assignment());
        assertEquals(new DeviceId("Sensor", "reg-1"), hub.device()); // in the gateway it keeps the name under which it was set up
        assertEquals("tls://h.net:8883", hub.endpoint().toString());
        Login login = hub.login(Given.NOW);
        assertEquals("dev-7", login.clientId());
        assertEquals("h.net/dev-7/?api-version=2021-04-12&DeviceClientType=pantograph&model-id=dtmi%3Acom%3Aexample%3ASensor%3B1", login.user().orElseThrow());
        assertEquals(Duration.ofSeconds(77), login.keepAlive());
        assertTrue(Sas.parse(login.password().orElseThrow().reveal()).covers("h.net", "/devices/dev-7"));
        assertTrue(hub.frame(Given.json(Map.of())).topic().startsWith("devices/dev-7/messages/events/"));
        assertEquals(Optional.empty(), hub.provisioning());
        assertTrue(hub.twin().isPresent());
    }

    @Test
    void withoutADeviceIdItIsTheRegistration() {
        Step.Assigned assigned = assertInstanceOf(Step.Assigned.class, dps(BY_KEY).read(RES + "200/?$rid=r-1", state("assigned", "assignedHub", "h.net", "x", "y")));
        assertEquals(Map.of("hub", "h.net", "device", "reg-1"), assigned.assignment());
    }

    @ParameterizedTest(name = "{0} {1} {2} -> {3} {4}")
    @CsvSource(delimiter = '|', textBlock = """
            200 | disabled | | DEVICE_DISABLED | has disabled this registration |
            200 | unassigned | | HUB_UNAVAILABLE | to no hub | 9
            200 | failed | 401002 | BAD_CREDENTIAL | check id-scope, and the key or certificate | 9
            200 | failed | 404201 | BAD_CREDENTIAL | there is no enrollment for it | 9
            200 | failed | 403000 | DEVICE_DISABLED | (403000: told) | 9
            200 | failed | 400209 | BAD_CREDENTIAL | (400209: told) | 9
            200 | failed | 429001 | HUB_UNAVAILABLE | (429001: told) | 9
            200 | failed | 500000 | HUB_UNAVAILABLE | (500000: told) | 9
            200 | failed | oops | HUB_UNAVAILABLE | (oops: told) | 9
            200 | failed | | HUB_UNAVAILABLE | (no error code | 9
            200 | dancing | | HUB_UNAVAILABLE | answered 200 without a status that is known | 9
            202 | | | HUB_UNAVAILABLE | answered 202 without a status that is known | 9
            200 | assigned | | HUB_UNAVAILABLE | assigned something that is no hub | 9
            401 | | 401002 | BAD_CREDENTIAL | (401002: told); check id-scope | 9
            404 | | 404201 | BAD_CREDENTIAL | there is no enrollment | 9
            429 | | 429001 | HUB_UNAVAILABLE | (429001: told) | 9
            500 | | | HUB_UNAVAILABLE | (500 | 9
            """)
    void isRefused(int status, String word, String code, Reason reason, String detail, Long pause) {
        Values.Builder body = Values.builder().put("operationId", "op");
        if (word != null) {
            Values.Builder state = Values.builder();
            if (code != null) {
                state.put("errorCode", code.matches("\\d+") ? Integer.valueOf(code) : code).put("errorMessage", "told");
            }
            body.put("status", word).put("registrationState", state.build());
        } else if (code != null) {
            body.put("errorCode", Integer.valueOf(code)).put("message", "told").put("trackingId", "t");
        }
        Step.Refused refused = assertInstanceOf(Step.Refused.class, dps(BY_KEY).read(RES + status + "/?$rid=r-1&retry-after=9", Content.of(body.build())));
        assertEquals(reason, refused.reason());
        assertTrue(refused.detail().contains(detail), refused.detail());
        assertEquals(Optional.ofNullable(pause).map(Duration::ofSeconds), refused.pause());
    }

    // A service that answers with nothing, or something that is not JSON, is out of order, and so is one that assigns without an operation.
    @Test
    void aBodyMayBeMissing() {
        for (Content body : List.of(Content.of(null), Content.of("text"), Content.of(List.of()))) {
            assertEquals(Reason.HUB_UNAVAILABLE, assertInstanceOf(Step.Refused.class, dps(BY_KEY).read(RES + "200/?$rid=1", body)).reason());
            assertEquals(Reason.BAD_CREDENTIAL, assertInstanceOf(Step.Refused.class, dps(BY_KEY).read(RES + "401/?$rid=1", body)).reason());
        }
        assertInstanceOf(Step.Refused.class, dps(BY_KEY).read(RES + "202/?$rid=1", Content.of("status", "assigning")));
    }

    @Test
    void whatTheServiceSaysIsShownHarmless() {
        Values body = Values.of("errorCode", 401002, "message", "a\nb\u0000" + "x".repeat(500));
        String detail = assertInstanceOf(Step.Refused.class, dps(BY_KEY).read(RES + "401/?$rid=1", Content.of(body))).detail();
        assertTrue(detail.chars().allMatch(c -> c >= 0x20 && c < 0x7f) && detail.length() < 400, detail);
    }

    @ParameterizedTest
    @CsvSource({"''", "$dps/registrations/res/", "$dps/registrations/res/200", "$dps/registrations/res/200/?", "$dps/registrations/res/20/?$rid=1",
        "$dps/registrations/res/abc/?$rid=1", "$dps/registrations/res/200/?x=1", "$iothub/twin/res/200/?$rid=1"})
    void othersAreNotOfThisConversation(String topic) {
        assertEquals(new Step.Other(), dps(BY_KEY).read(topic, Content.of("status", "assigned")));
    }

    @ParameterizedTest(name = "{0} stand-in {1} -> {2}, {3}")
    @CsvSource(delimiter = '|', textBlock = """
            | false | tls://global.azure-devices-provisioning.net:8883 | tls://h.net:8883
            | true | tls://localhost:40883 | tls://h.net:8883
            transport=websocket | false | wss://global.azure-devices-provisioning.net:443/$iothub/websocket | wss://h.net:443/$iothub/websocket
            transport=websocket | true | wss://localhost:40883/$iothub/websocket | wss://h.net:443/$iothub/websocket
            provisioning-host=dps.example.org | true | tls://dps.example.org:8883 | tls://h.net:8883
            provisioning-host=127.0.0.1:7883 | true | tls://127.0.0.1:7883 | tls://h.net:8883
            gateway-host=edge:18883 | false | tls://global.azure-devices-provisioning.net:8883 | tls://edge:18883
            """)
    void findsTheServiceAndTheHub(String more, boolean standIn, String service, String hub) {
        Provisioning dps = profile(BY_KEY + (more == null ? "" : ',' + more), standIn ? Given.STAND_IN : Defaults.NONE).provisioning().orElseThrow();
        assertEquals(service, dps.endpoint().toString());
        assertEquals(hub, dps.assigned(Map.of("hub", "h.net", "device", "d")).endpoint().toString());
    }

    // The local hub's service assigns devices to the hub by the name 127.0.0.1.
    @Test
    void theStandInAssignsItself() {
        Provisioning dps = profile(BY_KEY, Given.STAND_IN).provisioning().orElseThrow();
        assertEquals("tls://127.0.0.1:40883", dps.assigned(Map.of("hub", "127.0.0.1", "device", "d")).endpoint().toString());
    }

    // What is kept over restarts may have been kept by another version, or written by hand.
    @Test
    void anAssignmentIsChecked() {
        for (Map<String, String> bad : List.of(Map.<String, String>of(), Map.of("hub", "h.net"), Map.of("device", "d"), Map.of("hub", "a/b", "device", "d"),
                Map.of("hub", "h.net", "device", "a/b"))) {
            assertThrows(IllegalArgumentException.class, () -> dps(BY_KEY).assigned(bad), bad.toString());
        }
    }

    @Test
    void theKeyTellsRegistrationsApart() {
        assertEquals("tls://global.azure-devices-provisioning.net:8883/0ne1/registrations/reg-1", dps(BY_KEY).key());
    }

    @Test
    void beforeThatItHasNoHub() throws Exception {
        Profile profile = profile(BY_KEY, Defaults.NONE);
        profile.check(Given.json(Map.of("a", "1")));
        assertInstanceOf(Inbound.Unreadable.class, profile.read("$iothub/methods/POST/a/?$rid=1", Bytes.EMPTY));
        assertThrows(IllegalStateException.class, () -> profile.frame(Given.json(Map.of())));
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '|', textBlock = """
            id-scope=0ne1 | registration-id is missing: the provisioning service needs
            registration-id=r | id-scope is missing
            symmetric-key=KEY | id-scope is missing
            id-scope=0ne1,registration-id=r | a key or certificate is missing
            id-scope=0ne1,registration-id=r,symmetric-key=KEY,group-key=KEY | symmetric-key, group-key cannot stand beside each other
            id-scope=0ne1,registration-id=r,symmetric-key=KEY,x509-certificate=a,x509-key=b | symmetric-key, x509-certificate cannot stand
            id-scope=0ne1,registration-id=r,x509-certificate=a | x509-key is missing
            id-scope=0ne1,registration-id=r,symmetric-key=s3cret | symmetric-key must be 16 to 64 bytes in base64
            id-scope=0ne1,registration-id=r,group-key=s3cret | group-key must be 16 to 64 bytes in base64
            id-scope=0ne1,registration-id=r,shared-access-key=KEY | shared-access-key is called symmetric-key or group-key
            id-scope=0ne1,registration-id=r,symmetric-key=KEY,host=h.net | host cannot stand beside id-scope and registration-id
            id-scope=0ne1,registration-id=r,symmetric-key=KEY,connection-string=s3cret | connection-string cannot stand beside id-scope
            id-scope=0ne1,registration-id=r,symmetric-key=KEY,module-id=m | module-id cannot stand beside
            id-scope=0/1,registration-id=r,symmetric-key=KEY | id-scope '0/1' must be
            id-scope=0ne1,registration-id=a/b,symmetric-key=KEY | registration-id 'a/b' must be
            id-scope=0ne1,registration-id=r,symmetric-key=KEY,provisioning-host=https://x | provisioning-host 'https://x' must
            """)
    void saysWhatIsWrong(String settings, String message) {
        String said = assertThrows(IllegalArgumentException.class, () -> profile(settings.replace("=KEY", '=' + Given.KEY), Defaults.NONE)).getMessage();
        assertTrue(said.contains(message), said);
        assertFalse(said.contains("s3cret") || said.contains(Given.KEY), said);
    }

    private static Content state(String status, String name1, String value1, String name2, String value2) {
        return Content.of(Values.of("operationId", "op", "status", status, "registrationState", Values.of(name1, value1, name2, value2, "status", status)));
    }

    private static Provisioning dps(String settings) {
        return profile(settings, Defaults.NONE).provisioning().orElseThrow();
    }

    private static Profile profile(String settings, Defaults defaults) {
        return new AzureDialect().profile(Given.settings(settings), defaults);
    }
}
