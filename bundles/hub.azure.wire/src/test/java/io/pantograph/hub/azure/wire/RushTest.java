package io.pantograph.hub.azure.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.azure.Identity;
import io.pantograph.api.hub.HubClient;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import io.pantograph.api.model.Values;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.Ledger;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With the threads the room really has. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RushTest {

    private static final int MANY = 300;

    private final Threads threads = new Threads();
    private final Room room = new Room(new TestDatabase(), threads.workers());

    @AfterEach
    void close() {
        threads.close();
    }

    // Connections come and go while messages are sent and acknowledged: none is lost, none overtakes another.
    @Test
    void deliversEveryMessageInOrder() throws Exception {
        Identity dev1 = Identity.of("dev1");
        room.front.silent = true;
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < MANY; i++) {
                room.messages.send(dev1, Map.of(), Map.of(), Bytes.utf8(String.valueOf(i)));
                room.entrance.changes().waiting(dev1);
            }
        });
        int connections = 0;
        int acknowledged = 0;
        while (room.messages.settled.stream().filter(each -> each.endsWith("complete")).count() < MANY) {
            HubClient device = room.enter("dev1", false);
            room.subscribe(device, "devices/dev1/messages/devicebound/#", Qos.AT_LEAST_ONCE);
            int heard = acknowledged + 7;
            while (acknowledged < heard && room.messages.settled.stream().filter(each -> each.endsWith("complete")).count() < MANY) {
                if (acknowledged < room.front.told.size()) {
                    room.front.told.get(acknowledged++).acknowledged().complete(null);
                } else {
                    Thread.onSpinWait();
                }
            }
            connections++;
            room.leave(device);
            acknowledged = room.front.told.size();
        }
        Await.result(sending);
        Ledger ledger = new Ledger();
        for (int i = 0; i < MANY; i++) {
            ledger.promised(i);
        }
        room.front.told.forEach(told -> ledger.received(Integer.parseInt(told.text())));
        assertEquals(0, ledger.lost() + ledger.outOfOrder(), ledger.toString());
        assertTrue(connections > 10, connections + " connections");
    }

    @Test
    void servesReportsInOrder() throws Exception {
        HubClient device = room.enter("dev1", true);
        room.subscribe(device, "$iothub/twin/res/#", Qos.AT_LEAST_ONCE);
        for (int i = 0; i < MANY; i++) {
            int before = i - Lane.MOST / 2;
            Await.until("room for another report", () -> room.front.told.size() > before);
            room.publish(device, "$iothub/twin/PATCH/properties/reported/?$rid=" + i, "{\"n\":" + i + '}');
        }
        Await.until("all answers", () -> room.front.told.size() == MANY);
        List<Values> reports = room.twins.reports;
        for (int i = 0; i < MANY; i++) {
            assertEquals(i, reports.get(i).integer("n"));
            assertTrue(room.front.told.get(i).topic().startsWith("$iothub/twin/res/204/?$rid=" + i + '&'));
        }
    }

    @Test
    void answersEveryCallOnce() {
        HubClient device = room.enter("dev1", true);
        room.subscribe(device, "$iothub/methods/POST/#", Qos.AT_LEAST_ONCE);
        int answered = 0;
        for (int round = 0; round < 10; round++) {
            List<CompletableFuture<Values>> calls = IntStream.range(0, Methods.MOST_IN_FLIGHT)
                    .mapToObj(i -> room.entrance.methods().invoke(Identity.of("dev1"), Values.of("methodName", "m", "payload", i)).toCompletableFuture()).toList();
            for (; answered < room.front.told.size(); answered++) {
                FakeTransport.Told told = room.front.told.get(answered);
                room.publish(device, "$iothub/methods/res/200/" + told.topic().substring(told.topic().indexOf('?')), told.text());
            }
            for (int i = 0; i < calls.size(); i++) {
                assertEquals(i, Await.result(calls.get(i)).integer("payload"));
            }
        }
    }
}
