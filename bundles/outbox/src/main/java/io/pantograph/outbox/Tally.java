package io.pantograph.outbox;

import io.pantograph.api.dialect.Reading;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Provenance;
import io.pantograph.api.operator.Pending;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Adds up readings by device, format and codec. Made for one answer and used by one thread. */
final class Tally {

    private record Kind(DeviceId device, String format, Provenance writtenBy) {
    }

    private static final class Sum {
        private int count;
        private long bytes;
        private Instant oldest = Instant.MAX;
        private Instant newest = Instant.MIN;

        void add(Reading reading) {
            count++;
            bytes += reading.payload().length();
            Instant accepted = reading.accepted();
            oldest = accepted.isBefore(oldest) ? accepted : oldest;
            newest = accepted.isAfter(newest) ? accepted : newest;
        }
    }

    private final Map<Kind, Sum> sums = new HashMap<>();

    void add(DeviceId device, Reading reading) {
        sums.computeIfAbsent(new Kind(device, reading.format(), reading.writtenBy()), kind -> new Sum()).add(reading);
    }

    List<Pending> oldest(int most) {
        return sums.entrySet().stream().map(entry -> pending(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(Pending::oldest).thenComparing(one -> one.device().toString()).thenComparing(Pending::format)
                        .thenComparing(one -> one.writtenBy().toString()))
                .limit(most).toList();
    }

    private static Pending pending(Kind kind, Sum sum) {
        return new Pending(kind.device(), kind.format(), kind.writtenBy(), sum.count, sum.bytes, sum.oldest, sum.newest);
    }
}
