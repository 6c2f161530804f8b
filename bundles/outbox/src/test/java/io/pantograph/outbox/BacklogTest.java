package io.pantograph.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.core.OutboxLane;
import io.pantograph.api.core.OutboxLane.Entry;
import io.pantograph.api.dialect.Reading;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Headers;
import io.pantograph.api.model.Provenance;
import io.pantograph.api.model.Qos;
import io.pantograph.api.operator.Pending;
import io.pantograph.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What waits, by who wrote it. */
class BacklogTest {

    private static final DeviceId A = new DeviceId("meter", "a");
    private static final DeviceId B = new DeviceId("meter", "b");
    private static final Provenance OLD = new Provenance("org.example.codec", "1.0.0", "aa".repeat(32));
    private static final Provenance NEW = new Provenance("org.example.codec", "1.1.0", "bb".repeat(32));

    private final ManualClock clock = new ManualClock();
    private final Instant begin = clock.instant();
    private final MemoryOutbox outbox = new MemoryOutbox(1000, 1_000_000, clock);

    @AfterEach
    void close() {
        outbox.close();
    }

    /** Accepted a second after the one before. */
    private Reading reading(String format, int bytes, Provenance by) {
        Instant now = clock.instant();
        clock.advance(Duration.ofSeconds(1));
        return new Reading("e", format, Bytes.wrap(new byte[bytes]), Qos.AT_LEAST_ONCE, Map.of(), Optional.empty(), Optional.empty(), now,
                Optional.empty(), Headers.NONE, by);
    }

    private Pending pending(DeviceId device, String format, Provenance by, int count, long bytes, int oldest, int newest) {
        return new Pending(device, format, by, count, bytes, begin.plusSeconds(oldest), begin.plusSeconds(newest));
    }

    @Test
    void nothingWaits() {
        outbox.lane(A);
        assertEquals(List.of(), outbox.pending(10));
        assertEquals(0, outbox.count());
    }

    @Test
    void whatWaitsIsToldByDeviceFormatAndCodec() {
        OutboxLane a = outbox.lane(A);
        a.append(reading("custom", 3, OLD)); // 0
        a.append(reading("custom", 4, NEW)); // 1
        outbox.lane(B).append(reading("custom", 5, NEW)); // 2
        a.append(reading("custom", 6, OLD)); // 3
        a.append(reading("json", 7, Provenance.NONE)); // 4
        a.append(reading("custom", 8, NEW)); // 5
        assertEquals(List.of(pending(A, "custom", OLD, 2, 9, 0, 3), pending(A, "custom", NEW, 2, 12, 1, 5), pending(B, "custom", NEW, 1, 5, 2, 2),
                pending(A, "json", Provenance.NONE, 1, 7, 4, 4)), outbox.pending(10));
        assertEquals(6, outbox.count());
        assertEquals(List.of(pending(A, "custom", OLD, 2, 9, 0, 3)), outbox.pending(1));
        assertEquals(6, outbox.count(), "also those that were not told of");
    }

    // An acknowledged one stays in its place until those before it are acknowledged too.
    @Test
    void whatIsUnderWayCountsUntilItIsAcknowledged() {
        OutboxLane a = outbox.lane(A);
        a.append(reading("custom", 3, OLD)); // 0
        a.append(reading("custom", 4, NEW)); // 1
        a.append(reading("custom", 5, NEW)); // 2
        Entry first = a.poll();
        Entry second = a.poll();
        assertEquals(List.of(pending(A, "custom", OLD, 1, 3, 0, 0), pending(A, "custom", NEW, 2, 9, 1, 2)), outbox.pending(10));
        a.acknowledge(second);
        assertEquals(List.of(pending(A, "custom", OLD, 1, 3, 0, 0), pending(A, "custom", NEW, 1, 5, 2, 2)), outbox.pending(10));
        a.rewind();
        assertEquals(2, outbox.pending(10).size(), "goes before the others and waits again");
        a.acknowledge(first);
        assertEquals(List.of(pending(A, "custom", NEW, 1, 5, 2, 2)), outbox.pending(10));
        a.acknowledge(a.poll());
        assertEquals(List.of(), outbox.pending(10));
        assertEquals(0, outbox.count());
    }

    @Test
    void ofAClosedDeviceNothingWaits() {
        outbox.lane(A).append(reading("custom", 3, OLD));
        outbox.lane(A).close();
        assertEquals(List.of(), outbox.pending(10));
    }

    // One that moves on while it is looked for would else be met at both places; with all of them moving, twice the number.
    @Test
    void whileReadingsMoveNoneIsToldTwice() throws InterruptedException {
        OutboxLane a = outbox.lane(A);
        int all = 200;
        for (int i = 0; i < all; i++) {
            a.append(reading("custom", 1, OLD));
        }
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong rounds = new AtomicLong();
        Thread session = new Thread(() -> {
            while (!over.get()) {
                while (a.poll() != null) {
                    Thread.onSpinWait();
                }
                a.rewind();
                rounds.incrementAndGet();
            }
        });
        session.start();
        int most = 0;
        while (rounds.get() < 300) {
            most = Math.max(most, outbox.pending(1).stream().mapToInt(Pending::count).findFirst().orElse(0));
        }
        over.set(true);
        session.join();
        assertTrue(most <= all, most + " of " + all);
        assertEquals(all, outbox.pending(1).get(0).count());
    }
}
