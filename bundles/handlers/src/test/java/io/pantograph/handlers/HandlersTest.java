package io.pantograph.handlers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.model.DeviceId;
import io.pantograph.api.operator.Evidence;
import io.pantograph.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The handlers are texts, their names. */
class HandlersTest {

    private static final String ANY = "*";
    private static final DeviceId DEVICE = new DeviceId("thermostat", "t-1");

    private final Handlers<String> handlers = new Handlers<>("", false, Duration.ZERO, "verb", "object");
    private final List<String> back = new CopyOnWriteArrayList<>();
    private long ids = 1000;

    // From the most exact to the least: the kind's own properties, then the device's name, then its type.
    @Test
    void theMostExactIsChosenWhateverTheOrder() {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            order.add(i);
        }
        Collections.shuffle(order, new Random(7));
        Map<Integer, Long> added = new HashMap<>();
        for (int i : order) {
            added.put(i, add("h" + i, Map.of("verb", i < 8 ? "set" : ANY, "object", i % 8 < 4 ? "lamp" : ANY,
                    "pantograph.device.name", i % 4 < 2 ? "t-1" : ANY, "pantograph.device.type", i % 2 < 1 ? "thermostat" : ANY)));
        }
        for (int i = 0; i < 16; i++) {
            assertEquals("h" + i, best(DEVICE, "set", "lamp"));
            remove(added.get(i));
        }
        assertNull(best(DEVICE, "set", "lamp"));
        assertFalse(handlers.present(DEVICE, "set", "lamp"));
    }

    @Test
    void othersAreNotMeant() {
        add("h", Map.of("verb", new String[] {"on", "off"}, "pantograph.device.type", "lamp", "pantograph.device.name", "l-1"));
        DeviceId lamp = new DeviceId("lamp", "l-1");
        assertEquals("h", best(lamp, "on", ""));
        assertEquals("h", best(lamp, "off", ""));
        assertTrue(handlers.present(lamp, "off", ""));
        assertNull(best(lamp, "dim", ""));
        assertFalse(handlers.present(lamp, "dim", ""));
        assertNull(best(new DeviceId("lamp", "l-2"), "on", ""));
        assertNull(best(new DeviceId("valve", "l-1"), "on", ""));
        assertNull(best(lamp, "on*", ""));
    }

    @Test
    void amongEqualsTheHigherRankedThenTheOlder() {
        add("young", Map.of("service.id", 9L));
        add("old", Map.of("service.id", 3L));
        assertEquals("old", best(DEVICE, "a", "b"));
        add("high", Map.of("service.id", 12L, "service.ranking", 1));
        assertEquals("high", best(DEVICE, "a", "b"));
        remove(12);
        assertEquals("old", best(DEVICE, "a", "b"));
        remove(3);
        assertEquals("young", best(DEVICE, "a", "b"), "the one that was there before is not forgotten");
    }

    @Test
    void withoutPropertiesItIsForAll() {
        add("h", Map.of());
        assertEquals("h", best(DEVICE, "a", "b"));
        add("list", Map.of("verb", List.of("a", "x")));
        assertEquals("list", best(DEVICE, "a", "b"));
    }

    @Test
    void itIsFetchedOnceAndGivenBackOnce() {
        List<String> fetched = new ArrayList<>();
        Handler<String> added = handlers.add(() -> {
            fetched.add("h");
            return "h";
        }, back::add, Map.of("service.id", 5L));
        assertEquals(List.of(), fetched);
        added.prepare();
        assertEquals("h", best(DEVICE, "a", "b"));
        assertEquals(List.of("h"), fetched);
        remove(5);
        assertEquals(List.of("h"), back);
        added.prepare();
        assertEquals(List.of("h"), fetched, "one that has gone is not fetched any more");
    }

    // Two who need it at the same time may both fetch it; the lease of the slower is not kept.
    @Test
    void whoFetchesItTwiceGivesOneBack() {
        List<Handler<String>> added = new ArrayList<>();
        List<String> fetched = new ArrayList<>();
        added.add(handlers.add(() -> {
            fetched.add("h");
            if (fetched.size() == 1) {
                added.get(0).prepare();
            }
            return "h" + fetched.size();
        }, back::add, Map.of("service.id", 5L)));
        added.get(0).prepare();
        assertEquals(2, fetched.size());
        assertEquals(1, back.size());
        remove(5);
        assertEquals(2, back.size());
    }

    @Test
    void oneThatCannotBeHadSaysSo() {
        handlers.add(() -> null, back::add, Map.of("service.id", 5L));
        Handler<String> best = handlers.enterBest(DEVICE, "a", "b");
        assertThrows(IllegalStateException.class, best::service);
        best.leave();
        remove(5);
        assertEquals(List.of(), back);
    }

    @Test
    void whereItIsWantedNothingIsGivenToOneThatIsNotPrepared() {
        Handlers<String> strict = new Handlers<>("", true, Duration.ZERO, "verb");
        Handler<String> added = strict.add(() -> "h", back::add, Map.of());
        assertNull(strict.enterBest(DEVICE, "a"));
        assertFalse(strict.present(DEVICE, "a"));
        added.prepare();
        assertEquals(added, strict.enterBest(DEVICE, "a"));
    }

    @Test
    void oneThatLeavesFinishesWhatItHasInHand() {
        Handlers<String> patient = new Handlers<>("", false, Duration.ofSeconds(30), "verb");
        Handler<String> added = patient.add(() -> "h", back::add, Map.of("service.id", 5L));
        assertEquals(added, patient.enterBest(DEVICE, "a"));
        assertEquals("h", added.service());
        CompletableFuture<Void> gone = CompletableFuture.runAsync(() -> patient.remove(Map.of("service.id", 5L)));
        Await.until("it takes no more", added::isLeaving);
        assertNull(patient.enterBest(DEVICE, "a"));
        assertEquals(List.of(), back);
        added.leave();
        Await.result(gone);
        assertEquals(List.of("h"), back);
    }

    @Test
    void theGraceIsBounded() {
        add("stuck", Map.of("service.id", 5L));
        Handler<String> stuck = handlers.enterBest(DEVICE, "a", "b");
        stuck.service();
        Await.result(CompletableFuture.runAsync(() -> remove(5)));
        assertEquals(List.of("stuck"), back);
        stuck.leave();
    }

    private long add(String name, Map<String, Object> properties) {
        Map<String, Object> all = new HashMap<>(Map.of("service.id", ++ids));
        all.putAll(properties);
        handlers.add(() -> name, back::add, all);
        return (Long) all.get("service.id");
    }

    private void remove(long id) {
        handlers.remove(Map.of("service.id", id));
    }

    private String best(DeviceId device, String... wanted) {
        Handler<String> best = handlers.enterBest(device, wanted);
        if (best == null) {
            return null;
        }
        best.leave();
        return best.service();
    }

    // Side by side: the successor is there before, and the one before is not asked any more, but finishes.
    @Test
    void aRetiredBundleFinishesAndIsPassedOver() {
        add("old", Map.of("verb", "set", "service.bundleid", 7L));
        Handler<String> running = handlers.enterBest(DEVICE, "set", "");
        add("new", Map.of("verb", "set", "service.bundleid", 8L));
        CompletableFuture<Void> idle = handlers.retire(7).toCompletableFuture();
        assertFalse(idle.isDone());
        assertEquals("new", best(DEVICE, "set", ""));
        running.leave();
        assertTrue(idle.isDone());
        handlers.restore(7);
        assertEquals("old", best(DEVICE, "set", ""));
    }

    @Test
    void whatARetiredBundleAloneCanDoWaits() {
        add("old", Map.of("verb", "set", "service.bundleid", 7L));
        assertTrue(handlers.retire(7).toCompletableFuture().isDone());
        assertNull(best(DEVICE, "set", ""));
        assertFalse(handlers.present(DEVICE, "set", ""));
        add("another of it", Map.of("verb", "get", "service.bundleid", 7L));
        assertNull(best(DEVICE, "get", ""));
    }

    @Test
    void whatABundleDidIsCounted() {
        add("h", Map.of("verb", "set", "service.bundleid", 7L));
        for (int i = 1; i <= 100; i++) {
            Handler<String> handler = handlers.enterBest(DEVICE, "set", "");
            handler.did(i * 1_000_000L, i % 50 == 0);
            handler.leave();
        }
        Evidence work = handlers.work().get(7L);
        assertEquals(100, work.calls());
        assertEquals(2, work.errors());
        assertEquals(50, work.p50().toMillis(), 13);
        assertEquals(99, work.p99().toMillis(), 25);
    }
}
