package io.pantograph.device;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.NoCodecException;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeliveryException.Reason;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Telemetry;
import io.pantograph.api.operator.Parked;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Readings of one device that wait for a codec, of each format in order: as long as one waits, later ones of that format come behind it. Coming
 * in is for any thread; only the thread that looks after all of them takes out what can be written.
 */
final class Aside {

    /** A message may bring down each codec that it is given to; so it is not given to one for ever. */
    private static final int TRIES = 2;

    private static final Logger log = LoggerFactory.getLogger("io.pantograph.devices");

    /** What is done with a reading for which there is a codec. */
    interface Writer {

        /** @return what {@link io.pantograph.api.core.OutboxLane#append} did */
        CompletionStage<Void> send(Telemetry telemetry, Instant accepted, Optional<Instant> expiry) throws CodecException, DeliveryException;
    }

    private static final class Row {
        final Deque<ParkedReading> readings = new ArrayDeque<>();
        /** At which state of the codecs the first one was tried in vain. */
        long tried = Long.MIN_VALUE;
    }

    private final DeviceId device;
    private final ParkingLot lot;
    private final Predicate<String> ready;
    private final Writer writer;
    private final Map<String, Row> rows = new LinkedHashMap<>();
    private volatile int count;
    private boolean closed;

    /** @param ready whether there is a codec for this format now */
    Aside(DeviceId device, ParkingLot lot, Predicate<String> ready, Writer writer) {
        this.device = device;
        this.lot = lot;
        this.ready = ready;
        this.writer = writer;
    }

    boolean isEmpty() {
        return count == 0;
    }

    int count() {
        return count;
    }

    /** If others of its format wait, so does this one. @return null if there are none */
    CompletionStage<Void> behind(Telemetry telemetry, Instant accepted, Optional<Instant> expiry) {
        synchronized (this) {
            Row row = rows.get(telemetry.format());
            if (row == null || row.readings.isEmpty()) {
                return null;
            }
            return keep(row, new ParkedReading(telemetry, accepted, expiry, row.readings.getFirst().reason()));
        }
    }

    /** @param reason why there is no codec, one sentence */
    CompletionStage<Void> keep(Telemetry telemetry, Instant accepted, Optional<Instant> expiry, String reason) {
        ParkedReading reading = new ParkedReading(telemetry, accepted, expiry, reason);
        CompletionStage<Void> outcome;
        synchronized (this) {
            if (closed) {
                return CompletableFuture.failedStage(closed(reading));
            }
            Row row = rows.get(telemetry.format());
            if (row == null) {
                row = new Row();
                log.warn("{}: readings in '{}' are kept until there is a codec: {}", device, telemetry.format(), reason);
            }
            outcome = keep(row, reading);
            if (!row.readings.isEmpty()) {
                rows.put(telemetry.format(), row);
            }
        }
        lot.occupied(this);
        return outcome;
    }

    private CompletionStage<Void> keep(Row row, ParkedReading reading) {
        String full = lot.take(reading, count);
        if (!full.isEmpty()) {
            String what = "event '" + reading.telemetry.event() + "' of " + device + " could not be kept until there is a codec for '"
                    + reading.telemetry.format() + "', since " + full + " wait already; send less, or bring the codec back";
            lot.refused(device, reading, what);
            return CompletableFuture.failedStage(new DeliveryException(Reason.OVERFLOW, what));
        }
        row.readings.add(reading);
        count++;
        return reading.outcome.minimalCompletionStage();
    }

    /** Sends what can be sent and fails what is overdue. On one thread. @param generation of the codecs, read before */
    void look(Instant now, long generation) {
        List<Map.Entry<String, Row>> all;
        synchronized (this) {
            all = List.copyOf(rows.entrySet());
        }
        for (Map.Entry<String, Row> each : all) {
            expire(each.getValue(), now);
            if (each.getValue().tried != generation && ready.test(each.getKey())) {
                send(each.getValue(), generation);
            }
            synchronized (this) {
                if (each.getValue().readings.isEmpty()) {
                    rows.remove(each.getKey(), each.getValue());
                }
            }
        }
    }

    private void expire(Row row, Instant now) {
        List<ParkedReading> late = new ArrayList<>();
        synchronized (this) {
            for (Iterator<ParkedReading> each = row.readings.iterator(); each.hasNext();) {
                ParkedReading reading = each.next();
                if (reading.overdue(now)) {
                    each.remove();
                    count--;
                    late.add(reading);
                }
            }
        }
        late.forEach(reading -> fail(reading, new DeliveryException(Reason.EXPIRED, "event '" + reading.telemetry.event() + "' of " + device
                + ": its time to live ended before there was a codec for '" + reading.telemetry.format() + "'")));
    }

    private void send(Row row, long generation) {
        for (ParkedReading first = first(row); first != null; first = first(row)) {
            CompletionStage<Void> stage;
            try {
                stage = writer.send(first.telemetry, first.accepted, first.expiry);
            } catch (NoCodecException e) {
                if (e.wasKnown() && !e.wasGiven()) {
                    return; // one in quarantine is tried with another message just now
                }
                if (e.wasKnown() && ++first.tries < TRIES) {
                    row.tried = generation;
                    return;
                }
                stage = CompletableFuture.failedStage(new DeliveryException(Reason.NOT_ENCODABLE, "event '" + first.telemetry.event() + "' of "
                        + device + " cannot be said in " + first.telemetry.format() + ": each codec that it was given to failed; " + e.getMessage(), e));
            } catch (CodecException | DeliveryException | RuntimeException | LinkageError e) {
                stage = CompletableFuture.failedStage(Link.why(device, first.telemetry, e));
            }
            if (full(stage)) {
                return; // of the outbox; it is tried again soon
            }
            if (remove(row, first)) {
                settle(first, stage);
            }
        }
    }

    private synchronized ParkedReading first(Row row) {
        return row.readings.peekFirst();
    }

    /** @return false if the device was closed meanwhile, and the reading was failed by that */
    private synchronized boolean remove(Row row, ParkedReading first) {
        if (row.readings.peekFirst() != first) {
            return false;
        }
        row.readings.removeFirst();
        count--;
        return true;
    }

    private void settle(ParkedReading reading, CompletionStage<Void> stage) {
        lot.gave(reading, true);
        if (stage.toCompletableFuture().isDone()) {
            stage.whenComplete((done, failure) -> lot.tell(() -> reading.sent(plain(failure)))); // nobody's code runs on this thread
        } else {
            stage.whenComplete((done, failure) -> reading.sent(plain(failure)));
        }
    }

    private static Throwable plain(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private static boolean full(CompletionStage<Void> stage) {
        CompletableFuture<Void> now = stage.toCompletableFuture();
        if (!now.isCompletedExceptionally()) {
            return false;
        }
        try {
            now.get();
            return false;
        } catch (ExecutionException e) {
            return e.getCause() instanceof DeliveryException delivery && delivery.reason() == Reason.OVERFLOW;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private void fail(ParkedReading reading, DeliveryException why) {
        lot.gave(reading, false);
        lot.tell(() -> reading.failed(why));
    }

    /** Fails all that wait with CLOSED, and later ones too. */
    void close() {
        List<ParkedReading> left = new ArrayList<>();
        synchronized (this) {
            closed = true;
            rows.values().forEach(row -> {
                left.addAll(row.readings);
                row.readings.clear();
            });
            rows.clear();
            count = 0;
        }
        left.forEach(reading -> fail(reading, closed(reading)));
    }

    private DeliveryException closed(ParkedReading reading) {
        return new DeliveryException(Reason.CLOSED, "event '" + reading.telemetry.event() + "' of " + device + ": the device was closed");
    }

    synchronized List<Parked> shown() {
        return rows.values().stream().flatMap(row -> row.readings.stream()).map(reading -> reading.shown(device)).toList();
    }
}
