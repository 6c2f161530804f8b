package io.pantograph.session;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential with full jitter: anything up to a limit that doubles each time, and not less than half the first limit, so that a thousand
 * gateways do not come back in the same moment.
 */
final class Backoff {

    private final long first;
    private final long most;
    private final RandomGenerator random;
    private int failures;

    Backoff(Duration first, Duration most, RandomGenerator random) {
        this.first = first.toMillis();
        this.most = most.toMillis();
        this.random = random;
    }

    Duration next() {
        long limit = Math.min(most, first << Math.min(failures, 30));
        failures++;
        long least = Math.min(limit, first / 2);
        return Duration.ofMillis(least + random.nextLong(limit - least + 1));
    }

    void reset() {
        failures = 0;
    }
}
