package io.pantograph.codecs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SpinTest {

    private final Spin spin = new Spin();

    @BeforeEach
    void needsTwoProcessors() {
        Assumptions.assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "with one processor nobody spins");
    }

    private long worthOf(int times) {
        return IntStream.range(0, times).filter(i -> spin.worth()).count();
    }

    @Test
    void isTriedWhileItHelps() {
        for (int i = 0; i < 100; i++) {
            assertTrue(spin.worth());
            assertTrue(spin.soon(() -> true));
        }
    }

    @Test
    void isHardlyTriedWhenItWasInVain() {
        for (int i = 0; i < 4; i++) {
            assertTrue(spin.worth());
            assertFalse(spin.soon(() -> false));
        }
        assertEquals(10, worthOf(320));
    }

    @Test
    void isTriedAgainOnceItHelps() {
        for (int i = 0; i < 10; i++) {
            spin.soon(() -> false);
        }
        spin.soon(() -> true);
        assertEquals(4, worthOf(4));
    }
}
