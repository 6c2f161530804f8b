package io.pantograph.bench.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The figures of each side, round by round. */
final class Rounds {

    private final Map<String, Map<String, List<Double>>> sides = new LinkedHashMap<>();

    void add(String side, Map<String, Double> figures) {
        figures.forEach((figure, value) -> sides.computeIfAbsent(side, s -> new TreeMap<>()).computeIfAbsent(figure, f -> new ArrayList<>()).add(value));
    }

    List<Double> of(String side, String figure) {
        return sides.get(side).get(figure);
    }

    void print(String measurement, int round, int rounds) {
        StringBuilder line = new StringBuilder(measurement + " round " + (round + 1) + '/' + rounds);
        sides.forEach((side, figures) -> {
            line.append("  ").append(side);
            figures.forEach((figure, values) -> line.append(' ').append(figure).append('=').append(values.get(round)));
        });
        System.out.println(line);
    }
}
