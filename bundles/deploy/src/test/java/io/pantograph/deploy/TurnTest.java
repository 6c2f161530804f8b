package io.pantograph.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.State;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TurnTest {

    private final List<String> heard = new ArrayList<>();
    private final Deque<Runnable> threads = new ArrayDeque<>();
    private final AtomicLong nanos = new AtomicLong();

    private static Deployment news(int number) {
        return new Deployment("d-" + number, "shell", State.STAGED, "", List.of(), List.of(), Instant.EPOCH, Optional.empty());
    }

    private Turn turn() {
        return new Turn(one -> {
            heard.add(one.id());
            if (one.id().equals("d-2")) {
                throw new IllegalStateException("not today");
            }
            if (one.id().equals("d-3")) {
                throw new AssertionError("nor an Error");
            }
        }, "some.bundle 1.0.0", threads::add, nanos::get);
    }

    // However a listener fails, it hears the next.
    @Test
    void hearsAllInOrderOneAtATime() {
        Turn turn = turn();
        for (int i = 1; i <= 4; i++) {
            turn.tell(news(i));
        }
        assertEquals(1, threads.size());
        threads.poll().run();
        turn.tell(news(5));
        threads.poll().run();
        assertEquals(List.of("d-1", "d-2", "d-3", "d-4", "d-5"), heard);
    }

    // What hangs for ever must not fill the memory, and the newest is what it needs most when it is back.
    @Test
    void missesTheOldestWhileItHangs() {
        Turn turn = turn();
        for (int i = 1; i <= Turn.BEHIND + 10; i++) {
            turn.tell(news(i));
        }
        assertFalse(turn.isSilent());
        nanos.set(Turn.PATIENCE.toNanos() + 1);
        turn.tell(news(9_999));
        assertTrue(turn.isSilent());
        threads.poll().run();
        assertFalse(turn.isSilent());
        assertEquals(Turn.BEHIND, heard.size());
        assertEquals("d-12", heard.get(0));
        assertEquals("d-9999", heard.get(Turn.BEHIND - 1));
    }

    @Test
    void hearsNothingWhenItHasGone() {
        Turn turn = turn();
        turn.tell(news(1));
        turn.end();
        turn.tell(news(2));
        threads.poll().run();
        assertEquals(List.of(), heard);
        assertEquals(0, threads.size());
    }
}
