package io.pantograph.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a figure is judged by must itself be right. */
class ScoreboardTest {

    private final Scoreboard scoreboard = new Scoreboard();

    // A single slow round of either side must not decide.
    @Test
    void theMedianOfThePairsCounts() {
        scoreboard.ratio("rate", "peer", List.of(90.0, 10.0, 100.0), List.of(100.0, 100.0, 100.0), true, 0.90, 0.80);
        assertTrue(scoreboard.markdown().contains("| 0.90 x | 0.10 | 1.00 |"), scoreboard.markdown());
        assertTrue(scoreboard.markdown().contains("| yes |"));
        assertTrue(scoreboard.withoutAlarm());
    }

    @Test
    void aMissedGoalIsSaidAndAnAlarmIsRaised() {
        scoreboard.ratio("rate", "peer", List.of(85.0), List.of(100.0), true, 0.90, 0.80);
        assertTrue(scoreboard.markdown().contains("| no |"));
        assertTrue(scoreboard.withoutAlarm());
        scoreboard.absolute("start", List.of(4.0, 6.0), 1.5, 3, "s");
        assertFalse(scoreboard.withoutAlarm());
        assertTrue(scoreboard.json().contains("\"median\": 5.0000"), scoreboard.json());
    }

    @Test
    void evenCountsHaveAMedianToo() {
        assertEquals(2.5, Scoreboard.median(List.of(1.0, 2.0, 3.0, 4.0)));
    }

    // A figure that only explains another one must neither look missed nor raise an alarm.
    @Test
    void whatIsNotAimedAtIsNotJudged() {
        scoreboard.told("until it was verified", List.of(40.0), "ms");
        scoreboard.beside("pause", "without", List.of(2.0), List.of(1.0), 5, 50, "ms");
        assertTrue(scoreboard.markdown().contains("| until it was verified | - | 40.0 ms | 40.0 | 40.0 |  |  |  |"), scoreboard.markdown());
        assertTrue(scoreboard.markdown().contains("| 2.00 : 1.00 | at most 5.00 | yes |"), scoreboard.markdown());
        assertTrue(scoreboard.json().contains("\"goal\": null, \"met\": null"), scoreboard.json());
        assertTrue(scoreboard.withoutAlarm());
        scoreboard.beside("pause", "without", List.of(51.0), List.of(1.0), 5, 50, "ms");
        assertFalse(scoreboard.withoutAlarm());
    }
}
