package io.pantograph.hub.azure.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.azure.Credential;
import io.pantograph.api.azure.Credential.Kind;
import io.pantograph.api.azure.Event;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.hub.HttpAnswer;
import io.pantograph.api.model.Secret;
import io.pantograph.azure.Sas;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What devices do by HTTP: send, and ask where they belong. */
class DeviceDoorTest {

    private static final Secret KEY = Secret.of("MDEyMzQ1Njc4OWFiY2RlZg==");
    private static final Secret OTHER = Secret.of("ZmVkY2JhOTg3NjU0MzIxMA==");

    private final House house = new House();
    private final FakeEnrollments enrollments = new FakeEnrollments();

    @BeforeEach
    void enrol() {
        put("dev1", true);
        put("off", false);
        house.hub.credentials.put(Identity.of("dev1", "mod1"),
                new Credential(Identity.of("dev1", "mod1"), true, Kind.SAS, List.of(KEY), List.of(), "g2"));
        house.hub.credentials.put(Identity.of("cert"), new Credential(Identity.of("cert"), true, Kind.SELF_SIGNED, List.of(), List.of("AB"), "g3"));
        enrollments.credentials.put("reg1", List.of(credential("x", OTHER), credential("reg1", KEY)));
    }

    private void put(String device, boolean enabled) {
        house.hub.credentials.put(Identity.of(device), new Credential(Identity.of(device), enabled, Kind.SAS, List.of(OTHER, KEY), List.of(), "g1"));
    }

    private static Credential credential(String id, Secret key) {
        return new Credential(Identity.of(id), true, Kind.SAS, List.of(key), List.of(), "");
    }

    private String token(String resource, Secret key, int seconds, String policy) {
        return Sas.make(resource, key, house.clock.instant().plusSeconds(seconds), Optional.ofNullable(policy));
    }

    @Test
    void takesWhatADeviceSends() {
        HttpAnswer.Whole answer = house.ask("POST /devices/dev1/messages/events?api-version=2020-09-30 | Authorization: " + token("127.0.0.1/devices/dev1", KEY, 60, null)
                + " | iothub-messageid: m1 | iothub-contenttype: application/json | iothub-app-level: high | Content-Type: binary/octet-stream | {'t':1}");
        assertEquals(204, answer.status(), answer.body().text());
        Event event = house.log.read(0, 10).get(0);
        assertEquals(Identity.of("dev1"), event.from());
        assertEquals("Telemetry", event.source());
        assertEquals(Map.of("level", "high"), event.properties());
        assertEquals(Map.of("message-id", "m1", "content-type", "application/json", "iothub-connection-device-id", "dev1",
                "iothub-connection-auth-generation-id", "g1",
                "iothub-connection-auth-method", "{\"scope\":\"device\",\"type\":\"sas\",\"issuer\":\"iothub\",\"acceptingIpFilterRule\":null}"), event.system());
        assertEquals("{\"t\":1}", event.body().text());
    }

    @ParameterizedTest
    @CsvSource({
            // path, resource of the token, key, seconds left, policy, status
            "dev1, 127.0.0.1/devices/dev1, mine, 60, , 204",
            "dev1, the.name/devices/dev1, mine, 60, , 204",
            "dev1, other.name/devices/dev1, mine, 60, , 401",
            "dev1, 127.0.0.1/devices/dev10, mine, 60, , 401",
            "dev1, 127.0.0.1/devices/dev, mine, 60, , 401",
            "dev1, 127.0.0.1, mine, 60, , 204",
            "dev1, 127.0.0.1/devices/dev1, wrong, 60, , 401",
            "dev1, 127.0.0.1/devices/dev1, mine, 0, , 401",
            "dev1, 127.0.0.1/devices/dev1, mine, -1, , 401",
            "off, 127.0.0.1/devices/off, mine, 60, , 403",
            "off, 127.0.0.1/devices/off, wrong, 60, , 401",
            "nix, 127.0.0.1/devices/nix, mine, 60, , 401",
            "cert, 127.0.0.1/devices/cert, mine, 60, , 401",
            "dev1/modules/mod1, 127.0.0.1/devices/dev1/modules/mod1, mine, 60, , 204",
            "dev1/modules/mod1, 127.0.0.1/devices/dev1/modules/mod2, mine, 60, , 401",
            "dev1, 127.0.0.1, mine, 60, DeviceConnect, 204",
            "nix, 127.0.0.1, mine, 60, DeviceConnect, 404",
            "dev1, 127.0.0.1, mine, 60, ServiceConnect, 401"})
    void knowsDevices(String path, String resource, String key, int seconds, String policy, int status) {
        Secret wrong = Secret.of("d3Jvbmd3cm9uZ3dyb25nd3Jvbmc=");
        HttpAnswer.Whole answer = house.ask("POST /devices/" + path + "/messages/events | Host: the.name:8443 | Authorization: "
                + token(resource, key.equals("mine") ? KEY : wrong, seconds, policy) + " | x");
        assertEquals(status, answer.status(), answer.body().text());
        assertEquals(status == 204 ? 2 : 1, house.log.end());
    }

    @Test
    void boundsWhatItTakes() {
        String token = token("127.0.0.1/devices/dev1", KEY, 60, null);
        String begin = "POST /devices/dev1/messages/events | Authorization: " + token;
        assertEquals(413, house.ask(begin + " | x" + "y".repeat(256 * 1024)).status());
        assertEquals(204, house.ask(begin + " | x" + "y".repeat(256 * 1024 - 1)).status());
        assertEquals(413, house.ask(begin + " | iothub-app-a: b | x" + "y".repeat(256 * 1024 - 1)).status());
        assertEquals(501, house.ask(begin + " | Content-Type: application/vnd.microsoft.iothub.json | []").status());
        assertEquals(401, house.ask("POST /devices/dev1/messages/events | Authorization: - | x").status());
        assertEquals(401, house.ask("POST /devices/dev1/messages/events | Authorization: Bearer x | x").status());
        assertEquals(401, house.ask("POST /devices/dev1/messages/events | Authorization: SharedAccessSignature sr=%zz&sig=AA&se=9 | x").status());
    }

    // --- provisioning

    private HttpAnswer.Whole dps(String request) {
        return house.ask(request.replace("TOKEN", "Authorization: " + token("0ne00EDGE01/registrations/reg1", KEY, 60, "registration")));
    }

    @Test
    void registers() throws Exception {
        house.rest.addEnrollments(enrollments);
        assertTrue(house.rest.claims("0ne00EDGE01"));
        HttpAnswer.Whole begun = dps("PUT /0ne00EDGE01/registrations/reg1/register?api-version=2019-03-31 | TOKEN | {'registrationId':'reg1','payload':{'a':1}}");
        assertEquals(202, begun.status(), begun.body().text());
        assertEquals("1", begun.headers().get("Retry-After"));
        String operation = ((io.pantograph.api.model.Values) TestJson.JSON.read(begun.body())).text("operationId");
        HttpAnswer.Whole done = dps("GET /0ne00EDGE01/registrations/reg1/operations/" + operation + " | TOKEN");
        assertEquals("{'operationId':'" + operation + "','status':'assigned','registrationState':{'registrationId':'reg1','status':'assigned','payload':{'a':1}}}",
                done.body().text().replace('"', '\''));
        assertEquals(200, dps("POST /0ne00EDGE01/registrations/reg1 | TOKEN | {'registrationId':'reg1'}").status());
        assertEquals(200, house.ask("GET /registrations/reg1").status());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', value = {
            "PUT /0ne00EDGE01/registrations/reg2/register | TOKEN | {} ~ 401", "PUT /0ne00EDGE01/registrations/reg1/register | {} ~ 401",
            "PUT /0ne00OTHER/registrations/reg1/register | TOKEN | {} ~ 404", "PUT /0ne00EDGE01/registrations/reg1/register | TOKEN | {'registrationId':'x'} ~ 400",
            "PUT /0ne00EDGE01/registrations/reg1/register | TOKEN | x ~ 400", "GET /0ne00EDGE01/registrations/reg1/operations/none | TOKEN ~ 404",
            "POST /0ne00EDGE01/registrations/reg1 | TOKEN | {} ~ 404", "GET /0ne00EDGE01/registrations/reg1/register | TOKEN ~ 405",
            "GET /registrations/reg1 ~ 404", "GET /registrations/reg1 | Authorization: ServiceConnect ~ 401"})
    void refuses(String request, int status) {
        house.rest.addEnrollments(enrollments);
        assertEquals(status, dps(request).status());
    }

    @Test
    void keepsEnrolments() {
        house.rest.addEnrollments(enrollments);
        for (String path : List.of("/enrollments/", "/enrollmentGroups/")) {
            assertEquals(404, house.ask("GET " + path + "e1").status());
            assertEquals(412, house.ask("PUT " + path + "e1 | If-Match: * | {}").status());
            HttpAnswer.Whole kept = house.ask("PUT " + path + "e1 | {'etag':'x','attestation':{'type':'symmetricKey'}}");
            assertEquals(200, kept.status());
            assertEquals("\"x\"", kept.headers().get("ETag"));
            assertEquals(200, house.ask("GET " + path + "e1").status());
            assertEquals("{\"type\":\"symmetricKey\"}", house.ask("POST " + path + "e1/attestationmechanism").body().text());
            house.ask("PUT " + path + "e2 | {}");
            HttpAnswer.Whole page = house.ask("POST " + path + "query | x-ms-max-item-count: 1 | {'query':'SELECT  * FROM enrollments'}");
            assertTrue(page.body().text().contains("symmetricKey"), page.body().text());
            HttpAnswer.Whole next = house.ask("POST " + path + "query | x-ms-continuation: " + page.headers().get("x-ms-continuation") + " | {'query':'*'}");
            assertEquals("[{}]", next.body().text());
            assertTrue(!next.headers().containsKey("x-ms-continuation"));
            assertEquals(400, house.ask("POST " + path + "query | {'query':'SELECT x'}").status());
            assertEquals(401, house.ask("PUT " + path + "e3 | Authorization: RegistryRead | {}").status());
            assertEquals(204, house.ask("DELETE " + path + "e1").status());
            assertEquals(404, house.ask("DELETE " + path + "e1").status());
        }
    }

    @Test
    void doesWithoutWhatIsNotThere() {
        assertEquals(503, house.ask("GET /enrollments/e1").status());
        house.rest.removeMethods(house.hub);
        assertEquals(503, house.ask("POST /twins/dev1/methods | {'methodName':'m'}").status());
        house.rest.addEnrollments(enrollments);
        house.rest.removeEnrollments(enrollments);
        assertTrue(!house.rest.claims("0ne00EDGE01"));
    }
}
