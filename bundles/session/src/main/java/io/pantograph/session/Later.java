package io.pantograph.session;

import java.time.Duration;
import java.util.concurrent.Future;

/** The timer, on whose one thread a conversation lives. */
@FunctionalInterface
interface Later {

    Future<?> later(Runnable step, Duration pause);

    default Future<?> later(Runnable step) {
        return later(step, Duration.ZERO);
    }
}
