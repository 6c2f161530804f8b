package io.pantograph.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Secret;
import io.pantograph.api.model.Values;
import io.pantograph.api.service.MethodAnswer;
import io.pantograph.api.service.MethodCall;
import io.pantograph.api.service.OutboundMessage;
import io.pantograph.api.service.ServiceClient;
import io.pantograph.api.service.ServiceException;
import io.pantograph.api.service.ServiceOptions;
import io.pantograph.api.service.Target;
import io.pantograph.azure.Bag;
import io.pantograph.azure.Sas;
import io.pantograph.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The client against answers as the cloud gives them. */
class ClientTest {

    private static final Target DEVICE = Target.of("dev 1".replace(' ', '='));

    private FakeHub hub;
    private ServiceClient client;

    @BeforeEach
    void open() throws Exception {
        hub = new FakeHub();
        client = hub.client();
    }

    @AfterEach
    void close() throws Exception {
        hub.close();
    }

    private ServiceException refusal(CompletionStage<?> stage) {
        return Await.failure(ServiceException.class, stage);
    }

    @Test
    void makesADevice() {
        hub.answer(200, "{\"deviceId\":\"dev=1\",\"authentication\":{\"symmetricKey\":{\"primaryKey\":\"a\"}}}");
        Values made = Await.result(client.registry().create(DEVICE, Values.of("status", "disabled")));
        assertEquals("a", made.values("authentication").values("symmetricKey").text("primaryKey"));
        FakeHub.Asked asked = hub.asked(0);
        assertEquals("PUT", asked.method());
        assertEquals("/devices/dev%3D1", asked.path());
        assertEquals(Optional.of("api-version=2021-04-12"), asked.query());
        assertEquals("{\"deviceId\":\"dev=1\",\"status\":\"disabled\"}", asked.body());
        assertFalse(asked.headers().containsKey("if-match"), "a create with If-Match is an update");
    }

    @Test
    void theTokenIsOfThePolicyForTheHub() {
        hub.answer(200, "{}");
        Await.result(client.registry().statistics());
        Sas token = Sas.parse(hub.asked(0).headers().get("authorization"));
        assertTrue(token.signedBy(Secret.of(FakeHub.KEY)));
        assertEquals(Optional.of("service"), token.policy());
        assertEquals("127.0.0.1", token.resource());
        assertEquals(hub.clock.instant().plus(Duration.ofHours(1)), token.expiry());
    }

    @Test
    void theTokenIsRenewedAtFourFifthsOfItsLife() {
        hub.answer(200, "{}").answer(200, "{}").answer(200, "{}");
        Await.result(client.registry().statistics());
        hub.clock.advance(Duration.ofMinutes(47));
        Await.result(client.registry().statistics());
        hub.clock.advance(Duration.ofMinutes(1));
        Await.result(client.registry().statistics());
        List<String> tokens = hub.asked.stream().map(asked -> asked.headers().get("authorization")).toList();
        assertEquals(tokens.get(0), tokens.get(1));
        assertNotEquals(tokens.get(1), tokens.get(2));
    }

    @ParameterizedTest
    @CsvSource({"'', *", "*, *", "abc, '\"abc\"'", "'\"abc\"', '\"abc\"'"})
    void anUpdateNamesTheStateItIsFor(String tag, String expected) {
        hub.answer(200, "{}");
        Await.result(client.registry().update(DEVICE, Values.EMPTY, Optional.of(tag).filter(text -> !text.isEmpty())));
        assertEquals(expected, hub.asked(0).headers().get("if-match"));
    }

    @Test
    void modulesHaveTheirOwnPaths() {
        hub.answer(200, "{}").answer(200, "{}").answer(200, "{\"status\":1,\"payload\":null}").answer(204, "");
        Target module = Target.of("d", "m");
        Await.result(client.registry().find(module));
        Await.result(client.twins().find(module));
        Await.result(client.invoke(module, MethodCall.of("go")));
        Await.result(client.registry().delete(module, Optional.empty()));
        assertEquals(List.of("/devices/d/modules/m", "/twins/d/modules/m", "/twins/d/modules/m/methods", "/devices/d/modules/m"),
                hub.asked.stream().map(FakeHub.Asked::path).toList());
        assertEquals("*", hub.asked(3).headers().get("if-match"));
    }

    @Test
    void desiredPropertiesArePatched() {
        hub.answer(200, "{\"etag\":\"x\"}");
        Await.result(client.twins().desire(DEVICE, Values.of("name", "hall", "old", null)));
        assertEquals("PATCH", hub.asked(0).method());
        assertEquals("{\"properties\":{\"desired\":{\"name\":\"hall\",\"old\":null}}}", hub.asked(0).body());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"7|7", "null|null", "{\"a\":[1]}|{\"a\":[1]}"})
    void aMethodIsCalledAndItsAnswerIsAnyValue(String payload, String expected) {
        hub.answer(200, "{\"status\":202,\"payload\":" + payload + "}");
        MethodAnswer answer = Await.result(client.invoke(DEVICE, MethodCall.of("blink").with(5).within(Duration.ofSeconds(60)).waitingFor(Duration.ofSeconds(10))));
        assertEquals(202, answer.status());
        assertEquals("{\"methodName\":\"blink\",\"responseTimeoutInSeconds\":60,\"connectTimeoutInSeconds\":10,\"payload\":5}", hub.asked(0).body());
        assertEquals(expected, Json.body(Ask.of("X"), answer.payload().data()).body().get().text());
    }

    // The official client gives up after 24 s whatever the request says.
    @Test
    void aMethodMayTakeAsLongAsItSays() throws Exception {
        Wire wire = new Wire(java.net.URI.create("http://127.0.0.1:" + hub.port()), java.net.http.HttpClient.newHttpClient(),
                () -> "proof",
                Duration.ofMillis(300), hub.clock.scheduler(), System::nanoTime);
        hub.answer(exchange -> FakeHub.whole(200, "{}").to(late(exchange, 1000))).answer(exchange -> FakeHub.whole(200, "{}").to(late(exchange, 1000)));
        assertEquals(ServiceException.NO_ANSWER, refusal(wire.ask(Ask.of("GET", "x"))).error());
        Await.result(wire.ask(Ask.of("GET", "x").extra(Duration.ofSeconds(20))));
    }

    private static com.sun.net.httpserver.HttpExchange late(com.sun.net.httpserver.HttpExchange exchange, long millis) {
        try {
            Thread.sleep(millis); // the answer is to be late
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return exchange;
    }

    @Test
    void queriesLeafThroughTheirPages() {
        hub.answer(200, "[{\"deviceId\":\"a\"},{\"deviceId\":\"b\"}]", "x-ms-continuation", "page two", "x-ms-item-type", "twin")
                .answer(200, "[{\"deviceId\":\"c\"}]", "x-ms-item-type", "twin");
        List<String> found = new ArrayList<>();
        assertEquals(3, Await.result(client.queryAll("SELECT * FROM devices", each -> found.add(each.text("deviceId")))));
        assertEquals(List.of("a", "b", "c"), found);
        assertEquals("{\"query\":\"SELECT * FROM devices\"}", hub.asked(0).body());
        assertEquals("100", hub.asked(0).headers().get("x-ms-max-item-count"));
        assertFalse(hub.asked(0).headers().containsKey("x-ms-continuation"));
        assertEquals("page two", hub.asked(1).headers().get("x-ms-continuation"));
    }

    // A page of twins is far larger than a device's message may be.
    @Test
    void aPageMayBeLarge() {
        String twin = "{\"deviceId\":\"a\",\"text\":\"" + "x".repeat(100_000) + "\"}";
        hub.answer(200, "[" + String.join(",", java.util.Collections.nCopies(40, twin)) + "]");
        assertEquals(40, Await.result(client.query("SELECT * FROM devices", 100, Optional.empty())).found().size());
    }

    private static final OutboundMessage MESSAGE = OutboundMessage.of(Bytes.utf8("h\u00e9")).system("message-id", "m1").system("iothub-ack", "full")
            .property("Alarm", "fire now").living(Duration.ofMinutes(5));

    private Map<String, String> own(int number) {
        Map<String, String> own = new TreeMap<>(hub.asked(number).headers());
        own.keySet().removeIf(name -> !name.startsWith("iothub"));
        return own;
    }

    @Test
    void aMessageTravelsInHeadersAndBody() {
        hub.answer(204, "");
        Await.result(client.send(DEVICE, MESSAGE.property("\u00e9", "\n")));
        assertEquals("/devices/dev%3D1/messages/deviceBound", hub.asked(0).path());
        assertEquals("h\u00e9", hub.asked(0).body());
        assertEquals(Map.of("iothub-messageid", "m1", "iothub-ack", "full", "iothub-expiry", "2026-01-01T00:05:00Z"),
                new TreeMap<>(own(0)) {{ remove("iothub-properties"); }});
        assertEquals(Map.of("Alarm", "fire now", "\u00e9", "\n"), Bag.read(own(0).get("iothub-properties")));
    }

    @Test
    void inTheCloudEachPropertyIsAHeader() {
        ServiceClient there = hub.client("h.azure-devices.net", Duration.ofSeconds(30));
        hub.answer(204, "");
        Await.result(there.send(DEVICE, MESSAGE));
        assertEquals(Map.of("iothub-messageid", "m1", "iothub-ack", "full", "iothub-app-alarm", "fire now", "iothub-expiry", "2026-01-01T00:05:00Z"), own(0));
        assertThrows(IllegalArgumentException.class, () -> there.send(DEVICE, OutboundMessage.of("x").property("a", "one\ntwo")));
        assertThrows(IllegalArgumentException.class, () -> there.send(DEVICE, OutboundMessage.of("x").property("a b", "one")));
    }

    @Test
    void whatNoHeaderCanSayIsRefusedBeforeItIsSent() {
        assertThrows(IllegalArgumentException.class, () -> client.send(DEVICE, OutboundMessage.of("x").system("message-id", "one\ntwo")));
        assertThrows(IllegalArgumentException.class, () -> client.send(DEVICE, OutboundMessage.of("x").system("to", "me")));
        assertEquals(List.of(), hub.asked);
    }

    static final String BUSY = "{\"Message\":\"ErrorCode:ThrottlingException;too much\"}";

    @Test
    void aBusyHubIsAskedAgainWhenItSays() {
        hub.answer(429, BUSY, "Retry-After", "7").answer(503, "{}", "Retry-After", "2").answer(200, "{\"n\":1}");
        CompletionStage<Values> answer = client.registry().find(DEVICE);
        Await.until("a first pause", () -> hub.clock.waiting() == 1);
        hub.clock.advance(Duration.ofMillis(6_999));
        assertEquals(1, hub.asked.size());
        hub.clock.advance(Duration.ofMillis(1));
        Await.until("a second pause", () -> hub.clock.waiting() == 1);
        hub.clock.advance(Duration.ofSeconds(2));
        assertEquals(1, Await.result(answer).integer("n"));
    }

    @Test
    void aHubThatStaysBusyIsNotAskedForEver() {
        hub.answer(429, BUSY, "Retry-After", "20").answer(429, BUSY, "Retry-After", "20");
        CompletionStage<Values> answer = client.registry().find(DEVICE);
        Await.until("a pause", () -> hub.clock.waiting() == 1);
        hub.clock.advance(Duration.ofSeconds(20));
        ServiceException told = refusal(answer);
        assertEquals(429, told.status());
        assertEquals("ThrottlingException", told.error());
        assertEquals(2, hub.asked.size());
    }

    // The device may have moved already.
    @Test
    void aMethodIsNotCalledTwice() {
        hub.answer(503, "{}");
        assertEquals(503, refusal(client.invoke(DEVICE, MethodCall.of("go"))).status());
        assertEquals(1, hub.asked.size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "404|DeviceNotFound|{\"Message\":\"ErrorCode:DeviceNotFound;Device d is not there\",\"ExceptionMessage\":\"Tracking ID:1\"}|DeviceNotFound|Device d is not there",
            "404||{\"Message\":\"ErrorCode:DeviceNotOnline;Timed out\"}|DeviceNotOnline|Timed out; start the device, or wait for it with a connect timeout",
            "404|DeviceNotOnline|{\"Message\":\"{\\\"errorCode\\\":404103,\\\"message\\\":\\\"Timed out\\\"}\"}|DeviceNotOnline|Timed out; start the device, or wait for it with a connect timeout",
            "409|DeviceAlreadyExists|''|DeviceAlreadyExists|GET /devices/dev%3D1 was refused with 409",
            "502||<html>|Http502|GET /devices/dev%3D1 was refused with 502",
            "401||{\"Message\":\"ErrorCode:IotHubUnauthorized;Unauthorized\"}|IotHubUnauthorized|Unauthorized; check the key in the connection string, and this machine's clock"})
    void refusalsAreReadAsTheyCome(int status, String header, String body, String error, String message) {
        hub.answer(status, body, header == null ? new String[0] : new String[] {"iothub-errorcode", header});
        ServiceException told = refusal(client.registry().find(DEVICE));
        assertEquals(status, told.status());
        assertEquals(error, told.error());
        assertEquals(message, told.getMessage());
    }

    @Test
    void aBulkThatFailedTellsWhich() {
        String told = "{\"isSuccessful\":false,\"errors\":[{\"deviceId\":\"a\"}],\"warnings\":[]}";
        hub.answer(400, told).answer(400, "{\"Message\":\"ErrorCode:ArgumentInvalid;no\"}");
        assertFalse(Await.result(client.registry().bulk(List.of(Values.of("id", "a", "importMode", "create")))).flag("isSuccessful"));
        assertEquals("ArgumentInvalid", refusal(client.registry().bulk(List.of(Values.of("id", "a")))).error());
    }

    @ParameterizedTest
    @CsvSource({"[]", "7", "nonsense", "''"})
    void whatNoHubAnswersIsToldAsSuch(String body) {
        hub.answer(200, body);
        assertEquals(ServiceException.BAD_ANSWER, refusal(client.registry().find(DEVICE)).error());
    }

    @Test
    void whereNobodyListensIsNamed() {
        try (Clients clients = new Clients()) {
            ServiceException told = refusal(clients.open(ServiceOptions.of(FakeHub.LOGIN).port(1)).registry().statistics());
            assertEquals(ServiceException.NOT_REACHABLE, told.error());
            assertEquals(0, told.status());
            assertEquals("nothing listens at 127.0.0.1:1", told.getMessage());
        }
    }

    @Test
    void closingEndsWhatIsUnderWay() {
        hub.answer(429, BUSY, "Retry-After", "7");
        CompletionStage<Values> answer = client.registry().find(DEVICE);
        Await.until("a pause", () -> hub.clock.waiting() == 1);
        client.close();
        assertEquals(ServiceException.CLOSED, refusal(answer).error());
        assertEquals(ServiceException.CLOSED, refusal(client.registry().find(DEVICE)).error());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "HostName=h;DeviceId=d;SharedAccessKey=c2VjcmV0IGtleSBvZiB0ZXN0cyE=|of device 'd'",
            "HostName=h;SharedAccessKey=c2VjcmV0IGtleSBvZiB0ZXN0cyE=|SharedAccessKeyName is missing",
            "HostName=h|either SharedAccessKeyName",
            "HostName=h:x;SharedAccessKeyName=service;SharedAccessKey=c2VjcmV0IGtleSBvZiB0ZXN0cyE=|HostName 'h:x'",
            "SharedAccessKeyName=service;SharedAccessKey=c2VjcmV0IGtleSBvZiB0ZXN0cyE=|HostName is missing"})
    void aWrongConnectionStringIsNamedWithoutItsKey(String login, String expected) {
        try (Clients clients = new Clients()) {
            String told = assertThrows(IllegalArgumentException.class, () -> clients.open(ServiceOptions.of(login))).getMessage();
            assertTrue(told.contains(expected), told);
            assertFalse(told.contains("c2VjcmV0"), told);
        }
        assertFalse(ServiceOptions.of(login).toString().contains("c2VjcmV0"));
    }

    @Test
    void aFileOfAuthoritiesThatIsNotThereIsNamed() {
        try (Clients clients = new Clients()) {
            String told = assertThrows(IllegalArgumentException.class,
                    () -> clients.open(ServiceOptions.of(FakeHub.LOGIN).trusting(Path.of("no", "ca.pem")))).getMessage();
            assertTrue(told.contains(Path.of("no", "ca.pem").toString()), told);
        }
    }

    @Test
    void noThreadIsLeftBehind() throws Exception {
        try (Clients clients = new Clients()) {
            refusal(clients.open(ServiceOptions.of(FakeHub.LOGIN).port(hub.port()).timeout(Duration.ofSeconds(1)))
                    .registry().statistics()); // it speaks no TLS
        }
        Await.until("no thread of ours", () -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("pantograph-service")));
    }
}
