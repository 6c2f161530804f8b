package io.pantograph.hub.azure.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.hub.HubClient;
import io.pantograph.api.hub.Json;
import io.pantograph.api.model.Qos;
import io.pantograph.api.model.Values;
import io.pantograph.testkit.Await;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MethodsTest {

    private static final String POST = "$iothub/methods/POST/#";
    private static final Identity DEV1 = Identity.of("dev1");

    private final Room room = new Room();

    private HubClient listener() {
        HubClient device = room.enter("dev1", false);
        room.subscribe(device, POST, Qos.AT_LEAST_ONCE);
        return device;
    }

    private CompletableFuture<Values> call(Values request) {
        return room.entrance.methods().invoke(DEV1, request).toCompletableFuture();
    }

    private CompletableFuture<Values> call(long response, long connect) {
        return call(Values.of("methodName", "reboot", "responseTimeoutInSeconds", response, "connectTimeoutInSeconds", connect));
    }

    private AzureError error(CompletableFuture<Values> outcome) {
        room.work();
        assertTrue(outcome.isDone(), "still waiting");
        return Await.failure(AzureException.class, outcome).error();
    }

    private String rid() {
        String topic = room.front.last().topic();
        return topic.substring(topic.indexOf("$rid=") + 5);
    }

    private void answer(HubClient device, String rid, int status, String body) {
        room.publish(device, "$iothub/methods/res/" + status + "/?$rid=" + rid, body);
        room.work();
    }

    @ParameterizedTest
    @CsvSource(value = {"{\"delay\":5}|{\"done\":true}", "5|6.5", "\"text\"|\"answer\"", "null|null", "[1,null]|[]", "false|true"}, delimiter = '|')
    void carriesAnyJsonBothWays(String payload, String answer) throws Exception {
        HubClient device = listener();
        Json json = Room.JSON;
        CompletableFuture<Values> outcome = call(Values.of("methodName", "reboot", "payload", json.read(io.pantograph.api.model.Bytes.utf8(payload))));
        assertTrue(room.front.last().topic().startsWith("$iothub/methods/POST/reboot/?$rid="));
        assertEquals(payload, room.front.last().text());
        assertEquals(Qos.AT_LEAST_ONCE, room.front.last().qos());
        answer(device, rid(), 299, answer);
        Values result = Await.result(outcome);
        assertEquals(299, result.integer("status"));
        assertEquals(answer, json.write(result.get("payload")).text());
    }

    // Java and Node send null, a careful caller nothing: the device hears the same.
    @Test
    void saysNullForNoPayload() {
        HubClient device = listener();
        Map<String, Object> request = new HashMap<>();
        request.put("methodName", "component*reboot");
        request.put("payload", null);
        call(Values.of("methodName", "component*reboot"));
        call(Values.of(request));
        for (FakeTransport.Told told : room.front.told) {
            assertEquals("null", told.text());
            assertTrue(told.topic().startsWith("$iothub/methods/POST/component*reboot/?"));
        }
        CompletableFuture<Values> outcome = call(Values.of("methodName", "m"));
        answer(device, rid(), 200, "");
        assertNull(Await.result(outcome).get("payload"));
    }

    @Test
    void handsOnAnswersThatAreNoJsonAsText() {
        HubClient device = listener();
        CompletableFuture<Values> outcome = call(30, 0);
        answer(device, rid(), 200, "all right");
        assertEquals("all right", Await.result(outcome).get("payload"));
    }

    @Test
    void knowsWhoIsNotThere() {
        assertEquals(AzureError.DeviceNotOnline, error(call(30, 0)));
        room.enter("dev1", false);
        assertEquals(AzureError.DeviceNotOnline, error(call(30, 0)), "connected, but does not listen");
        assertEquals(AzureError.DeviceNotFound, error(room.entrance.methods().invoke(Identity.of("dev9"), Values.of("methodName", "m")).toCompletableFuture()));
        assertEquals(AzureError.ModuleNotFound, error(room.entrance.methods().invoke(Identity.of("dev1", "m"), Values.of("methodName", "m")).toCompletableFuture()));
    }

    @Test
    void waitsForADeviceToComeAndListen() {
        CompletableFuture<Values> outcome = call(30, 20);
        HubClient device = room.enter("dev1", false);
        room.pass(19);
        assertTrue(room.front.told.isEmpty());
        room.subscribe(device, POST, Qos.AT_MOST_ONCE);
        assertEquals(1, room.front.told.size());
        room.subscribe(device, POST, Qos.AT_MOST_ONCE);
        assertEquals(1, room.front.told.size(), "sent once only");
        room.pass(29);
        answer(device, rid(), 200, "1");
        assertEquals(200, Await.result(outcome).integer("status"));
        assertEquals(AzureError.DeviceNotOnline, error(gone()));
    }

    private CompletableFuture<Values> gone() {
        Room other = new Room();
        CompletableFuture<Values> outcome = other.entrance.methods().invoke(DEV1, Values.of("methodName", "m", "connectTimeoutInSeconds", 20)).toCompletableFuture();
        other.pass(19);
        assertTrue(!outcome.isDone());
        other.pass(2);
        return outcome;
    }

    // The device began to listen while the caller found that it did not: what limits the answer must stay.
    @Test
    void limitsTheAnswerOnceSent() {
        Call call = new Call(DEV1, "1", new MethodRequest("m", io.pantograph.api.model.Bytes.EMPTY, 30, 20));
        assertTrue(call.claim());
        CompletableFuture<Void> response = new CompletableFuture<>();
        CompletableFuture<Void> patience = new CompletableFuture<>();
        call.until(response);
        call.patience(patience);
        assertTrue(patience.isCancelled() && !response.isDone());
    }

    // A session of CleanSession 0 listens as soon as it is back.
    @Test
    void waitsForASessionToComeBack() {
        room.leave(listener());
        CompletableFuture<Values> outcome = call(30, 20);
        HubClient device = room.enter("dev1", false);
        answer(device, rid(), 200, "{}");
        assertEquals(200, Await.result(outcome).integer("status"));
    }

    @ParameterizedTest
    @CsvSource({"1,5", "5,5", "7,7", "300,300", "3600,300"})
    void bringsTheTimeToAnswerIntoBounds(long asked, long real) {
        listener();
        CompletableFuture<Values> outcome = call(asked, 0);
        room.pass(real - 1);
        assertTrue(!outcome.isDone());
        room.pass(2);
        assertEquals(AzureError.GatewayTimeout, error(outcome));
    }

    @Test
    void dropsLateAnswersAndThoseOfOthers() {
        HubClient device = listener();
        CompletableFuture<Values> late = call(5, 0);
        String rid = rid();
        room.pass(6);
        answer(device, rid, 200, "1");
        assertEquals(AzureError.GatewayTimeout, error(late));
        room.device("dev2");
        HubClient other = room.enter("dev2", false);
        CompletableFuture<Values> mine = call(5, 0);
        answer(other, rid(), 200, "\"forged\"");
        assertTrue(!mine.isDone());
        answer(device, rid(), 200, "\"true\"");
        assertEquals("true", Await.result(mine).get("payload"));
    }

    @Test
    void takesAnAnswerOverTheNextConnection() {
        HubClient device = listener();
        room.front.silent = true;
        CompletableFuture<Values> outcome = call(30, 0);
        String rid = rid();
        room.leave(device);
        HubClient again = room.enter("dev1", false);
        room.work();
        assertEquals(1, room.front.told.size(), "a call is not repeated");
        answer(again, rid, 200, "5");
        assertEquals(200, Await.result(outcome).integer("status"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "a+b", "#", "a b", "é", "$x"})
    void refusesNamesThatAreNone(String name) {
        listener();
        assertEquals(AzureError.ArgumentInvalid, error(call(Values.of("methodName", name))));
    }

    @Test
    void refusesWhatCannotBeACall() {
        listener();
        assertEquals(AzureError.ArgumentInvalid, error(call(Values.EMPTY)));
        assertEquals(AzureError.ArgumentInvalid, error(call(Values.of("methodName", "m", "responseTimeoutInSeconds", "soon"))));
        assertEquals(AzureError.MessageTooLarge, error(call(Values.of("methodName", "m", "payload", "x".repeat(131_071)))));
    }

    @Test
    void refusesAnswersThatAreTooLarge() {
        HubClient device = listener();
        CompletableFuture<Values> outcome = call(30, 0);
        answer(device, rid(), 200, '"' + "x".repeat(131_071) + '"');
        assertEquals(AzureError.MessageTooLarge, error(outcome));
    }

    @Test
    void letsOnlySoManyBeUnderWay() {
        HubClient device = listener();
        List<CompletableFuture<Values>> all = new ArrayList<>();
        for (int i = 0; i < Methods.MOST_IN_FLIGHT; i++) {
            all.add(call(30, 0));
        }
        assertEquals(AzureError.DeviceMaximumInflightMethodExceeded, error(call(30, 0)));
        answer(device, rid(), 200, "1");
        assertTrue(all.get(all.size() - 1).isDone());
        CompletableFuture<Values> next = call(30, 0);
        assertTrue(!next.isDone());
    }

    @Test
    void leavesNothingBehind() {
        HubClient device = listener();
        for (int i = 0; i < 100; i++) {
            CompletableFuture<Values> outcome = call(30, 10);
            answer(device, rid(), 200, "1");
            assertTrue(outcome.isDone());
        }
        assertEquals(1, room.clock.waiting(), "only the token's end");
    }

    @Test
    void tellsWhoWaitsThatTheHubStops() {
        listener();
        CompletableFuture<Values> outcome = call(30, 0);
        room.entrance.methods().close();
        assertEquals(AzureError.ServiceUnavailable, error(outcome));
    }
}
