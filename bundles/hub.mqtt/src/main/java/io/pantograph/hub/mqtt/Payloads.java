package io.pantograph.hub.mqtt;

import com.hivemq.persistence.payload.PublishPayloadPersistence;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The payloads of messages that wait for a client, by the number of the message. Those that may be lost, since they wait at QoS 0, stay in
 * memory; all others HiveMQ keeps on disk. HiveMQ alone would write those of QoS 0 to disk as well, read them back and delete them,
 * which costs more than all else it does for them.
 *
 * <p>Memory is bounded: HiveMQ counts the messages of QoS 0 that wait, with their payloads, and drops new ones beyond 5 MB a client or a quarter of
 * the heap in all. The payload of a message that waits for many clients is here once, but counted for each.
 *
 * <p>A message that waits for one client at QoS 0 and for another at QoS 1 has its payload in both places, and whoever releases one does not
 * say which. So a release takes a reference from memory while there is one there, and from disk after that. Then the disk has never
 * fewer references than there are messages of QoS 1 and 2; and when memory has none left, what still waits at QoS 0 is on disk too.
 *
 * <p>From any thread.
 */
final class Payloads implements PublishPayloadPersistence {

    private record Kept(byte[] payload, int references) {
    }

    private final PublishPayloadPersistence disk;
    private final ConcurrentHashMap<Long, Kept> memory = new ConcurrentHashMap<>();
    /** True while what this thread adds may be lost; an array, so that setting it looks the thread up once. */
    private final ThreadLocal<boolean[]> light = ThreadLocal.withInitial(() -> new boolean[1]);

    Payloads(PublishPayloadPersistence disk) {
        this.disk = disk;
    }

    /** Keeps in memory what this thread adds in {@code work}. */
    void lightly(Runnable work) {
        boolean[] flag = light.get();
        flag[0] = true;
        try {
            work.run();
        } finally {
            flag[0] = false;
        }
    }

    /** How many are in memory. */
    int inMemory() {
        return memory.size();
    }

    @Override
    public void init() {
        disk.init();
    }

    @Override
    public void add(byte[] payload, long id) {
        if (light.get()[0]) {
            memory.compute(id, (number, kept) -> kept == null ? new Kept(payload, 1) : new Kept(kept.payload, kept.references + 1));
        } else {
            disk.add(payload, id);
        }
    }

    @Override
    public byte[] get(long id) {
        Kept kept = memory.get(id);
        return kept == null ? disk.get(id) : kept.payload;
    }

    @Override
    public void incrementReferenceCounterOnBootstrap(long id) {
        disk.incrementReferenceCounterOnBootstrap(id);
    }

    @Override
    public void decrementReferenceCounter(long id) {
        boolean[] released = new boolean[1];
        memory.computeIfPresent(id, (number, kept) -> {
            released[0] = true;
            return kept.references == 1 ? null : new Kept(kept.payload, kept.references - 1);
        });
        if (!released[0]) {
            disk.decrementReferenceCounter(id);
        }
    }

    @Override
    public void closeDB() {
        memory.clear();
        disk.closeDB();
    }
}
