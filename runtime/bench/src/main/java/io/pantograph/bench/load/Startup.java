package io.pantograph.bench.load;

import io.pantograph.testkit.Box;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;

/**
 * From the start of a JVM to where its user wants it: a hub that takes connections, a gateway whose first event has reached an
 * application. And what the gateway then weighs.
 */
final class Startup {

    /** What the README recommends for a gateway. */
    private static final String[] SMALL = {"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m", "-Xss512k"};

    private final Path boxes;
    private final Path sample;
    private final int rounds;

    Startup(Path boxes, Path samples, int rounds) throws IOException {
        this.boxes = boxes;
        this.rounds = rounds;
        try (Stream<Path> files = Files.list(samples.resolve("device.thermostat").resolve("target"))) {
            sample = files.filter(file -> file.getFileName().toString().matches("device\\.thermostat-[^-]+(-SNAPSHOT)?\\.jar")).findFirst()
                    .orElseThrow(() -> new IOException("no device.thermostat jar below " + samples + "; build the samples first"));
        }
    }

    void run(Scoreboard scoreboard) throws Exception {
        List<Double> hub = new ArrayList<>();
        List<Double> firstEvent = new ArrayList<>();
        List<Double> rss = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            Path home = Files.createTempDirectory("bench-start");
            long begin = System.nanoTime();
            try (Box box = Box.startHub(boxes.resolve("pantograph-hub.jar"), home, Map.of())) {
                int port = box.port("pantograph.hub.mqtt.port");
                try (Socket socket = new Socket()) {
                    socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
                }
                hub.add((System.nanoTime() - begin) / 1e9);
                gateway(box, firstEvent, rss);
            }
            System.out.println("start round " + (round + 1) + '/' + rounds + "  hub ready " + hub.get(round) + " s, gateway first event "
                    + firstEvent.get(round) + " s, RSS " + rss.get(round) + " MB");
        }
        scoreboard.absolute("hub box, JVM start to first connection, empty data folder", hub, 4, 8, "s");
        scoreboard.absolute("gateway box, JVM start to first event at an application", firstEvent, 1.5, 3, "s");
        scoreboard.absolute("gateway box, resident memory with one device", rss, 110, 160, "MB");
    }

    private void gateway(Box hub, List<Double> firstEvent, List<Double> rss) throws Exception {
        Target device = Broker.register(hub, "thermostat", "t-1", boxes);
        Path home = Files.createTempDirectory("bench-gateway");
        Files.createDirectories(home.resolve("conf").resolve("devices"));
        Files.createDirectories(home.resolve("drop"));
        Files.writeString(home.resolve("conf").resolve("devices").resolve("t-1.ini"), """
                [device]
                org = %s
                type = thermostat
                id = t-1
                auth-method = token
                auth-token = %s
                domain = localhost
                port = %d
                """.formatted(device.org(), device.token(), hub.port("pantograph.hub.mqtts.port")));
        Files.copy(hub.home().resolve("hub").resolve("ca.pem"), home.resolve("conf").resolve("ca.pem"));
        Files.copy(sample, home.resolve("drop").resolve("device.thermostat.jar"), StandardCopyOption.REPLACE_EXISTING);
        CountDownLatch arrived = new CountDownLatch(1);
        MqttAsyncClient application = BarePaho.connect(device, "a:" + device.org() + ":start", device.key(),
                device.keyToken());
        application.subscribe("iot-2/type/+/id/t-1/evt/+/fmt/+", 1, (topic, message) -> arrived.countDown()).waitForCompletion(10_000);
        long begin = System.nanoTime();
        try (Box gateway = Box.start(boxes.resolve("pantograph-gateway.jar"), home, Map.of(), SMALL)) {
            if (!arrived.await(30, TimeUnit.SECONDS)) {
                throw new IOException("no event of the gateway box within 30 s:\n" + gateway.printed());
            }
            firstEvent.add((System.nanoTime() - begin) / 1e9);
            TimeUnit.SECONDS.sleep(3); // a few more events, so that it weighs what it weighs in use
            rss.add(residentMegabytes(gateway.pid()));
        }
        application.disconnectForcibly(100, 100);
        application.close();
    }

    /** Linux only; elsewhere not a number. */
    private static double residentMegabytes(long pid) throws IOException {
        Path status = Path.of("/proc", String.valueOf(pid), "status");
        if (!Files.exists(status)) {
            return Double.NaN;
        }
        return Files.readAllLines(status).stream().filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D+", "")) / 1024).findFirst().orElse(Double.NaN);
    }
}
