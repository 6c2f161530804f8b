package io.pantograph.hub.azure.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.azure.Identity;
import io.pantograph.api.hub.HubClient;
import io.pantograph.api.hub.PublishVerdict;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import io.pantograph.api.model.Values;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TwinTrafficTest {

    private static final String RES = "$iothub/twin/res/#";
    private static final String DESIRED = "$iothub/twin/PATCH/properties/desired/#";
    private static final String PATCH = "$iothub/twin/PATCH/properties/reported/?$rid=";

    private final Room room = new Room();
    private final HubClient device = room.enter("dev1", true);

    // Clients use UUIDs, small numbers, and whatever else; they look for it as they wrote it.
    @ParameterizedTest
    @ValueSource(strings = {"1", "6f1d3d0e-7d7b-4b0e-9a57-2f0f4cf6ed01", "a%20b", "a+b%2Fc"})
    void answersReadsWithTheRequestAsWritten(String rid) {
        room.subscribe(device, RES, Qos.AT_LEAST_ONCE);
        assertInstanceOf(PublishVerdict.Consumed.class, room.publish(device, "$iothub/twin/GET/?$rid=" + rid, " "));
        assertTrue(room.front.told.isEmpty(), "the front must not wait for the twin");
        room.work();
        FakeTransport.Told told = room.front.last();
        assertEquals("azure/dev1", told.session());
        assertEquals("$iothub/twin/res/200/?$rid=" + rid, told.topic());
        assertEquals("{\"desired\":{\"$version\":4},\"reported\":{\"$version\":1}}", told.text());
        assertEquals(Qos.AT_LEAST_ONCE, told.qos());
    }

    @Test
    void refusesWhatItCouldNotRepeat() {
        String longest = "\u20ac".repeat(16_384);
        room.subscribe(device, RES, Qos.AT_LEAST_ONCE);
        assertInstanceOf(PublishVerdict.Consumed.class, room.publish(device, "$iothub/twin/GET/?$rid=" + longest, ""));
        room.work();
        assertEquals("$iothub/twin/res/200/?$rid=" + longest, room.front.last().topic());
        PublishVerdict.Disconnect verdict = assertInstanceOf(PublishVerdict.Disconnect.class,
                room.publish(device, "$iothub/twin/GET/?$rid=" + longest + "x", ""));
        assertTrue(verdict.reason().contains("$rid has 16385 characters"), verdict.reason());
    }

    @Test
    void holdsNotMoreThanItMust() {
        room.subscribe(device, RES, Qos.AT_LEAST_ONCE);
        String large = "{\"a\":\"" + "x".repeat(120_000) + "\"}";
        for (int i = 0; i < 9; i++) {
            room.publish(device, PATCH + i, large);
        }
        assertEquals(List.of("$iothub/twin/res/429/?$rid=8"), room.front.told.stream().map(FakeTransport.Told::topic).toList());
        room.work();
        room.publish(device, PATCH + 9, large);
        room.work();
        assertEquals(10, room.front.told.size());
        assertTrue(room.front.last().topic().startsWith("$iothub/twin/res/204/?$rid=9"));
    }

    // Otherwise it would hold old properties for the newest, and never ask.
    @Test
    void cutsOffWhoDoesNotTakeChanges() {
        room.subscribe(device, DESIRED, Qos.AT_LEAST_ONCE);
        room.front.present.clear();
        room.entrance.changes().desired(Identity.of("dev1"), Values.of("a", 1), 5);
        assertTrue(room.front.dropped.containsKey("azure/dev1"));
    }

    @Test
    void answersAtTheQosAskedFor() {
        room.subscribe(device, RES, Qos.AT_MOST_ONCE);
        room.publish(device, "$iothub/twin/GET/?%24rid=1", "");
        room.work();
        assertEquals(Qos.AT_MOST_ONCE, room.front.last().qos());
    }

    @Test
    void answersNobodyWhoDidNotSubscribe() {
        room.publish(device, "$iothub/twin/GET/?$rid=1", "");
        room.work();
        assertTrue(room.front.told.isEmpty());
    }

    @Test
    void takesReports() {
        room.subscribe(device, RES, Qos.AT_LEAST_ONCE);
        room.publish(device, PATCH + "7", "{\"a\":{\"b\":1},\"c\":null}");
        room.publish(device, PATCH + "8&$version=2", "{\"d\":2}");
        room.publish(device, PATCH + "9&$version=2", "{\"d\":3}");
        room.work();
        assertEquals(List.of("$iothub/twin/res/204/?$rid=7&$version=2", "$iothub/twin/res/204/?$rid=8&$version=3", "$iothub/twin/res/412/?$rid=9"),
                room.front.told.stream().map(FakeTransport.Told::topic).toList());
        assertEquals("", room.front.told.get(0).text());
        assertEquals(2, room.twins.reports.size());
    }

    @ParameterizedTest
    @CsvSource(value = {"|400|400006", "[1]|400|400006", "{|400|400006", "{\"a\":1,\"a\":2}|400|400006", "{\"fault\":1}|500|500001"}, delimiter = '|')
    void refusesWhatIsNoReport(String body, int status, int code) throws Exception {
        room.subscribe(device, RES, Qos.AT_LEAST_ONCE);
        room.publish(device, PATCH + 1, body == null ? "" : body);
        room.work();
        assertEquals("$iothub/twin/res/" + status + "/?$rid=1", room.front.last().topic());
        Values problem = (Values) Room.JSON.read(Bytes.utf8(room.front.last().text()));
        assertEquals(code, problem.integer("errorCode"));
        assertTrue(!problem.text("message").isEmpty());
    }

    // A device that reports faster than the disk can write is told so; nothing piles up.
    @Test
    void servesOnlySoManyAtATime() {
        room.subscribe(device, RES, Qos.AT_LEAST_ONCE);
        for (int i = 0; i < Lane.MOST + 5; i++) {
            room.publish(device, PATCH + i, "{\"n\":" + i + '}');
        }
        assertEquals(5, room.front.told.stream().filter(told -> told.topic().startsWith("$iothub/twin/res/429/")).count());
        room.work();
        assertEquals(Lane.MOST, room.twins.reports.size());
        for (int i = 0; i < Lane.MOST; i++) {
            assertEquals(i, room.twins.reports.get(i).integer("n"));
        }
    }

    @Test
    void tellsDesiredChangesWithTheVersionTwice() {
        room.subscribe(device, DESIRED, Qos.AT_MOST_ONCE);
        Map<String, Object> patch = new HashMap<>();
        patch.put("gone", null);
        room.entrance.changes().desired(Identity.of("dev1"), Values.of(patch), 5);
        room.entrance.changes().desired(Identity.of("dev1"), Values.of("b", 1), 6);
        assertEquals(Arrays.asList("$iothub/twin/PATCH/properties/desired/?$version=5 {\"gone\":null,\"$version\":5}",
                "$iothub/twin/PATCH/properties/desired/?$version=6 {\"b\":1,\"$version\":6}"),
                room.front.told.stream().map(told -> told.topic() + ' ' + told.text()).toList());
    }

    @Test
    void keepsDesiredChangesForNobody() {
        room.entrance.changes().desired(Identity.of("dev1"), Values.of("a", 1), 5);
        room.subscribe(device, DESIRED, Qos.AT_MOST_ONCE);
        room.leave(device);
        room.entrance.changes().desired(Identity.of("dev1"), Values.of("a", 2), 6);
        room.enter("dev1", false);
        room.work();
        assertTrue(room.front.told.isEmpty());
    }

    // CleanSession 0: what was subscribed is so again, also when the hub was restarted meanwhile.
    @Test
    void remembersSubscriptionsOfSessions() {
        room.leave(device);
        HubClient first = room.enter("dev1", false);
        assertTrue(!first.resumed());
        room.subscribe(first, DESIRED, Qos.AT_LEAST_ONCE);
        room.subscribe(first, RES, Qos.AT_MOST_ONCE);
        room.rules.unsubscribed(first, RES);
        Room restarted = new Room(room.database);
        HubClient second = restarted.enter("dev1", false);
        assertTrue(second.resumed());
        restarted.entrance.changes().desired(Identity.of("dev1"), Values.of("a", 1), 5);
        assertEquals(Qos.AT_LEAST_ONCE, restarted.front.last().qos());
        restarted.publish(second, "$iothub/twin/GET/?$rid=1", "");
        restarted.work();
        assertEquals(1, restarted.front.told.size());
    }

    @Test
    void forgetsThemForWhoWantsToBeginAnew() {
        room.leave(device);
        HubClient kept = room.enter("dev1", false);
        room.subscribe(kept, DESIRED, Qos.AT_LEAST_ONCE);
        room.leave(kept);
        HubClient clean = room.enter("dev1", true);
        assertTrue(!clean.resumed());
        room.leave(clean);
        HubClient again = room.enter("dev1", false);
        assertTrue(!again.resumed());
        room.entrance.changes().desired(Identity.of("dev1"), Values.of("a", 1), 5);
        assertTrue(room.front.told.isEmpty());
    }

    @Test
    void endsTheConnectionOfADeletedDeviceAndForgetsIt() {
        room.leave(device);
        HubClient kept = room.enter("dev1", false);
        room.entrance.changes().ended(Identity.of("dev1"), true, "it was deleted");
        assertEquals("it was deleted", room.front.dropped.get("azure/dev1"));
        room.leave(kept);
        assertTrue(!room.enter("dev1", false).resumed());
    }
}
