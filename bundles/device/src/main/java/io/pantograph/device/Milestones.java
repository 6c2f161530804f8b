package io.pantograph.device;

/** When a count is worth a log line: at 1, 10, 100 and so on, so that a flood of the same does not become one of lines. */
final class Milestones {

    private Milestones() {
    }

    static boolean reached(long count) {
        long power = count;
        while (power >= 10 && power % 10 == 0) {
            power /= 10;
        }
        return power == 1;
    }
}
