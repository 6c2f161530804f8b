package io.pantograph.bench.load;

import io.pantograph.bench.swap.SwapChild;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Code that is changed while messages flow: how long the longest call is around a switch, beside the longest of as many stretches of time
 * without one; how long a deployment takes; and what a shadow costs the messages that it is given copies of. Each round in a process of its own,
 * and first without exchanges or first with them in turn.
 */
final class SwapFigures {

    private static final String STILL = "the same without exchanges";
    private static final int PACE = 5_000;
    /** Milliseconds that nobody minds, whatever it is without exchanges. */
    private static final double PAUSE = 5;
    private static final double WORSE = 1.5;

    private final Path boxes;
    private final int rounds;

    SwapFigures(Path boxes, int rounds) {
        this.boxes = boxes;
        this.rounds = rounds;
    }

    void run(Scoreboard scoreboard) throws Exception {
        Rounds figures = new Rounds();
        for (int round = 0; round < rounds; round++) {
            figures.add("full", fork(0, round));
            figures.add("paced", fork(PACE, round));
            figures.print("swap", round, rounds);
        }
        tell(scoreboard, figures, "full", "2 threads at full speed");
        tell(scoreboard, figures, "paced", "2 threads, " + PACE + "/s each");
        scoreboard.beside("encode in us while a shadow gets copies, p50, 2 threads, " + PACE + "/s each", "the same without a shadow",
                figures.of("paced", "shadowed.p50"), figures.of("paced", "alone.p50"), Double.NaN, Double.NaN, "us");
        scoreboard.beside("encode in us while a shadow gets copies, p99, 2 threads, " + PACE + "/s each", "the same without a shadow",
                figures.of("paced", "shadowed.p99"), figures.of("paced", "alone.p99"), Double.NaN, Double.NaN, "us");
    }

    private Map<String, Double> fork(int perSecond, int round) throws IOException, InterruptedException {
        // Logs as the box does: otherwise it would tell every event of the framework, which takes longer than what is measured.
        List<String> arguments = new ArrayList<>(List.of("-Xmx256m", "-Dboxes=" + boxes,
                "-Dlogback.configurationFile=" + boxes.resolveSibling("logback.xml")));
        if (System.getProperty("bench.swaps") != null) {
            arguments.add("-Dbench.swaps=" + System.getProperty("bench.swaps"));
        }
        arguments.addAll(List.of("-cp", System.getProperty("java.class.path"), SwapChild.class.getName(), String.valueOf(perSecond),
                round % 2 == 0 ? "still" : "swaps"));
        try (Fork fork = new Fork("swap", arguments)) {
            return fork.result();
        }
    }

    private static void tell(Scoreboard scoreboard, Rounds figures, String side, String load) {
        scoreboard.ratio("encodes a second while codecs are exchanged, " + load, STILL, figures.of(side, "swaps.rate"), figures.of(side, "still.rate"),
                true, Double.NaN, Double.NaN);
        for (String quantile : List.of("p50", "p99", "max")) {
            List<Double> without = millis(figures.of(side, "still." + quantile));
            double goal = Math.max(PAUSE, WORSE * Scoreboard.median(without));
            scoreboard.beside("longest encode within 25 ms of a switch, " + quantile + ", " + load, STILL,
                    millis(figures.of(side, "switch." + quantile)), without, goal, 10 * goal, "ms");
        }
        scoreboard.told("longest encode during a whole deployment, p50, " + load, millis(figures.of(side, "during.p50")), "ms");
        scoreboard.told("longest encode during a whole deployment, p99, " + load, millis(figures.of(side, "during.p99")), "ms");
        scoreboard.absolute("deployment of a codec until it is proven, p50, " + load, millis(figures.of(side, "deploy.p50")), 1_000, 3_000, "ms");
        scoreboard.absolute("deployment of a codec until it is proven, p99, " + load, millis(figures.of(side, "deploy.p99")), 3_000, 10_000, "ms");
        scoreboard.told("of it until it was verified, p50, " + load, millis(figures.of(side, "verify.p50")), "ms");
        scoreboard.told("of it on probation (1,000 calls), p50, " + load, millis(figures.of(side, "probation.p50")), "ms");
    }

    private static List<Double> millis(List<Double> micros) {
        return micros.stream().map(value -> value / 1_000).toList();
    }
}
