package io.pantograph.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the hub's rules and its event log cost: the same flood of Azure telemetry to the hub, and to the broker in it alone. */
final class IngestFigures {

    private static final String DEVICE = "flood";

    private final AzureHub hub;
    private final int rounds;

    IngestFigures(AzureHub hub, int rounds) {
        this.hub = hub;
        this.rounds = rounds;
    }

    void run(Scoreboard scoreboard) throws Exception {
        hub.device(DEVICE);
        Path folder = Files.createTempDirectory("bench-bare");
        Path certificate = folder.resolve("bare.pem");
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Rounds figures = new Rounds();
        try (Fork bare = new Fork("the bare broker", List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", System.getProperty("java.class.path"),
                BareBroker.class.getName(), "127.0.0.1", String.valueOf(port), folder.toString(), certificate.toString()))) {
            bare.result();
            for (int round = 0; round < rounds; round++) {
                for (int turn = 0; turn < 2; turn++) {
                    if (turn == round % 2) {
                        flood(figures, "ours", hub.ca, hub.address, AzureHub.MQTTS, hub.pid());
                    } else {
                        flood(figures, "bare", certificate, "127.0.0.1", port, bare.pid());
                    }
                }
                figures.print("azure.ingest", round, rounds);
            }
        }
        scoreboard.ratio("hub ingest of Azure telemetry, QoS 1, window 100, TLS", "bare embedded broker", figures.of("ours", "rate"),
                figures.of("bare", "rate"), true, 0.90, 0.75);
    }

    private void flood(Rounds figures, String side, Path ca, String address, int port, long pid) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("-Xmx128m", "-Dtarget.ca=" + ca));
        for (String option : List.of("bench.warm", "bench.run")) {
            if (System.getProperty(option) != null) {
                arguments.add("-D" + option + '=' + System.getProperty(option));
            }
        }
        arguments.addAll(List.of("-cp", System.getProperty("java.class.path"), Flood.class.getName(), address, String.valueOf(port), DEVICE,
                hub.user(DEVICE), hub.password(DEVICE), String.valueOf(pid)));
        try (Fork fork = new Fork("the flood to " + side, arguments)) {
            figures.add(side, fork.result());
        } catch (IOException e) {
            throw new IOException("on " + address + ':' + port, e);
        }
    }
}
