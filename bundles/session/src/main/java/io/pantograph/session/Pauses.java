package io.pantograph.session;

import io.pantograph.api.model.DeviceStatus.Reason;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before the next try, by what went wrong. */
final class Pauses {

    private static final Duration FIRST = Duration.ofMillis(200);
    private static final Duration FIRST_DISABLED = Duration.ofSeconds(2);

    private final Duration refused;
    private final RandomGenerator random;
    private final Backoff usual;
    private final Backoff disabled;

    Pauses(Limits limits, RandomGenerator random) {
        this.refused = limits.refusedPause();
        this.random = random;
        usual = new Backoff(FIRST, limits.pause(), random);
        disabled = new Backoff(FIRST_DISABLED, limits.refusedPause(), random);
    }

    /** A wrong key is not made right by trying: seldom from the start. A device that is switched off may be on again soon. */
    Duration next(Reason reason) {
        return switch (reason) {
            case BAD_CREDENTIAL -> seldom();
            case DEVICE_DISABLED -> disabled.next();
            default -> usual.next();
        };
    }

    /** There is no use in trying soon. */
    Duration seldom() {
        return refused.plusMillis(random.nextLong(refused.toMillis() + 1));
    }

    /** The same for a person who has mended it, and wonders why nothing happens. */
    String seldomSaid() {
        return "; the next try is " + refused.toSeconds() + " to " + 2 * refused.toSeconds() + " s later";
    }

    /** The hub took the login. */
    void taken() {
        disabled.reset();
    }

    /** The connection was a good one. */
    void good() {
        usual.reset();
    }
}
