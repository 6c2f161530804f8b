package io.pantograph.bench.load;

import io.pantograph.bench.azure.Devices;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Ours against the official Java device client, in turn on the same hub in TLS, each in a process of its own; and that hub against its bare broker. */
final class AzureFigures {

    static final Set<String> ALL = Set.of("azure.telemetry", "azure.method", "azure.crowd", "azure.idle", "azure.ingest");

    private static final String SDK = "official device client";
    private static final String TUNED = "official device client, best tuned";

    /** Of the official client: its sending interval in ms, how many messages it sends in one, and its receiving interval in ms. */
    private record Tuning(int send, int batch, int receive) {

        String[] arguments() {
            return new String[] {"-Dsdk.send=" + send, "-Dsdk.batch=" + batch, "-Dsdk.receive=" + receive};
        }
    }

    private static final List<Tuning> TUNINGS = List.of(new Tuning(1, 1_000, 10), new Tuning(1, 1_000, 1),
            new Tuning(10, 1_000, 10), new Tuning(10, 5_000, 10));

    private final Path boxes;
    private final int rounds;
    private final Set<String> only;
    private final Scoreboard scoreboard;
    private final String peers;

    /** @param peers what the official client's process has on its class path beside {@link Devices} */
    AzureFigures(Path boxes, int rounds, Set<String> only, Scoreboard scoreboard, String peers) throws URISyntaxException {
        this.boxes = boxes;
        this.rounds = rounds;
        this.only = only;
        this.scoreboard = scoreboard;
        this.peers = Path.of(Devices.class.getProtectionDomain().getCodeSource().getLocation().toURI()) + File.pathSeparator + peers;
    }

    void run() throws Exception {
        var started = AzureHub.start(boxes);
        if (started.isEmpty()) {
            return;
        }
        try (AzureHub hub = started.get()) {
            if (only.contains("azure.telemetry")) {
                telemetry(hub);
            }
            if (only.contains("azure.method")) {
                method(hub);
            }
            if (only.contains("azure.crowd") || only.contains("azure.idle")) {
                crowd(hub);
            }
            if (only.contains("azure.ingest")) {
                new IngestFigures(hub, rounds).run(scoreboard);
            }
        }
    }

    /** In turn, the other way round in every second round: none always has the cooler machine. */
    private List<String> turns(int round, String... sides) {
        List<String> turns = new ArrayList<>(Arrays.asList(sides));
        if (round % 2 == 1) {
            java.util.Collections.reverse(turns);
        }
        return turns;
    }

    private void telemetry(AzureHub hub) throws Exception {
        List<String> device = List.of(hub.device("telemetry"));
        Tuning best = best(hub, device);
        Rounds figures = new Rounds();
        for (int round = 0; round < rounds; round++) {
            for (String side : turns(round, "ours", "sdk", "tuned")) {
                try (Fork fork = side.equals("ours") ? ours(hub, "telemetry", device)
                        : sdk(hub, "telemetry", device, side.equals("sdk") ? new String[0] : best.arguments())) {
                    figures.add(side, fork.result());
                }
            }
            figures.print("azure.telemetry", round, rounds);
        }
        scoreboard.ratio("Azure telemetry rate, TLS", SDK, figures.of("ours", "rate"), figures.of("sdk", "rate"), true, 20, 10);
        scoreboard.ratio("Azure telemetry rate, TLS", TUNED, figures.of("ours", "rate"), figures.of("tuned", "rate"), true, 1.2, 1.0);
        scoreboard.ratio("Azure CPU per message, TLS", SDK, figures.of("ours", "cpu"), figures.of("sdk", "cpu"), false, 0.3, 0.5);
        scoreboard.ratio("Azure CPU per message, TLS", TUNED, figures.of("ours", "cpu"), figures.of("tuned", "cpu"), false, 0.8, 1.0);
    }

    private Tuning best(AzureHub hub, List<String> device) throws Exception {
        Tuning best = null;
        double most = 0;
        for (Tuning tuning : TUNINGS) {
            try (Fork fork = sdk(hub, "telemetry", device, tuning.arguments())) {
                Map<String, Double> result = fork.result();
                System.out.println("azure.telemetry tuning " + tuning + "  " + result);
                if (result.get("rate") > most) {
                    most = result.get("rate");
                    best = tuning;
                }
            }
        }
        System.out.println("azure.telemetry best tuned is " + best);
        return best;
    }

    private void method(AzureHub hub) throws Exception {
        List<String> device = List.of(hub.device("method"));
        int count = Integer.getInteger("bench.calls", 300);
        Rounds figures = new Rounds();
        for (int round = 0; round < rounds; round++) {
            for (String side : turns(round, "ours", "sdk")) {
                try (Fork fork = side.equals("ours") ? ours(hub, "method", device) : sdk(hub, "method", device)) {
                    fork.result();
                    figures.add(side, calls(hub, count));
                }
            }
            figures.print("azure.method", round, rounds);
        }
        scoreboard.ratio("Azure method by REST and back in us, p50", SDK, figures.of("ours", "p50"), figures.of("sdk", "p50"), false, 1, 10);
        scoreboard.ratio("Azure method by REST and back in us, p99", SDK, figures.of("ours", "p99"), figures.of("sdk", "p99"), false, 1, 10);
    }

    private static Map<String, Double> calls(AzureHub hub, int count) throws Exception {
        double[] micros = new double[count];
        for (int i = -count / 4; i < count; i++) {
            long begin = System.nanoTime();
            hub.call("method");
            if (i >= 0) {
                micros[i] = (System.nanoTime() - begin) / 1e3;
            }
        }
        Arrays.sort(micros);
        return Map.of("p50", micros[count / 2], "p99", micros[count * 99 / 100]);
    }

    /** One more than is counted: the first is there before the clock starts. The idle ones of both sides idle at the same time. */
    private void crowd(AzureHub hub) throws Exception {
        int count = Integer.getInteger("bench.devices", 100);
        String seconds = System.getProperty("bench.idle", "15");
        // Each with devices of its own: the hub ends the connection of one who comes a second time.
        Map<String, List<String>> devices = new LinkedHashMap<>();
        for (String side : List.of("ours", "sdk", "parallel")) {
            devices.put(side, devices(hub, side + '-', count + 1));
        }
        Rounds figures = new Rounds();
        for (int round = 0; round < rounds; round++) {
            Map<String, Fork> idle = new LinkedHashMap<>();
            try {
                for (String side : only.contains("azure.crowd") ? turns(round, "ours", "sdk", "parallel") : turns(round, "ours", "sdk")) {
                    boolean atOnce = side.equals("parallel") || !only.contains("azure.crowd");
                    Fork fork = side.equals("ours") ? ours(hub, "crowd", devices.get(side), alone(side)) : sdk(hub, "crowd", devices.get(side), alone(side), "-Dsdk.parallel=" + atOnce);
                    try {
                        figures.add(side, fork.result());
                    } finally {
                        if (side.equals("parallel")) {
                            fork.close();
                        } else {
                            idle.put(side, fork);
                        }
                    }
                }
                if (only.contains("azure.idle")) {
                    for (Fork fork : idle.values()) {
                        fork.tell(seconds);
                    }
                    for (Map.Entry<String, Fork> one : idle.entrySet()) {
                        figures.add(one.getKey(), one.getValue().result());
                    }
                }
            } finally {
                for (Fork fork : idle.values()) {
                    fork.close();
                }
            }
            figures.print("azure.crowd", round, rounds);
        }
        String of = " of " + count + " devices in a process";
        if (only.contains("azure.crowd")) {
            scoreboard.ratio("Azure, s to connect " + count + " devices", SDK + ", one after the other", figures.of("ours", "connect"),
                    figures.of("sdk", "connect"), false, 0.2, 0.5);
            scoreboard.ratio("Azure, s to connect " + count + " devices", SDK + ", all at once", figures.of("ours", "connect"),
                    figures.of("parallel", "connect"), false, 1, 2);
            scoreboard.ratio("Azure, threads for each" + of, SDK, figures.of("ours", "threads"), figures.of("sdk", "threads"), false, 1, 2);
            scoreboard.ratio("Azure, KB of heap for each" + of, SDK, figures.of("ours", "heap"), figures.of("sdk", "heap"), false, 1, 2);
        }
        if (only.contains("azure.idle")) {
            scoreboard.ratio("Azure, % of a core for " + count + " idle devices, beyond what one takes", SDK, figures.of("ours", "idle"),
                    figures.of("sdk", "idle"), false, 0.05, 0.2);
            scoreboard.ratio("Azure, % of a core for a whole JVM with them", SDK, figures.of("ours", "process"), figures.of("sdk", "process"),
                    false, 1, 2);
        }
    }

    /** How long one device is left alone, to know what the process takes anyway. */
    private String alone(String side) {
        return "-Dbench.alone=" + (only.contains("azure.idle") && !side.equals("parallel") ? 5 : 0);
    }

    private static List<String> devices(AzureHub hub, String prefix, int count) throws Exception {
        List<String> connections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            connections.add(hub.device(prefix + i));
        }
        return connections;
    }

    private Fork ours(AzureHub hub, String measurement, List<String> connections, String... settings) throws IOException {
        return fork(hub, OurDevices.class.getName(), System.getProperty("java.class.path"), measurement, connections, settings);
    }

    private Fork sdk(AzureHub hub, String measurement, List<String> connections, String... settings) throws IOException {
        return fork(hub, "io.pantograph.bench.azure.SdkDevices", peers, measurement, connections, settings);
    }

    private Fork fork(AzureHub hub, String devices, String classPath, String measurement, List<String> connections, String... settings)
            throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-Xmx256m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dboxes=" + boxes));
        arguments.addAll(hub.arguments());
        for (String option : List.of("bench.warm", "bench.run")) {
            if (System.getProperty(option) != null) {
                arguments.add("-D" + option + '=' + System.getProperty(option));
            }
        }
        arguments.addAll(List.of(settings));
        Path file = Files.createTempFile("bench", ".connections");
        Files.write(file, connections);
        arguments.addAll(List.of("-cp", classPath, Devices.class.getPackageName() + ".Child", devices, measurement, file.toString()));
        return new Fork(devices + ' ' + measurement, arguments);
    }
}
