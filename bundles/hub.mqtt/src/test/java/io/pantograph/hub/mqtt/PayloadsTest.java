package io.pantograph.hub.mqtt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hivemq.persistence.payload.PublishPayloadPersistence;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Who keeps what, and that every reference is given back once. */
class PayloadsTest {

    private static final byte[] PAYLOAD = {1, 2, 3};

    /** Counts references as HiveMQ does. */
    private static final class Disk implements PublishPayloadPersistence {

        final Map<Long, Integer> references = new HashMap<>();
        final Map<Long, byte[]> payloads = new HashMap<>();
        boolean closed;

        int of(long id) {
            return references.getOrDefault(id, 0);
        }

        @Override
        public void init() {
            // nothing to clean up
        }

        @Override
        public void add(byte[] payload, long id) {
            payloads.put(id, payload);
            references.merge(id, 1, Integer::sum);
        }

        @Override
        public byte[] get(long id) {
            return payloads.get(id);
        }

        @Override
        public void incrementReferenceCounterOnBootstrap(long id) {
            references.merge(id, 1, Integer::sum);
        }

        @Override
        public void decrementReferenceCounter(long id) {
            assertTrue(of(id) > 0, "a reference that nobody had was given back");
            if (references.merge(id, -1, Integer::sum) == 0) {
                references.remove(id);
                payloads.remove(id);
            }
        }

        @Override
        public void closeDB() {
            closed = true;
        }
    }

    private final Disk disk = new Disk();
    private final Payloads payloads = new Payloads(disk);

    private void addLightly(long id) {
        payloads.lightly(() -> payloads.add(PAYLOAD, id));
    }

    @Test
    void keepsInMemoryWhatMayBeLost() {
        addLightly(1);
        addLightly(1);
        assertEquals(1, payloads.inMemory());
        assertEquals(Map.of(), disk.references);
        assertArrayEquals(PAYLOAD, payloads.get(1));
        payloads.decrementReferenceCounter(1);
        assertArrayEquals(PAYLOAD, payloads.get(1));
        payloads.decrementReferenceCounter(1);
        assertEquals(0, payloads.inMemory());
    }

    @Test
    void keepsAllElseOnDisk() {
        addLightly(1);
        payloads.add(PAYLOAD, 2);
        assertEquals(Map.of(2L, 1), disk.references);
        assertArrayEquals(PAYLOAD, payloads.get(2));
        payloads.incrementReferenceCounterOnBootstrap(2);
        assertEquals(Map.of(2L, 2), disk.references);
    }

    @Test
    void isNoLongerLightWhenTheWorkFails() {
        try {
            payloads.lightly(() -> {
                throw new IllegalStateException("the queue is gone");
            });
        } catch (IllegalStateException expected) {
            payloads.add(PAYLOAD, 1);
        }
        assertEquals(Map.of(1L, 1), disk.references);
    }

    // A release does not say whose it is.
    @Test
    void hasWhatMustLastOnDiskWhoeverIsDoneFirst() {
        payloads.add(PAYLOAD, 1);
        addLightly(1);
        payloads.decrementReferenceCounter(1);
        assertEquals(1, disk.of(1));
        assertArrayEquals(PAYLOAD, payloads.get(1));
        payloads.decrementReferenceCounter(1);
        assertEquals(0, disk.of(1) + payloads.inMemory());
    }

    @Test
    void balancesInAnyOrder() {
        for (int seed = 0; seed < 200; seed++) {
            Random dice = new Random(seed);
            int[] light = new int[3];
            int[] lasting = new int[3];
            for (int step = 0; step < 200; step++) {
                int id = dice.nextInt(3);
                switch (dice.nextInt(4)) {
                    case 0 -> {
                        addLightly(id);
                        light[id]++;
                    }
                    case 1 -> {
                        payloads.add(PAYLOAD, id);
                        lasting[id]++;
                    }
                    default -> release(light[id] > 0 && (lasting[id] == 0 || dice.nextBoolean()) ? light : lasting, id);
                }
                assertTrue(disk.of(id) >= lasting[id], "a message that must last is not on disk, seed " + seed);
                if (light[id] + lasting[id] > 0) {
                    assertNotNull(payloads.get(id), "a message waits without its payload, seed " + seed);
                }
            }
            for (int id = 0; id < 3; id++) {
                while (light[id] > 0) {
                    release(light, id);
                }
                while (lasting[id] > 0) {
                    release(lasting, id);
                }
            }
            assertEquals(0, payloads.inMemory());
            assertEquals(Map.of(), disk.references);
        }
    }

    private void release(int[] waiting, int id) {
        if (waiting[id] > 0) {
            waiting[id]--;
            payloads.decrementReferenceCounter(id);
        }
    }

    @Test
    void forgetsWhenItIsClosed() {
        addLightly(1);
        payloads.closeDB();
        assertEquals(0, payloads.inMemory());
        assertTrue(disk.closed);
    }
}
