package io.pantograph.hub.azure.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.hub.HttpAnswer;
import io.pantograph.api.model.Values;
import io.pantograph.testkit.Await;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestTest {

    private static final String V = "?api-version=2021-04-12";

    private final House house = new House();

    /** As the two official clients ask; what is kept is asked for with what they meant. */
    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', value = {
            // Node: makes a device with empty keys
            "PUT /devices/new1?api-version=2021-04-12 | {'deviceId':'new1','authentication':{'type':'sas','symmetricKey':{'primaryKey':'','secondaryKey':''}}}"
                    + " ~ 200 ~ create new1 {'deviceId':'new1','authentication':{'type':'sas','symmetricKey':{'primaryKey':'','secondaryKey':''}}}",
            // Java: its own keys, capitals, dates of long ago, nulls for all it knows and does not say
            "PUT /devices/new1?api-version=2021-04-12 | {'deviceId':'new1','generationId':'','status':'Enabled','statusReason':null,"
                    + "'statusUpdatedTime':'0001-12-30T00:00:00','capabilities':{'iotEdge':null},'scope':null,'parentScopes':[]}"
                    + " ~ 200 ~ create new1 {'deviceId':'new1','generationId':'','status':'Enabled','statusUpdatedTime':'0001-12-30T00:00:00','capabilities':{},'parentScopes':[]}",
            "PUT /devices/dev1?api-version=2021-04-12 | {} ~ 409 ~ create dev1 {}",
            "PUT /devices/dev1?api-version=2021-04-12 | If-Match: '*' | {'status':'disabled'} ~ 200 ~ update dev1 {'status':'disabled'} [*]",
            "PUT /devices/dev1?api-version=2021-04-12 | If-Match: * | {'status':'Disabled'} ~ 200 ~ update dev1 {'status':'Disabled'} [*]",
            "PUT /devices/dev1?api-version=2021-04-12 | If-Match: 'MQ==' | {} ~ 200 ~ update dev1 {} [MQ==]",
            "PUT /devices/dev1?api-version=2021-04-12 | If-Match: 'old' | {} ~ 412 ~ update dev1 {} [old]",
            "PUT /devices/nix?api-version=2021-04-12 | If-Match: * | {} ~ 404 ~ update nix {} [*]",
            "GET /devices/dev1?api-version=2021-04-12 ~ 200 ~ document dev1",
            "GET /devices/dev1 ~ 200 ~ document dev1",
            "GET /devices/dev1?api-version=2030-01-01 ~ 200 ~ document dev1",
            "GET /devices/nix ~ 404 ~ document nix",
            "GET /devices/a%3Db%2C ~ 404 ~ document a=b,",
            "GET /Devices/a%23b ~ 400 ~",
            "GET /devices/a%2 ~ 400 ~",
            "GET /devices/a%FFb ~ 400 ~",
            "DELETE /devices/dev1 | If-Match: '*' ~ 204 ~ delete dev1 [*]",
            "DELETE /devices/dev1 | If-Match: * ~ 204 ~ delete dev1 [*]",
            "DELETE /devices/dev1 ~ 204 ~ delete dev1 []",
            "DELETE /devices/dev1 | If-Match: 'x' ~ 412 ~ delete dev1 [x]",
            "GET /devices?top=3&api-version=2021-04-12 ~ 200 ~ devices 3",
            "GET /devices/?api-version=2021-04-12 ~ 200 ~ devices 1000",
            "GET /devices?top=5000 ~ 200 ~ devices 1000",
            "GET /devices?top=0 ~ 400 ~",
            "GET /devices?top=many ~ 400 ~",
            "POST /devices | [{'id':'a','importMode':'create'},{'id':'b','importMode':'delete'}] ~ 200 ~ bulk 2",
            "POST /devices | {'id':'a'} ~ 400 ~",
            "POST /devices | [1] ~ 400 ~",
            "GET /devices/dev1/modules ~ 200 ~ modules dev1",
            "GET /devices/dev1/modules/mod1 ~ 200 ~ document dev1/mod1",
            "GET /devices/dev1/modules/nix ~ 404 ~ document dev1/nix",
            "PUT /devices/dev1/modules/m2 | {'deviceId':'dev1','moduleId':'m2','managedBy':null} ~ 200 ~ create dev1/m2 {'deviceId':'dev1','moduleId':'m2'}",
            "PUT /devices/dev1/modules/mod1 | If-Match: * | {} ~ 200 ~ update dev1/mod1 {} [*]",
            "DELETE /devices/dev1/modules/mod1 | If-Match: * ~ 204 ~ delete dev1/mod1 [*]",
            "PUT /devices/dev1 | {'deviceId':'other'} ~ 400 ~",
            "PUT /devices/dev1/modules/m2 | {'deviceId':'dev1','moduleId':'m3'} ~ 400 ~",
            "GET /statistics/devices ~ 200 ~ statistics",
            "GET /statistics/service ~ 200 ~ statistics",
            "GET /twins/dev1 ~ 200 ~ twin dev1",
            "GET /twins/dev1/modules/mod1 ~ 200 ~ twin dev1/mod1",
            "GET /twins/nix ~ 404 ~ twin nix",
            "PATCH /twins/dev1 | If-Match: '*' | {'tags':{'a':null},'properties':{'desired':{'x':{'y':null},'z':1}}}"
                    + " ~ 200 ~ patch dev1 {'tags':{'a':null},'properties':{'desired':{'x':{'y':null},'z':1}}} [*]",
            // Java: a POST that means PATCH, every field written, null for "not told"
            "POST /twins/dev1?api-version=2021-04-12 | X-HTTP-Method-Override: PATCH | {'deviceId':'dev1','moduleId':null,'etag':null,'tags':{},'version':null,"
                    + "'properties':{'desired':{'a':1},'reported':null},'capabilities':null} ~ 200 ~ patch dev1 {'tags':{},'properties':{'desired':{'a':1}}} []",
            "POST /twins/dev1 | x-http-method-override: patch | {'tags':null,'properties':null} ~ 200 ~ patch dev1 {} []",
            "POST /twins/dev1/modules/mod1 | X-HTTP-Method-Override: PATCH | {'properties':{'desired':null}} ~ 200 ~ patch dev1/mod1 {} []",
            "POST /twins/dev1 | {} ~ 405 ~",
            "POST /twins/dev1 | X-HTTP-Method-Override: DELETE | {} ~ 405 ~",
            "PATCH /twins/dev1 | If-Match: 'x' | {} ~ 412 ~ patch dev1 {} [x]",
            "PATCH /twins/dev1 | {'tags':1} ~ 400 ~",
            "PATCH /twins/dev1 | {'properties':{'desired':[]}} ~ 400 ~",
            "PUT /twins/dev1 | If-Match: '*' | {'tags':{},'properties':{'desired':{'$version':3,'$metadata':{},'a':{'$x':1}},'reported':{'b':1}}}"
                    + " ~ 200 ~ replace dev1 {'tags':{},'properties':{'desired':{'a':{'$x':1}}}} [*]",
            "PUT /twins/dev1/modules/mod1 | {'tags':{'t':1}} ~ 200 ~ replace dev1/mod1 {'tags':{'t':1}} []",
            // both clients send a null for a payload that is not there
            "POST /twins/dev1/methods | {'methodName':'blink','responseTimeoutInSeconds':200,'connectTimeoutInSeconds':200,'payload':null}"
                    + " ~ 200 ~ invoke dev1 {'methodName':'blink','responseTimeoutInSeconds':200,'connectTimeoutInSeconds':200,'payload':null}",
            "POST /twins/dev1/modules/mod1/methods | {'methodName':'m'} ~ 200 ~ invoke dev1/mod1 {'methodName':'m'}",
            "GET /twins/dev1/methods ~ 405 ~",
            "POST /twins/dev1/methods | nonsense ~ 400 ~",
            "POST /twins/dev1/methods ~ 400 ~",
            "GET /devices/dev1/nothing ~ 404 ~",
            "GET /nothing ~ 404 ~",
            "POST /devices/dev1/messages/deviceBound | iothub-messageid: m1 | iothub-correlationid: c1 | iothub-userid: u1 | iothub-ack: Full"
                    + " | iothub-expiry: 2030-01-01T01:00:00+01:00 | iothub-contenttype: application/json | iothub-contentencoding: utf-8"
                    + " | iothub-app-p: a b | Content-Type: binary/octet-stream | {'x':1}"
                    + " ~ 204 ~ send dev1 {'absolute-expiry-time':'2030-01-01T00:00:00Z','content-encoding':'utf-8','content-type':'application/json',"
                    + "'correlation-id':'c1','iothub-ack':'full','message-id':'m1','to':'/devices/dev1/messages/deviceBound','user-id':'u1'} {'p':'a b'} {'x':1}",
            "POST /devices/dev1/messages/devicebound | Content-Type: text/plain | iothub-to: here | hallo"
                    + " ~ 204 ~ send dev1 {'content-type':'text/plain','to':'here'} {} hallo",
            "POST /devices/dev1/modules/mod1/messages/deviceBound | iothub-properties: Aa=%C3%A9&b&c= | iothub-app-d: 1 | x"
                    + " ~ 204 ~ send dev1/mod1 {'to':'/devices/dev1/modules/mod1/messages/deviceBound'} {'Aa':'é','b':'','c':''} x",
            "POST /devices/nix/messages/deviceBound | x ~ 404 ~ send nix {'to':'/devices/nix/messages/deviceBound'} {} x",
            "POST /devices/dev1/messages/deviceBound | iothub-ack: some ~ 400 ~",
            "POST /devices/dev1/messages/deviceBound | iothub-expiry: 3600 ~ 400 ~",
            "POST /devices/dev1/messages/deviceBound | iothub-properties: a=%zz ~ 400 ~",
            "DELETE /devices/dev1/commands ~ 200 ~ purge dev1",
            "GET /messages/serviceBound/feedback ~ 200 ~ feedback",
            "DELETE /messages/serviceBound/feedback/lock1 ~ 204 ~ settle lock1 true",
            "POST /messages/serviceBound/feedback/lock1/abandon ~ 204 ~ settle lock1 false",
            "DELETE /messages/serviceBound/feedback/old ~ 412 ~ settle old true",
            "PUT /jobs/v2/j1 | {} ~ 501 ~",
            "GET /jobs/v2/query ~ 501 ~",
            "POST /jobs/v2/j1/cancel ~ 501 ~",
            "PUT /configurations/c1 | {} ~ 501 ~",
            "POST /devices/dev1/applyConfigurationContent | {} ~ 501 ~",
            "GET /digitaltwins/dev1 ~ 501 ~",
            "POST /digitaltwins/dev1/components/c/commands/x ~ 501 ~",
    })
    void answers(String request, int status, String asked) {
        HttpAnswer.Whole answer = house.ask(request);
        assertEquals(status, answer.status(), answer.body().text());
        assertEquals(asked == null ? List.of() : List.of(asked), house.hub.asked);
        if (status == 204) {
            assertTrue(answer.body().isEmpty());
        } else {
            assertTrue(answer.headers().get("Content-Type").matches("application/json; charset=utf-8|application/vnd\\..*"));
        }
        assertEquals(status >= 400, answer.headers().containsKey("iothub-errorcode"));
    }

    @ParameterizedTest
    @CsvSource({
            "GET, /devices/dev1, RegistryRead", "GET, /devices, RegistryRead", "PUT, /devices/dev1, RegistryWrite", "DELETE, /devices/dev1, RegistryWrite",
            "POST, /devices, RegistryWrite", "GET, /devices/dev1/modules, RegistryRead", "PUT, /devices/dev1/modules/m, RegistryWrite",
            "GET, /statistics/devices, RegistryRead", "GET, /statistics/service, RegistryRead", "GET, /twins/dev1, ServiceConnect",
            "PATCH, /twins/dev1, ServiceConnect", "PUT, /twins/dev1, ServiceConnect", "POST, /twins/dev1/methods, ServiceConnect",
            "GET, /jobs/v2/x, ServiceConnect", "POST, /devices/dev1/messages/deviceBound, ServiceConnect",
            "DELETE, /devices/dev1/commands, ServiceConnect", "GET, /messages/serviceBound/feedback, ServiceConnect"})
    void asksForTheRight(String method, String path, String right) {
        HttpAnswer.Whole none = house.ask(method + ' ' + path + " | Authorization: -");
        assertEquals(401, none.status());
        assertEquals("IotHubUnauthorized", none.headers().get("iothub-errorcode"));
        assertEquals("SharedAccessSignature", none.headers().get("WWW-Authenticate"));
        String others = House.ALL.replace(right, "");
        HttpAnswer.Whole wrong = house.ask(method + ' ' + path + " | Authorization: " + others + " | {}");
        assertEquals("IotHubUnauthorizedAccess", wrong.headers().get("iothub-errorcode"));
        assertEquals(List.of(), house.hub.asked);
        assertFalse(house.ask(method + ' ' + path + " | Authorization: " + right + " | {}").status() == 401);
    }

    @Test
    void tellsWhatBecameOfMessages() {
        HttpAnswer.Whole answer = house.ask("GET /messages/serviceBound/feedback");
        assertEquals("\"lock1\"", answer.headers().get("ETag"));
        assertEquals("application/vnd.microsoft.iothub.feedback.json", answer.headers().get("Content-Type"));
        assertEquals("[{\"originalMessageId\":\"m1\"}]", answer.body().text());
        assertEquals(204, house.ask("GET /messages/serviceBound/feedback").status());
        assertEquals("made", house.ask("POST /devices/dev1/messages/deviceBound").headers().get("iothub-messageid"));
        assertTrue(house.ask("DELETE /devices/dev1/commands").body().text().contains("\"totalMessagesPurged\":4"));
    }

    // Node takes what stands between the first semicolon and the next; Java shows both members.
    @Test
    void refusesInTheCloudsForm() throws Exception {
        HttpAnswer.Whole answer = house.ask("GET /devices/nix" + V);
        Values body = (Values) TestJson.JSON.read(answer.body());
        assertEquals("ErrorCode:DeviceNotFound;device 'nix' is not registered, make it first", body.text("Message"));
        assertTrue(body.text("ExceptionMessage").matches("Tracking ID:[0-9a-f]{32}-TimeStamp:01/01/2026 00:00:00"), body.text("ExceptionMessage"));
        assertEquals("DeviceNotFound", answer.headers().get("iothub-errorcode"));
    }

    @Test
    void tellsTheTagInQuotes() {
        assertEquals("\"MQ==\"", house.ask("GET /twins/dev1").headers().get("ETag"));
        assertEquals("\"MA==\"", house.ask("PUT /devices/new1 | {}").headers().get("ETag"));
    }

    @Test
    void saysWhatIsWrongWithABody() {
        String said = house.ask("PUT /devices/d | {'a':1,'a':2}").body().text();
        assertTrue(said.contains("ErrorCode:ArgumentInvalid;the body is no JSON that this hub takes"), said);
        String huge = house.ask("PUT /devices/d | ['" + "x".repeat(600_000) + "']").body().text();
        assertTrue(huge.contains("ErrorCode:ArgumentInvalid"), huge);
    }

    @Test
    void tellsWhichMethodsThereAre() {
        assertEquals("DELETE, GET, PUT", house.ask("PATCH /devices/dev1").headers().get("Allow"));
    }

    // A thread of the HTTP server must not wait for a device that may take minutes.
    @Test
    void waitsForADeviceWithoutAThread() {
        house.hub.answer = new CompletableFuture<>();
        CompletionStage<HttpAnswer> answer = house.begin("POST /twins/dev1/methods | {'methodName':'m'}");
        assertFalse(answer.toCompletableFuture().isDone());
        house.hub.answer.complete(TestJson.values("{'status':404,'payload':null}"));
        HttpAnswer.Whole told = (HttpAnswer.Whole) Await.result(answer);
        assertEquals(200, told.status());
        assertEquals("{\"status\":404,\"payload\":null}", told.body().text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"DeviceNotOnline", "GatewayTimeout", "DeviceMaximumInflightMethodExceeded", "ThrottlingException"})
    void tellsWhyACallFailed(AzureError error) {
        house.hub.answer = CompletableFuture.failedFuture(new CompletionException(new AzureException(error, "so it is")));
        HttpAnswer.Whole answer = house.ask("POST /twins/dev1/methods | {'methodName':'m'}");
        assertEquals(error.status(), answer.status());
        assertEquals(error.name(), answer.headers().get("iothub-errorcode"));
    }

    @Test
    void keepsItsOwnFaultsToItself() {
        house.hub.broken = new IllegalStateException("the secret path /disk/hub.db is full");
        HttpAnswer.Whole answer = house.ask("GET /devices/dev1");
        assertEquals(500, answer.status());
        assertFalse(answer.body().text().contains("secret"), answer.body().text());
    }

    @Test
    void claimsItsOwnLevels() {
        assertTrue(house.rest.claims("devices"));
        assertTrue(house.rest.claims("digitaltwins"));
        assertFalse(house.rest.claims("api"));
        assertFalse(house.rest.claims(""));
    }
}
