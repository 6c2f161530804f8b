package io.pantograph.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ManualClockTest {

    private final ManualClock clock = new ManualClock();
    private final Instant start = clock.instant();
    private final List<String> log = new ArrayList<>();

    @Test
    void runsWhatIsDueInTheOrderOfItsTime() {
        clock.scheduler().schedule(() -> note("b"), 2, TimeUnit.SECONDS);
        clock.scheduler().schedule(() -> note("a"), 1, TimeUnit.SECONDS);
        clock.scheduler().schedule(() -> note("late"), 10, TimeUnit.SECONDS);
        clock.advance(Duration.ofSeconds(3));
        assertEquals(List.of("a@1", "b@2"), log);
        assertEquals(start.plusSeconds(3), clock.instant());
        assertEquals(1, clock.waiting());
    }

    // A retry that schedules the next retry must come to its turn in the same step.
    @Test
    void runsWhatTheTasksAdd() {
        clock.scheduler().schedule(() -> {
            note("first");
            clock.scheduler().schedule(() -> note("second"), 1, TimeUnit.SECONDS);
        }, 1, TimeUnit.SECONDS);
        clock.advance(Duration.ofSeconds(2));
        assertEquals(List.of("first@1", "second@2"), log);
    }

    @Test
    void repeatsUntilCancelled() {
        ScheduledFuture<?> tick = clock.scheduler().scheduleAtFixedRate(() -> note("tick"), 1, 1, TimeUnit.SECONDS);
        clock.advance(Duration.ofSeconds(3));
        assertTrue(tick.cancel(false));
        clock.advance(Duration.ofSeconds(3));
        assertEquals(List.of("tick@1", "tick@2", "tick@3"), log);
        assertEquals(0, clock.waiting());
    }

    private void note(String what) {
        log.add(what + '@' + Duration.between(start, clock.instant()).toSeconds());
    }
}
