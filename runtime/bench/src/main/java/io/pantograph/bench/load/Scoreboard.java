package io.pantograph.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The figures of a run, with what was aimed at. */
final class Scoreboard {

    private record Line(String what, String peer, double median, double least, double most, String levels, boolean higherIsBetter,
            double goal, double alarm, String unit) {

        boolean judged() {
            return !Double.isNaN(goal);
        }

        boolean met() {
            return higherIsBetter ? median >= goal : median <= goal;
        }

        boolean alarming() {
            return higherIsBetter ? median < alarm : median > alarm;
        }
    }

    private final List<Line> lines = new ArrayList<>();

    /** Each value divided by the peer's of the same round. */
    void ratio(String what, String peer, List<Double> ours, List<Double> peers, boolean higherIsBetter, double goal, double alarm) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < ours.size(); i++) {
            ratios.add(ours.get(i) / peers.get(i));
        }
        String levels = String.format(Locale.ROOT, "%s : %s", number(median(ours)), number(median(peers)));
        add(what, peer, ratios, levels, higherIsBetter, goal, alarm, "x");
    }

    /** Values that stand for themselves; lower is better. */
    void absolute(String what, List<Double> values, double goal, double alarm, String unit) {
        add(what, "-", values, "", false, goal, alarm, unit);
    }

    /** Values beside those of the peer, of which nothing is divided because small ones make no sensible ratio; lower is better. */
    void beside(String what, String peer, List<Double> ours, List<Double> peers, double goal, double alarm, String unit) {
        add(what, peer, ours, String.format(Locale.ROOT, "%s : %s", number(median(ours)), number(median(peers))), false, goal, alarm, unit);
    }

    /** Values that explain others; nothing is aimed at. */
    void told(String what, List<Double> values, String unit) {
        add(what, "-", values, "", false, Double.NaN, Double.NaN, unit);
    }

    private void add(String what, String peer, List<Double> values, String levels, boolean higherIsBetter, double goal, double alarm,
            String unit) {
        lines.add(new Line(what, peer, median(values), values.stream().mapToDouble(v -> v).min().orElse(Double.NaN),
                values.stream().mapToDouble(v -> v).max().orElse(Double.NaN), levels, higherIsBetter, goal, alarm, unit));
    }

    static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(v -> v).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    boolean withoutAlarm() {
        return lines.stream().noneMatch(Line::alarming);
    }

    String markdown() {
        StringBuilder out = new StringBuilder("| figure | peer | median | least | most | ours : peer | goal | met |\n"
                + "| --- | --- | --- | --- | --- | --- | --- | --- |\n");
        for (Line line : lines) {
            out.append(String.format(Locale.ROOT, "| %s | %s | %s %s | %s | %s | %s | %s | %s |%n", line.what, line.peer,
                    number(line.median), line.unit, number(line.least), number(line.most), line.levels,
                    line.judged() ? (line.higherIsBetter ? "at least " : "at most ") + number(line.goal) : "",
                    line.judged() ? line.met() ? "yes" : "no" : ""));
        }
        return out.toString();
    }

    String json() {
        List<String> objects = new ArrayList<>();
        for (Line line : lines) {
            objects.add(String.format(Locale.ROOT, "  {\"figure\": \"%s\", \"peer\": \"%s\", \"median\": %.4f, \"least\": %.4f, "
                    + "\"most\": %.4f, \"unit\": \"%s\", \"goal\": %s, \"met\": %s}",
                    line.what, line.peer, line.median, line.least, line.most, line.unit,
                    line.judged() ? String.format(Locale.ROOT, "%.4f", line.goal) : "null", line.judged() ? line.met() : "null"));
        }
        return "[\n" + String.join(",\n", objects) + "\n]\n";
    }

    private static String number(double value) {
        return value >= 1000 ? String.format(Locale.ROOT, "%.0f", value)
                : value >= 20 ? String.format(Locale.ROOT, "%.1f", value) : String.format(Locale.ROOT, "%.2f", value);
    }
}
