package io.pantograph.hub.azure.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.azure.Identity;
import io.pantograph.api.hub.HubClient;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MailTest {

    private static final Identity DEV1 = Identity.of("dev1");
    private static final String FILTER = "devices/dev1/messages/devicebound/#";

    private final Room room = new Room();

    private void send(String text) {
        room.messages.send(DEV1, Map.of("message-id", "m-" + text), Map.of(), Bytes.utf8(text));
        room.entrance.changes().waiting(DEV1);
        room.work();
    }

    private List<String> told() {
        return room.front.told.stream().map(FakeTransport.Told::text).toList();
    }

    @Test
    void writesPropertiesIntoTheTopic() {
        HubClient device = room.enter("dev1", false);
        room.subscribe(device, FILTER, Qos.AT_LEAST_ONCE);
        room.messages.send(DEV1, Map.of("message-id", "m/1", "iothub-ack", "full", "correlation-id", "", "content-type", "application/json"),
                new TreeMap<>(Map.of("p", "a b", "q", "", "é", "+&=")), Bytes.utf8("hello"));
        room.entrance.changes().waiting(DEV1);
        room.work();
        FakeTransport.Told told = room.front.last();
        String bag = told.topic().substring("devices/dev1/messages/devicebound/".length());
        assertTrue(bag.startsWith("%24.to=%2Fdevices%2Fdev1%2Fmessages%2FdeviceBound&%24.mid=m%2F1&%24.ct=application%2Fjson&iothub-ack=full&"), bag);
        assertTrue(bag.contains("&p=a%20b") && bag.contains("&%C3%A9=%2B%26%3D") && !bag.contains("q") && !bag.contains("cid"), bag);
        assertEquals("hello", told.text());
        assertEquals(Qos.AT_LEAST_ONCE, told.qos());
        assertEquals(List.of("1 complete"), room.messages.settled);
    }

    @Test
    void keepsMessagesUntilSomebodyListens() {
        send("early");
        HubClient device = room.enter("dev1", false);
        room.work();
        assertTrue(told().isEmpty());
        room.subscribe(device, FILTER, Qos.AT_LEAST_ONCE);
        room.work();
        assertEquals(List.of("early"), told());
        room.leave(device);
        send("later");
        room.enter("dev1", false);
        room.work();
        assertEquals(List.of("early", "later"), told());
    }

    @Test
    void deliversInOrderOneAfterTheOther() {
        HubClient device = room.enter("dev1", false);
        room.front.silent = true;
        room.subscribe(device, FILTER, Qos.AT_LEAST_ONCE);
        send("a");
        send("b");
        assertEquals(List.of("a"), told());
        room.front.last().acknowledged().complete(null);
        room.work();
        assertEquals(List.of("a", "b"), told());
        room.front.last().acknowledged().complete(null);
        room.work();
        assertEquals(List.of("1 complete", "2 complete"), room.messages.settled);
    }

    // No PUBACK: the next connection gets it again, and nothing overtakes it.
    @Test
    void repeatsWhatWasNotAcknowledged() {
        HubClient device = room.enter("dev1", false);
        room.front.silent = true;
        room.subscribe(device, FILTER, Qos.AT_LEAST_ONCE);
        send("a");
        send("b");
        room.leave(device);
        room.work();
        room.front.silent = false;
        room.enter("dev1", false);
        room.work();
        assertEquals(List.of("a", "a", "b"), told());
        assertEquals(List.of("1 abandoned", "1 complete", "2 complete"), room.messages.settled);
    }

    // Its lock is over: it is the device's again, though the connection is the same.
    @Test
    void repeatsWhatWasHeldForAMinute() {
        HubClient device = room.enter("dev1", false);
        room.front.silent = true;
        room.subscribe(device, FILTER, Qos.AT_LEAST_ONCE);
        send("a");
        send("b");
        room.pass(59);
        assertEquals(List.of("a"), told());
        room.pass(1);
        room.work();
        assertEquals(List.of("a", "a"), told());
        room.front.told.get(0).acknowledged().complete(null); // late, but it has it
        room.work();
        assertEquals(List.of("a", "a"), told());
        room.front.told.get(1).acknowledged().complete(null);
        room.work();
        assertEquals(List.of("a", "a", "b"), told());
        assertEquals(List.of("1 abandoned", "1 complete", "1 complete"), room.messages.settled);
    }

    // The front knows earlier than we that a connection ends; each try would count as a delivery.
    @Test
    void hurriesNotWhereNothingGoesThrough() {
        HubClient device = room.enter("dev1", false);
        room.subscribe(device, FILTER, Qos.AT_LEAST_ONCE);
        room.front.cut(device.session());
        send("a");
        room.work();
        assertEquals(List.of("1 abandoned"), room.messages.settled);
        room.pass(1);
        assertEquals(List.of("1 abandoned", "1 abandoned"), room.messages.settled);
        room.leave(device);
        room.enter("dev1", false);
        room.work();
        assertEquals(List.of("a"), told());
    }

    // The newer connection is there before the older is known to be gone, and its message still locked.
    @Test
    void goesOnWhenTheOlderConnectionLetsGo() {
        HubClient older = room.enter("dev1", false);
        room.front.silent = true;
        room.subscribe(older, FILTER, Qos.AT_LEAST_ONCE);
        send("a");
        send("b");
        HubClient newer = room.enter("dev1", false);
        room.work();
        assertEquals(List.of("a"), told());
        room.front.silent = false;
        room.front.told.get(0).acknowledged().completeExceptionally(new IllegalStateException("taken over"));
        room.rules.disconnected(older, new io.pantograph.api.hub.Departure(io.pantograph.api.hub.Departure.Cause.TAKEN_OVER, "", 0, 0, 0, 0));
        room.work();
        assertEquals(List.of("a", "a", "b"), told());
        assertEquals("azure/dev1", newer.session());
    }

    // It comes just when the queue was found empty.
    @Test
    void overlooksNone() {
        HubClient device = room.enter("dev1", false);
        room.messages.meanwhile = () -> {
            room.messages.send(DEV1, Map.of(), Map.of(), Bytes.utf8("late"));
            room.entrance.changes().waiting(DEV1);
        };
        room.subscribe(device, FILTER, Qos.AT_LEAST_ONCE);
        room.work();
        assertEquals(List.of("late"), told());
    }

    @Test
    void stopsWhenNobodyWantsThemAnyMore() {
        HubClient device = room.enter("dev1", false);
        room.subscribe(device, FILTER, Qos.AT_MOST_ONCE);
        room.rules.unsubscribed(device, FILTER);
        send("a");
        room.pass(10);
        assertTrue(told().isEmpty());
        assertEquals(1, room.clock.waiting(), "only the token's end");
    }
}
