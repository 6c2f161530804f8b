package io.pantograph.twin;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Pauses that grow from 1 s to 60 s, each cut by chance by up to a half, so that many devices do not come back together. */
final class Pauses {

    static final Duration LONGEST = Duration.ofSeconds(60);

    private int failures;

    Duration next() {
        long most = Math.min(LONGEST.toMillis(), 1000L << Math.min(failures++, 6));
        return Duration.ofMillis(most - ThreadLocalRandom.current().nextLong(most / 2));
    }

    void reset() {
        failures = 0;
    }
}
