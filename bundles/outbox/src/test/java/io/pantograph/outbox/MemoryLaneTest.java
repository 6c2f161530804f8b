package io.pantograph.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.core.OutboxLane;
import io.pantograph.api.core.OutboxLane.Entry;
import io.pantograph.api.dialect.Reading;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeliveryException.Reason;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Qos;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryLaneTest {

    private static final DeviceId DEVICE = new DeviceId("t", "d");

    private final ManualClock clock = new ManualClock();
    private final MemoryOutbox outbox = new MemoryOutbox(5, 100, clock);
    private final OutboxLane lane = outbox.lane(DEVICE);

    @AfterEach
    void close() {
        outbox.close();
    }

    private Reading reading(String event, int bytes, Optional<Instant> expiry) {
        return new Reading(event, "json", Bytes.wrap(new byte[bytes]), Qos.AT_LEAST_ONCE, Map.of(), Optional.empty(), Optional.empty(),
                clock.instant(), expiry);
    }

    private CompletionStage<Void> append(String event) {
        return lane.append(reading(event, 1, Optional.empty()));
    }

    private static Reason reason(CompletionStage<Void> stage) {
        return Await.failure(DeliveryException.class, stage).reason();
    }

    private List<String> drain() {
        List<String> events = new ArrayList<>();
        for (Entry entry = lane.poll(); entry != null; entry = lane.poll()) {
            events.add(entry.reading().event());
        }
        return events;
    }

    @Test
    void nothingIsDeliveredThatWasNotAcknowledged() {
        CompletableFuture<Void> a = append("a").toCompletableFuture();
        Entry entry = lane.poll();
        assertFalse(a.isDone());
        lane.rewind();
        assertFalse(a.isDone());
        assertSame(entry, lane.poll());
        lane.acknowledge(entry);
        Await.result(a);
        lane.acknowledge(entry);
        assertEquals(0, lane.depth());
    }

    // An acknowledgement may be there before the author has the stage in hand; those before it are told first all the same.
    @Test
    void outcomesAreToldInOrder() {
        List<Runnable> later = new ArrayList<>();
        MemoryLane slow = new MemoryLane(DEVICE, 5, 100, clock, later::add, gone -> { });
        CompletableFuture<Void> first = slow.append(reading("a", 1, Optional.empty())).toCompletableFuture();
        slow.acknowledge(slow.poll());
        slow.whenFilled(() -> slow.acknowledge(slow.poll()));
        CompletableFuture<Void> second = slow.append(reading("b", 1, Optional.empty())).toCompletableFuture();
        assertFalse(first.isDone() || second.isDone());
        later.get(0).run();
        assertTrue(first.isDone() && second.isDone());
        assertTrue(slow.append(reading("c", 1, Optional.empty())).toCompletableFuture().isDone(), "nobody waits to be told");
    }

    // Two cuts in a row, the second while the first's are half sent: still the old order.
    @Test
    void whatIsSentAgainGoesBeforeTheRestAndInOrder() {
        List.of("a", "b", "c", "d").forEach(this::append);
        lane.poll();
        Entry b = lane.poll();
        lane.poll();
        lane.acknowledge(b);
        lane.rewind();
        assertEquals("a", lane.poll().reading().event());
        lane.rewind();
        append("e");
        assertEquals(List.of("a", "c", "d", "e"), drain());
    }

    // The acknowledgement of a reading may come in after the cut that made it wait again.
    @Test
    void aLateAcknowledgementCounts() {
        append("a");
        append("b");
        Entry a = lane.poll();
        lane.rewind();
        lane.acknowledge(a);
        assertEquals(List.of("b"), drain());
    }

    @Test
    void theNewestIsRefusedWhenItIsFull() {
        for (int i = 0; i < 5; i++) {
            append("e" + i);
        }
        assertEquals(Reason.OVERFLOW, reason(append("one-too-many")));
        lane.acknowledge(lane.poll());
        Await.until("there is room again", () -> !failed(append("fits")));
        assertEquals(List.of("e1", "e2", "e3", "e4", "fits"), drain());
    }

    @Test
    void bytesAreBoundedToo() {
        lane.append(reading("large", 90, Optional.empty()));
        assertEquals(Reason.OVERFLOW, reason(lane.append(reading("second", 20, Optional.empty()))));
        lane.append(reading("small", 10, Optional.empty()));
        lane.acknowledge(lane.poll());
        Await.until("there is room again", () -> !failed(lane.append(reading("third", 90, Optional.empty()))));
        assertEquals(List.of("small", "third"), drain());
    }

    @Test
    void whatIsOverdueFailsAndIsSkipped() {
        CompletionStage<Void> old = lane.append(reading("old", 1, Optional.of(clock.instant().plusSeconds(10))));
        append("young");
        clock.advance(Duration.ofSeconds(10));
        assertEquals(List.of("young"), drain());
        assertEquals(Reason.EXPIRED, reason(old));
    }

    // While there is no connection nobody polls; the author wants to know, and the room is wanted.
    @Test
    void whatIsOverdueFailsAlsoWhileNobodyPolls() {
        List<CompletionStage<Void>> old = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            old.add(lane.append(reading("old", 1, Optional.of(clock.instant().plusSeconds(10)))));
        }
        lane.poll();
        lane.rewind();
        outbox.expire();
        assertEquals(5, lane.depth());
        clock.advance(Duration.ofSeconds(10));
        outbox.expire();
        old.forEach(stage -> assertEquals(Reason.EXPIRED, reason(stage)));
        assertEquals(0, lane.depth());
        Await.until("there is room again", () -> !failed(append("young")));
        assertEquals(List.of("young"), drain());
    }

    @Test
    void whatIsUnderWayDoesNotExpire() {
        CompletionStage<Void> sent = lane.append(reading("sent", 1, Optional.of(clock.instant().plusSeconds(10))));
        Entry entry = lane.poll();
        clock.advance(Duration.ofSeconds(10));
        outbox.expire();
        lane.acknowledge(entry);
        Await.result(sent);
    }

    // Acknowledged readings pile up behind an author who never returns; without this they would do so without end.
    @Test
    void whatItsAuthorWasNotToldOfStillCounts() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch there = new CountDownLatch(1);
        append("a").thenRun(() -> {
            there.countDown();
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        lane.acknowledge(lane.poll());
        there.await();
        for (int i = 0; i < 4; i++) {
            append("e" + i);
            lane.acknowledge(lane.poll());
        }
        assertEquals(Reason.OVERFLOW, reason(append("one-too-many")));
        OutboxLane others = outbox.lane(new DeviceId("t", "other"));
        CompletionStage<Void> fine = others.append(reading("fine", 1, Optional.empty()));
        others.acknowledge(others.poll());
        Await.result(fine);
        never.countDown();
    }

    private static boolean failed(CompletionStage<Void> stage) {
        return stage.toCompletableFuture().isCompletedExceptionally();
    }

    @Test
    void closingFailsWhatIsLeft() {
        CompletionStage<Void> underWay = append("a");
        CompletionStage<Void> waiting = append("b");
        lane.poll();
        lane.close();
        assertEquals(Reason.CLOSED, reason(underWay));
        assertEquals(Reason.CLOSED, reason(waiting));
        assertEquals(Reason.CLOSED, reason(append("c")));
        assertNull(lane.poll());
        assertTrue(outbox.lane(DEVICE) != lane, "a closed lane was given again");
    }

    // An author who waits in the stage must not keep the thread that acknowledges.
    @Test
    void authorsAreToldOnAnotherThread() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        append("a").thenRun(() -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        append("b");
        lane.acknowledge(lane.poll());
        lane.acknowledge(lane.poll());
        assertEquals(0, lane.depth());
        never.countDown();
    }

    @Test
    void manyAuthorsLoseNothing() throws InterruptedException {
        MemoryOutbox large = new MemoryOutbox(1_000_000, 1_000_000, clock);
        OutboxLane busy = large.lane(DEVICE);
        AtomicInteger done = new AtomicInteger();
        List<Thread> authors = new ArrayList<>();
        for (int author = 0; author < 4; author++) {
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 20_000; i++) {
                    busy.append(reading("e", 1, Optional.empty())).thenRun(done::incrementAndGet);
                }
            });
            authors.add(thread);
            thread.start();
        }
        long polled = 0;
        long last = 0;
        while (polled < 80_000) {
            Entry entry = busy.poll();
            if (entry != null) {
                polled++;
                assertEquals(last + 1, entry.sequence());
                last = entry.sequence();
                busy.acknowledge(entry);
            }
        }
        for (Thread thread : authors) {
            thread.join();
        }
        Await.until("all to be told", () -> done.get() == 80_000);
        assertEquals(0, busy.depth());
        large.close();
    }
}
