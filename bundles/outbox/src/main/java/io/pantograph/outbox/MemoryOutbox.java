package io.pantograph.outbox;

import io.pantograph.api.core.Outbox;
import io.pantograph.api.core.OutboxLane;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.operator.Backlog;
import io.pantograph.api.operator.Pending;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Keeps readings in memory. At most {@code entries} readings and {@code bytes} bytes of payload for each device; beyond,
 * the newest is refused, since what was accepted is promised. A reading costs about 200 bytes beside its payload, so a full lane
 * of the usual size holds at most 18 MB. What its author was not told of yet still counts, so that an author who never returns
 * fills no memory.
 */
@Component
@Designate(ocd = MemoryOutbox.Config.class)
public final class MemoryOutbox implements Outbox, Backlog {

    @ObjectClassDefinition(name = "Pantograph outbox", description = "Telemetry that waits for the hub, in memory")
    @interface Config {

        @AttributeDefinition(name = "Entries", description = "readings that may wait, for each device")
        int entries() default 10_000;

        @AttributeDefinition(name = "Bytes", description = "payload that may wait, for each device")
        long bytes() default 16L * 1024 * 1024;
    }

    /** More than one, for an author who waits in there for another's reading. */
    private static final int TELLERS = 2;
    private static final int SWEEP_MILLIS = 1000;

    private final int entries;
    private final long bytes;
    private final Clock clock;
    private final ExecutorService tellers;
    private final ScheduledExecutorService timer;
    private final Map<DeviceId, MemoryLane> lanes = new ConcurrentHashMap<>();

    @Activate
    public MemoryOutbox(Config config) {
        this(config.entries(), config.bytes(), Clock.systemUTC());
    }

    MemoryOutbox(int entries, long bytes, Clock clock) {
        this.entries = entries;
        this.bytes = bytes;
        this.clock = clock;
        AtomicInteger count = new AtomicInteger();
        tellers = Executors.newFixedThreadPool(TELLERS, task -> daemon(task, "pantograph-outbox-" + count.incrementAndGet()));
        timer = Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "pantograph-outbox-timer"));
        timer.scheduleWithFixedDelay(this::expire, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Fails what is no longer worth sending, also while there is no connection for which to ask. */
    void expire() {
        lanes.values().forEach(MemoryLane::expire);
    }

    @Override
    public OutboxLane lane(DeviceId device) {
        return lanes.computeIfAbsent(device, id -> new MemoryLane(id, entries, bytes, clock, tellers, lane -> lanes.remove(id, lane)));
    }

    @Override
    public List<Pending> pending(int most) {
        Tally tally = new Tally();
        lanes.values().forEach(lane -> lane.tally(tally));
        return tally.oldest(most);
    }

    @Override
    public int count() {
        return lanes.values().stream().mapToInt(MemoryLane::depth).sum();
    }

    @Deactivate
    void close() {
        lanes.values().forEach(MemoryLane::close);
        timer.shutdownNow();
        tellers.shutdown(); // those just failed are told yet
    }
}
