package io.pantograph.session;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: 100 to 200 ms at first, then anything up to a limit that doubles, so that a thousand
 * gateways do not come back in the same moment.
 */
final class Backoff {

    private static final long FIRST_MILLIS = 200;

    private final long most;
    private final RandomGenerator random;
    private int failures;

    Backoff(Duration most, RandomGenerator random) {
        this.most = most.toMillis();
        this.random = random;
    }

    Duration next() {
        long limit = Math.min(most, FIRST_MILLIS << Math.min(failures, 30));
        failures++;
        long least = Math.min(limit, FIRST_MILLIS / 2);
        return Duration.ofMillis(least + random.nextLong(limit - least + 1));
    }

    void reset() {
        failures = 0;
    }
}
