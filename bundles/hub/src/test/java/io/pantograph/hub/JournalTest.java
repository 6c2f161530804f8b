package io.pantograph.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.hub.HubClient;
import io.pantograph.api.hub.HubIdentity;
import io.pantograph.api.hub.HubIdentity.Kind;
import io.pantograph.api.listener.HubListener;
import io.pantograph.api.listener.HubMessage;
import io.pantograph.api.listener.HubMessage.Direction;
import io.pantograph.api.listener.HubPresence;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Qos;
import io.pantograph.api.model.Values;
import io.pantograph.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

    private static final DeviceId T1 = new DeviceId("thermostat", "t-1");

    @TempDir
    Path home;

    private Room room;

    @BeforeEach
    void open() throws Exception {
        room = new Room(home);
    }

    @AfterEach
    void close() {
        room.close();
    }

    private void say(HubClient client, String event, String payload) {
        room.rules.publish(client, "iot-2/evt/" + event + "/fmt/json", Bytes.utf8(payload), Qos.AT_LEAST_ONCE);
        room.clock.advance(Duration.ofMillis(1));
    }

    private List<String> last() {
        return room.journal.last(T1).stream().map(event -> event.name() + '=' + event.payload().text()).toList();
    }

    @Test
    void remembersTheLastOfEachName() throws Exception {
        HubClient device = room.device("thermostat", "t-1");
        say(device, "a", "1");
        say(device, "b", "1");
        say(device, "a", "2");
        assertEquals(List.of("a=2", "b=1"), last());
        HubMessage a = room.journal.last(T1, "a").orElseThrow();
        assertEquals("json", a.format());
        assertEquals(Qos.AT_LEAST_ONCE, a.qos());
        assertEquals(Optional.empty(), room.journal.last(T1, "c"));
        say(device, "c", "1");
        room.close();
        open();
        assertEquals(List.of("c=1", "a=2", "b=1"), last());
    }

    @Test
    void forgetsWhatIsOld() {
        HubClient device = room.device("thermostat", "t-1");
        assertTrue(room.journal.caching(), "on unless told");
        assertEquals(7, room.journal.cacheDays());
        say(device, "a", "1");
        room.clock.advance(Duration.ofDays(6));
        say(device, "b", "1");
        assertEquals(List.of("b=1", "a=1"), last());
        room.clock.advance(Duration.ofDays(2));
        assertEquals(List.of("b=1"), last());
    }

    @Test
    void canBeSwitchedOff() throws Exception {
        HubClient device = room.device("thermostat", "t-1");
        say(device, "a", "1");
        room.journal.caching(false, 3);
        say(device, "a", "2");
        assertEquals(List.of(), last());
        room.close();
        open();
        assertFalse(room.journal.caching());
        assertEquals(3, room.journal.cacheDays());
        room.journal.caching(true, 45);
        assertEquals(List.of(), last(), "off means forgotten");
        assertThrows(IllegalArgumentException.class, () -> room.journal.caching(true, 0));
        assertThrows(IllegalArgumentException.class, () -> room.journal.caching(true, 46));
    }

    // A device that makes up ever new names must not fill the disk.
    @Test
    void boundsTheNamesOfADevice() {
        HubClient device = room.device("thermostat", "t-1");
        for (int i = 0; i < 3 * LastEvents.MOST_PER_DEVICE; i++) {
            say(device, "event-" + i, "1");
        }
        List<String> kept = last();
        assertEquals(LastEvents.MOST_PER_DEVICE, kept.size());
        assertEquals("event-149=1", kept.get(0));
    }

    @Test
    void boundsTheConnectionLog() {
        room.register("thermostat", "t-1", false);
        for (int i = 0; i < ConnectionLog.MOST_PER_DEVICE + 20; i++) {
            room.journal.connectionLog().add(T1, room.clock.instant(), "line " + i);
        }
        assertEquals(List.of("line 119", "line 118"), room.journal.connectionLog(T1, 2).stream().map(line -> line.message()).toList());
        assertEquals(ConnectionLog.MOST_PER_DEVICE, room.journal.connectionLog(T1, 1_000).size());
    }

    @Test
    void takesWhatComesByHttp() {
        room.register("thermostat", "t-1", false);
        room.register("gw", "g-1", true);
        room.devices.createType("meter", false, Values.EMPTY);
        HubIdentity device = new HubIdentity(Kind.DEVICE, "edge01", Optional.of(T1), Optional.empty(), Optional.empty());
        HubIdentity gateway = new HubIdentity(Kind.GATEWAY, "edge01", Optional.of(new DeviceId("gw", "g-1")), Optional.empty(), Optional.empty());
        HubIdentity application = new HubIdentity(Kind.APPLICATION, "edge01", Optional.empty(), Optional.of("app"), Optional.empty());
        DeviceId meter = new DeviceId("meter", "m-1");
        Bytes body = Bytes.utf8("{}");
        assertEquals(Optional.empty(), room.journal.accept(device, Direction.EVENT, T1, "status", "json", body));
        assertEquals(1, room.transport.of("iot-2/type/thermostat/id/t-1/evt/status/fmt/json").size());
        assertEquals("{}", room.journal.last(T1, "status").orElseThrow().payload().text());
        assertEquals(Optional.empty(), room.journal.accept(application, Direction.COMMAND, T1, "reboot", "json", body));
        assertEquals(1, room.transport.of("iot-2/type/thermostat/id/t-1/cmd/reboot/fmt/json").size());
        assertEquals(Optional.empty(), room.journal.accept(gateway, Direction.EVENT, meter, "status", "json", body));
        assertTrue(room.devices.device(meter).isPresent(), "a gateway's newcomer");
        assertTrue(room.journal.accept(gateway, Direction.EVENT, new DeviceId("unknown", "x"), "status", "json", body).isPresent());
        assertTrue(room.journal.accept(device, Direction.EVENT, meter, "status", "json", body).isPresent());
        assertTrue(room.journal.accept(device, Direction.COMMAND, T1, "reboot", "json", body).isPresent());
        assertTrue(room.journal.accept(device, Direction.EVENT, T1, "sta/tus", "json", body).isPresent());
        assertTrue(room.journal.accept(device, Direction.EVENT, T1, "status", "+", body).isPresent());
        assertTrue(room.journal.accept(device, Direction.EVENT, T1, "status", "json", Bytes.utf8("x".repeat(131_073))).isPresent());
        assertEquals(3, room.transport.said.size());
    }

    @Test
    void tellsItsListeners() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        HubListener listener = new HubListener() {
            @Override
            public void message(HubMessage message) {
                heard.add(message.direction() + " " + message.name());
                if (message.name().equals("bad")) {
                    throw new IllegalStateException("a listener's own fault");
                }
            }

            @Override
            public void presence(HubPresence presence) {
                heard.add(presence.kind() + " " + presence.clientId());
            }
        };
        room.hub.addListener(listener);
        HubClient device = room.device("thermostat", "t-1");
        say(device, "bad", "{}");
        say(device, "good", "{}");
        room.rules.publish(room.application("app"), "iot-2/type/thermostat/id/t-1/cmd/reboot/fmt/json", Bytes.EMPTY, Qos.AT_MOST_ONCE);
        Await.until("all heard", () -> heard.size() == 5);
        assertEquals(List.of("CONNECTED d:edge01:thermostat:t-1", "EVENT bad", "EVENT good", "CONNECTED a:edge01:app", "COMMAND reboot"), heard);
        room.hub.removeListener(listener);
        say(device, "late", "{}");
        assertEquals(5, heard.size());
    }

    // One that sleeps loses its own oldest news; the hub and the other listener go on.
    @Test
    void doesNotWaitForASlowListener() {
        CountDownLatch wake = new CountDownLatch(1);
        List<String> slow = new CopyOnWriteArrayList<>();
        List<String> quick = new CopyOnWriteArrayList<>();
        room.hub.addListener(new HubListener() {
            @Override
            public void message(HubMessage message) {
                try {
                    wake.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                slow.add(message.payload().text());
            }
        });
        room.hub.addListener(new HubListener() {
            @Override
            public void message(HubMessage message) {
                quick.add(message.payload().text());
            }
        });
        HubClient device = room.device("thermostat", "t-1");
        for (int i = 0; i < 10_500; i++) {
            say(device, "status", "" + i);
            if (i % 5_000 == 0) {
                int sent = i + 1;
                Await.until("the quick one keeps up", () -> quick.size() == sent);
            }
        }
        Await.until("the quick one heard all", () -> quick.size() == 10_500);
        wake.countDown();
        Await.until("the slow one is through", () -> slow.contains("10499"));
        assertTrue(slow.size() >= 10_000 && slow.size() < 10_500, slow.size() + " heard");
    }
}
