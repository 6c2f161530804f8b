package io.pantograph.bench.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** A pause that the notes lose would be a pause that nobody has. */
class TimelineTest {

    private static final long MILLISECOND = 1_000_000;

    private final Timeline timeline = new Timeline(100 * MILLISECOND, 1);

    @Test
    void theLongestOfATimeIsFound() {
        timeline.took(110 * MILLISECOND, 110 * MILLISECOND + 700);
        timeline.took(110 * MILLISECOND + 800, 110 * MILLISECOND + 900);
        timeline.took(120 * MILLISECOND, 120 * MILLISECOND + 900);
        assertEquals(700, timeline.longest(109 * MILLISECOND, 112 * MILLISECOND));
        assertEquals(900, timeline.longest(109 * MILLISECOND, 122 * MILLISECOND));
        assertEquals(0, timeline.longest(112 * MILLISECOND, 118 * MILLISECOND));
    }

    // A call of 80 ms around the switch begins long before the time that is looked at.
    @Test
    void aCallBelongsToEachMomentThatItLasted() {
        timeline.took(110 * MILLISECOND, 190 * MILLISECOND);
        assertEquals(80 * MILLISECOND, timeline.longest(150 * MILLISECOND, 151 * MILLISECOND));
    }

    @Test
    void whatIsBeforeOrAfterTheRunIsLeftOut() {
        timeline.took(90 * MILLISECOND, 101 * MILLISECOND);
        timeline.took(1_099 * MILLISECOND, 1_200 * MILLISECOND);
        assertEquals(11 * MILLISECOND, timeline.longest(0, 105 * MILLISECOND));
        assertEquals(101 * MILLISECOND, timeline.longest(1_050 * MILLISECOND, 5_000 * MILLISECOND));
    }
}
