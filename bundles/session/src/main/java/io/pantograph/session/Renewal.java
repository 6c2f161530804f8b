package io.pantograph.session;

import io.pantograph.api.dialect.NoLoginException;
import io.pantograph.api.wire.Login;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Connects anew before a login is over and the hub would cut us: at 80 % of its time. First nothing more is sent, until what is under
 * way has its acknowledgement, so that nothing need be sent twice. On the timer's thread.
 */
final class Renewal {

    private static final Duration DRAINING = Duration.ofSeconds(5);
    /** A login so short is not renewed faster than this. */
    private static final Duration LEAST = Duration.ofSeconds(1);

    private final Clock clock;
    private final Uplink uplink;
    private final Later timer;
    private final Predicate<Attempt> current;
    private final Consumer<Attempt> anew;

    /**
     * @param current whether an attempt is still the one that counts
     * @param anew ends this attempt, on which nothing is under way, and begins the next
     */
    Renewal(Clock clock, Uplink uplink, Later timer, Predicate<Attempt> current, Consumer<Attempt> anew) {
        this.clock = clock;
        this.uplink = uplink;
        this.timer = timer;
        this.current = current;
        this.anew = anew;
    }

    /** The attempt is connected from now on. */
    void watch(Attempt attempt) {
        attempt.login().validFor().ifPresent(life -> {
            Duration left = attempt.left().minus(life.dividedBy(5));
            attempt.alarm(timer.later(() -> begin(attempt), left.compareTo(LEAST) < 0 ? LEAST : left));
        });
    }

    private void begin(Attempt attempt) {
        if (!current.test(attempt) || !gains(attempt)) {
            return;
        }
        attempt.alarm(timer.later(() -> end(attempt), DRAINING));
        uplink.drain().whenComplete((done, failure) -> timer.later(() -> end(attempt)));
    }

    /** A ready-made token does not live longer by logging in with it again: then the hub may as well cut us. */
    private boolean gains(Attempt attempt) {
        try {
            Login next = attempt.profile().login(clock.instant());
            Duration left = attempt.left();
            return next.validFor().isEmpty() || next.validFor().get().compareTo(left.plus(LEAST)) > 0;
        } catch (NoLoginException | RuntimeException | LinkageError e) {
            return false;
        }
    }

    private void end(Attempt attempt) {
        if (current.test(attempt)) {
            anew.accept(attempt);
        }
    }
}
