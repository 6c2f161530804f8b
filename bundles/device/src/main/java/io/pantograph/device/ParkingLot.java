package io.pantograph.device;

import io.pantograph.api.core.News;
import io.pantograph.api.model.Condition;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.operator.Parked;
import io.pantograph.api.operator.Parking;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The readings of all devices that wait for a codec: how many there may be, and when it is time to look for it again. Nobody tells when a codec
 * comes; so as long as somebody waits, a look is taken ten times a second, which costs a volatile read for each format.
 */
final class ParkingLot implements Parking {

    private static final Logger log = LoggerFactory.getLogger("io.pantograph.devices");
    private static final long LOOK_MS = 100;

    private final int perDevice;
    private final long bytes;
    private final News news;
    private final InstantSource clock;
    private final LongSupplier generation;
    private final ScheduledExecutorService timer;
    private final Executor tellers;
    private final Set<Aside> occupied = ConcurrentHashMap.newKeySet();
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong decoded = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private Future<?> looking;

    /**
     * @param perDevice readings
     * @param bytes of memory, of all devices together
     * @param generation of the codecs, which changes with them
     * @param timer with one thread
     * @param tellers where authors hear what became of their readings, so that they keep nobody else waiting
     */
    ParkingLot(int perDevice, long bytes, News news, InstantSource clock, LongSupplier generation, ScheduledExecutorService timer, Executor tellers) {
        this.perDevice = perDevice;
        this.bytes = bytes;
        this.news = news;
        this.clock = clock;
        this.generation = generation;
        this.timer = timer;
        this.tellers = tellers;
    }

    /** Makes room for one more reading of a device. @return empty if there is some, else what there is too much of */
    String take(ParkedReading reading, int ofDevice) {
        if (ofDevice >= perDevice) {
            return ofDevice + " readings of it";
        }
        if (held.addAndGet(reading.weight) > bytes) {
            held.addAndGet(-reading.weight);
            return "readings of " + bytes + " bytes";
        }
        return "";
    }

    /** It has left, because a codec came or because its time was over. */
    void gave(ParkedReading reading, boolean written) {
        held.addAndGet(-reading.weight);
        (written ? decoded : dropped).incrementAndGet();
    }

    void refused(DeviceId device, ParkedReading reading, String detail) {
        dropped.incrementAndGet();
        news.condition(new Condition(Condition.Kind.OVERFLOW, device, reading.telemetry.event(), reading.telemetry.format(), detail, clock.instant()));
    }

    void tell(Runnable what) {
        try {
            tellers.execute(what);
        } catch (RejectedExecutionException closing) {
            what.run();
        }
    }

    /** Somebody waits here from now on. */
    void occupied(Aside aside) {
        occupied.add(aside);
        synchronized (this) {
            if (looking == null) {
                try {
                    looking = timer.scheduleWithFixedDelay(this::look, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
                } catch (RejectedExecutionException closing) {
                    // the devices are closed next, and that fails them
                }
            }
        }
    }

    private void look() {
        try {
            lookAtAll();
        } catch (RuntimeException | LinkageError e) { // the next look may be luckier, and there must be one
            log.error("readings that wait for a codec could not be looked after: {}", e.toString(), e);
        }
    }

    private void lookAtAll() {
        Instant now = clock.instant();
        long current = generation.getAsLong();
        for (Aside aside : occupied) {
            aside.look(now, current);
            if (aside.isEmpty()) {
                occupied.remove(aside);
                if (!aside.isEmpty()) {
                    occupied.add(aside); // one came in just now
                }
            }
        }
        synchronized (this) {
            if (occupied.isEmpty() && looking != null) {
                looking.cancel(false);
                looking = null;
            }
        }
    }

    @Override
    public List<Parked> parked(int most) {
        return occupied.stream().flatMap(aside -> aside.shown().stream()).sorted(Comparator.comparing(Parked::since)).limit(most).toList();
    }

    @Override
    public int count() {
        return occupied.stream().mapToInt(Aside::count).sum();
    }

    @Override
    public long decoded() {
        return decoded.get();
    }

    @Override
    public long dropped() {
        return dropped.get();
    }
}
