package io.pantograph.hub.azure.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.azure.Credential;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.hub.FilterVerdict;
import io.pantograph.api.hub.HubClient;
import io.pantograph.api.hub.LoginVerdict;
import io.pantograph.api.hub.Publication;
import io.pantograph.api.hub.PublishVerdict;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import io.pantograph.api.model.Values;
import io.pantograph.azure.Sas;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProvisioningTest {

    private static final String USER = "0ne00TEST01/registrations/r1/api-version=2019-03-31&ClientVersion=test";
    private static final String RES = "$dps/registrations/res/#";
    private static final String PUT = "$dps/registrations/PUT/iotdps-register/?$rid=";
    private static final String GET = "$dps/registrations/GET/iotdps-get-operationstatus/?$rid=";

    private final Room room = new Room();

    @BeforeEach
    void enrol() {
        enrol("r1", true);
    }

    private void enrol(String id, boolean enabled) {
        Credential own = new Credential(Identity.of(id), enabled, Credential.Kind.SAS, List.of(Room.SECOND), List.of(), "");
        Credential derived = new Credential(Identity.of(id), enabled, Credential.Kind.SAS, List.of(Sas.derived(Room.KEY, id)), List.of(), "");
        room.enrollments.known.put(id, List.of(own, derived));
    }

    private HubClient enter(String id) {
        HubClient client = room.arrive(room.login(id, USER.replace("r1", id),
                room.token("0ne00TEST01/registrations/" + id, Sas.derived(Room.KEY, id), 60, "registration")));
        room.subscribe(client, RES, Qos.AT_LEAST_ONCE);
        return client;
    }

    private Values body() throws Exception {
        return (Values) Room.JSON.read(Bytes.utf8(room.front.last().text()));
    }

    // Node says registration, Python nothing, Java an empty skn.
    @Test
    void letsEveryClientIn() {
        String plain = room.token("0ne00TEST01/registrations/r1", Sas.derived(Room.KEY, "r1"), 60, null);
        for (String token : List.of(plain, plain + "&skn=", plain + "&skn=registration")) {
            LoginVerdict.Accepted in = assertInstanceOf(LoginVerdict.Accepted.class, room.login("r1", USER, token));
            assertTrue(!in.client().kept() && !in.client().resumed());
        }
        assertInstanceOf(LoginVerdict.Accepted.class, room.login("r1", USER, room.token("0ne00TEST01/registrations/r1", Room.SECOND, 60, null)));
    }

    @ParameterizedTest
    @CsvSource({
        "r1, r1, 0ne00TEST01/registrations/r2, registration, not for", "r1, r1, 0ne00TEST01/registrations/r1, device, of policy", "r1, r2, 0ne00TEST01/registrations/r2, registration, not signed",
        "r1, r3, 0ne00TEST01/registrations/r3, registration, not signed", "r1, r1, 0ne00OTHER/registrations/r1, registration, not for"})
    void refusesOthers(String key, String id, String resource, String policy, String because) {
        enrol("r2", true);
        LoginVerdict.Refused refused = assertInstanceOf(LoginVerdict.Refused.class,
                room.login(id, USER.replace("r1", id), room.token(resource, Sas.derived(Room.KEY, key), 60, policy)));
        assertEquals(LoginVerdict.Code.NOT_AUTHORIZED, refused.code());
        assertTrue(refused.reason().contains(because), refused.reason());
    }

    @Test
    void refusesAnotherScopeAndAnotherClientId() {
        String token = room.token("0ne00OTHER/registrations/r1", Sas.derived(Room.KEY, "r1"), 60, null);
        assertInstanceOf(LoginVerdict.Refused.class, room.login("r1", USER.replace("TEST01", "OTHER"), token));
        token = room.token("0ne00TEST01/registrations/r1", Sas.derived(Room.KEY, "r1"), 60, null);
        assertInstanceOf(LoginVerdict.Refused.class, room.login("r2", USER, token));
    }

    @ParameterizedTest
    @CsvSource(value = {"{\"registrationId\":\"r1\",\"payload\":null}|r1 nothing", "{\"registrationId\":\"r1\"}|r1 nothing",
        "{\"registrationId\":\"r1\",\"payload\":{\"modelId\":\"dtmi:a;1\"}}|r1 {modelId=dtmi:a;1}", "{\"registrationId\":\"r1\",\"payload\":\"{}\"}|r1 {}"}, delimiter = '|')
    void assigns(String request, String registered) throws Exception {
        HubClient client = enter("r1");
        assertInstanceOf(PublishVerdict.Consumed.class, room.publish(client, PUT + "abc", request));
        room.work();
        assertEquals("$dps/registrations/res/202/?$rid=abc&retry-after=1", room.front.last().topic());
        assertEquals("assigning", body().text("status"));
        String operation = body().text("operationId");
        room.publish(client, GET + "abd&operationId=" + operation, " ");
        room.work();
        assertEquals("$dps/registrations/res/200/?$rid=abd", room.front.last().topic());
        assertEquals("assigned", body().text("status"));
        assertEquals(operation, body().text("operationId"));
        assertEquals("127.0.0.1", body().values("registrationState").text("assignedHub"));
        assertEquals(List.of(registered), room.enrollments.registered);
    }

    @Test
    void tellsADisabledOneSo() throws Exception {
        enrol("off", false);
        HubClient client = enter("off");
        room.publish(client, PUT + "1", "{}");
        room.work();
        room.publish(client, GET + "2&operationId=" + body().text("operationId"), "");
        room.work();
        assertEquals("disabled", body().text("status"));
    }

    @Test
    void refusesInTheCloudsWords() throws Exception {
        HubClient client = enter("r1");
        room.publish(client, PUT + "1", "{\"registrationId\":\"r2\"}");
        room.work();
        assertEquals("$dps/registrations/res/401/?$rid=1", room.front.last().topic());
        assertEquals(401003, body().integer("errorCode"));
        room.publish(client, PUT + "2", "nonsense");
        room.work();
        assertEquals("$dps/registrations/res/400/?$rid=2", room.front.last().topic());
        room.publish(client, GET + "3&operationId=unknown", "");
        room.work();
        assertEquals("$dps/registrations/res/404/?$rid=3", room.front.last().topic());
        enrol("gone", true);
        HubClient gone = enter("gone");
        room.publish(gone, PUT + "4", "{}");
        room.work();
        assertEquals("$dps/registrations/res/404/?$rid=4", room.front.last().topic());
        for (int i = 0; i <= Lane.MOST; i++) {
            room.publish(client, PUT + 5, "{}");
        }
        assertEquals("$dps/registrations/res/429/?$rid=5&retry-after=1", room.front.last().topic());
    }

    @Test
    void tellsNobodyAnothersOutcome() throws Exception {
        enrol("r2", true);
        HubClient one = enter("r1");
        HubClient two = enter("r2");
        room.publish(one, PUT + "1", "{}");
        room.work();
        room.publish(two, GET + "2&operationId=" + body().text("operationId"), "");
        room.work();
        assertEquals("$dps/registrations/res/404/?$rid=2", room.front.last().topic());
    }

    @ParameterizedTest
    @ValueSource(strings = {"devices/r1/messages/events/", "$iothub/twin/GET/?$rid=1", "$dps/registrations/PUT/other/?$rid=1", "$dps/registrations/PUT/iotdps-register/?rid=1",
        "$dps/registrations/PUT/iotdps-register/?%zz=1"})
    void endsTheConnectionAtOtherTopics(String topic) {
        assertInstanceOf(PublishVerdict.Disconnect.class, room.publish(enter("r1"), topic, "{}"));
    }

    @Test
    void endsTheConnectionAtQos2AndOtherFilters() {
        HubClient client = enter("r1");
        assertInstanceOf(PublishVerdict.Disconnect.class, room.rules.publish(client, new Publication(PUT + 1, Bytes.utf8("{}"), Qos.EXACTLY_ONCE, false, false)));
        assertInstanceOf(FilterVerdict.Disconnect.class, room.rules.filter(client, "$iothub/twin/res/#", Qos.AT_LEAST_ONCE));
    }

    @Test
    void staysNoLongerThanItTakes() {
        HubClient client = enter("r1");
        room.pass(601);
        assertTrue(room.front.dropped.containsKey(client.session()));
    }
}
