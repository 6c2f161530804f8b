package io.pantograph.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Runs ours and the peer in turn, each in a process of its own, and prints the median ratio with its spread.
 *
 * <p>System properties: {@code bench.rounds} (9), {@code bench.only} (what to measure, all unless told; {@code none}), {@code bench.broker} (all,
 * hub or mosquitto), {@code bench.gate} (false; true: a missed alarm level fails the run), {@code bench.messages},
 * {@code boxes} and {@code samples}, where the jars are, {@code bench.peers}, a file with the class path of the official Azure client. Writes {@code scoreboard.md} and {@code scoreboard.json} into
 * {@code bench.target}.
 */
public final class Pairs {

    /** @param higherIsBetter of the ratio ours / peer. @param alarm beyond which the run fails, if gated */
    private record Goal(String measurement, String figure, String what, boolean higherIsBetter, double goal, double alarm) {
    }

    private static final List<Goal> GOALS = List.of(
            new Goal("publish1", "rate", "publish rate, QoS 1, window 100", true, 0.90, 0.80),
            new Goal("publish1", "cpu", "CPU per message, QoS 1, window 100", false, 1.15, 1.30),
            new Goal("publish0", "rate", "publish rate, QoS 0", true, 0.90, 0.80),
            new Goal("publish0", "cpu", "CPU per message, QoS 0", false, 1.15, 1.30),
            new Goal("roundtrip", "p50", "command round trip, p50", false, 1.3, 10),
            new Goal("roundtrip", "p99", "command round trip, p99", false, 1.5, 10));

    private static final String EVERYTHING = "publish1,publish0,roundtrip,start,azure.telemetry,azure.method,azure.crowd,azure.idle,azure.ingest,swap";

    private final int rounds = Integer.getInteger("bench.rounds", 9);
    private final Path target = Path.of(System.getProperty("bench.target", "target"));
    private final Path boxes = Path.of(System.getProperty("boxes", "../target")).toAbsolutePath().normalize();
    private final List<String> only = Arrays.asList(System.getProperty("bench.only", EVERYTHING).split(","));
    private final Scoreboard scoreboard = new Scoreboard();

    private Pairs() {
    }

    public static void main(String[] arguments) throws Exception {
        System.exit(new Pairs().run() || !Boolean.getBoolean("bench.gate") ? 0 : 1);
    }

    private boolean run() throws Exception {
        if (!plain().isEmpty()) {
            brokers(System.getProperty("bench.broker", "all"));
        }
        if (only.contains("start")) {
            new Startup(boxes, Path.of(System.getProperty("samples", "../../samples")), rounds).run(scoreboard);
        }
        if (only.contains("swap")) {
            new SwapFigures(boxes, rounds).run(scoreboard);
        }
        Set<String> azure = new TreeSet<>(only);
        azure.retainAll(AzureFigures.ALL);
        if (!azure.isEmpty()) {
            String peers = Files.readString(Path.of(System.getProperty("bench.peers", "../bench.azure/target/peer.classpath"))).trim();
            new AzureFigures(boxes, rounds, azure, scoreboard, peers).run();
        }
        Files.createDirectories(target);
        Files.writeString(target.resolve("scoreboard.md"), Machine.line() + "\n\n" + scoreboard.markdown());
        Files.writeString(target.resolve("scoreboard.json"), scoreboard.json());
        System.out.println(Machine.line() + "\n\n" + scoreboard.markdown());
        return scoreboard.withoutAlarm();
    }

    /** What is measured on any broker. */
    private Set<String> plain() {
        Set<String> plain = new TreeSet<>(only);
        plain.removeAll(Set.of("start", "swap", "none"));
        plain.removeAll(AzureFigures.ALL);
        return plain;
    }

    private void brokers(String wanted) throws Exception {
        if (!wanted.equals("mosquitto")) {
            try (Broker hub = Broker.hub(boxes)) {
                measure(hub);
            }
        }
        if (!wanted.equals("hub")) {
            var mosquitto = Broker.mosquitto(boxes);
            if (mosquitto.isPresent()) {
                try (Broker broker = mosquitto.get()) {
                    measure(broker);
                }
            } else {
                System.out.println("mosquitto is not installed: not measured");
            }
        }
    }

    private void measure(Broker broker) throws Exception {
        for (String measurement : plain()) {
            Map<String, List<Double>> ours = new LinkedHashMap<>();
            Map<String, List<Double>> peers = new LinkedHashMap<>();
            for (int round = 0; round < rounds; round++) {
                // A B, then B A: neither always has the cooler machine.
                boolean oursFirst = round % 2 == 0;
                Map<String, Double> first = fork(oursFirst ? "ours" : "paho", measurement, broker.target);
                Map<String, Double> second = fork(oursFirst ? "paho" : "ours", measurement, broker.target);
                (oursFirst ? first : second).forEach((figure, value) -> ours.computeIfAbsent(figure, f -> new ArrayList<>()).add(value));
                (oursFirst ? second : first).forEach((figure, value) -> peers.computeIfAbsent(figure, f -> new ArrayList<>()).add(value));
                System.out.println(broker.name + ' ' + measurement + " round " + (round + 1) + '/' + rounds
                        + "  ours " + (oursFirst ? first : second) + "  bare Paho " + (oursFirst ? second : first));
            }
            for (Goal goal : GOALS) {
                if (goal.measurement.equals(measurement)) {
                    scoreboard.ratio(goal.what + ", on " + broker.name, "bare Paho with NODELAY", ours.get(goal.figure),
                            peers.get(goal.figure), goal.higherIsBetter, goal.goal, goal.alarm);
                }
            }
        }
    }

    private Map<String, Double> fork(String adapter, String measurement, Target target) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "-cp", System.getProperty("java.class.path")));
        for (String option : List.of("bench.messages", "bench.roundtrips")) {
            if (System.getProperty(option) != null) {
                command.add("-D" + option + '=' + System.getProperty(option));
            }
        }
        command.addAll(target.arguments());
        command.addAll(List.of(Child.class.getName(), adapter, measurement));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Map<String, Double> result = new LinkedHashMap<>();
        StringBuilder printed = new StringBuilder();
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                printed.append(line).append('\n');
                if (line.startsWith("result ")) {
                    for (String pair : line.substring(7).split(" ")) {
                        result.put(pair.substring(0, pair.indexOf('=')), Double.valueOf(pair.substring(pair.indexOf('=') + 1)));
                    }
                }
            }
        }
        if (process.waitFor() != 0 || result.isEmpty()) {
            throw new IOException(adapter + ' ' + measurement + " failed:\n" + printed);
        }
        return result;
    }
}
