package io.pantograph.bench.load;

import io.pantograph.testkit.Box;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A broker to measure on: our hub box, or mosquitto where it is installed. */
final class Broker implements AutoCloseable {

    private static final String TYPE = "bench";
    private static final String TOKEN = "bench-token-1234567";

    final String name;
    final Target target;
    private final AutoCloseable end;

    private Broker(String name, Target target, AutoCloseable end) {
        this.name = name;
        this.target = target;
        this.end = end;
    }

    static Broker hub(Path boxes) throws Exception {
        Box box = Box.startHub(boxes.resolve("pantograph-hub.jar"), Files.createTempDirectory("bench-hub"), Map.of());
        return new Broker("hub", register(box, TYPE, "b-1", boxes), box);
    }

    /** Registers a device with the hub. @return how to reach the hub as that device, or as an application */
    static Target register(Box box, String type, String id, Path boxes) throws Exception {
        Properties keys = box.watson();
        Target target = new Target("127.0.0.1", box.port("pantograph.hub.mqtt.port"), true, keys.getProperty("org"), type, id, TOKEN,
                keys.getProperty("api-key"), keys.getProperty("api-token"), boxes);
        HttpClient http = HttpClient.newBuilder().sslContext(box.tls()).build();
        String base = "https://localhost:" + box.port("pantograph.hub.https.port") + "/api/v0002/device/types";
        post(http, target, base, "{\"id\":\"" + type + "\"}");
        post(http, target, base + '/' + type + "/devices", "{\"deviceId\":\"" + id + "\",\"authToken\":\"" + TOKEN + "\"}");
        return target;
    }

    private static void post(HttpClient http, Target target, String uri, String body) throws IOException, InterruptedException {
        String basic = Base64.getEncoder().encodeToString((target.key() + ':' + target.keyToken()).getBytes(StandardCharsets.UTF_8));
        HttpResponse<String> answer = http.send(HttpRequest.newBuilder(URI.create(uri)).header("Authorization", "Basic " + basic)
                .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 201) {
            throw new IOException("POST " + uri + " was answered " + answer.statusCode() + ' ' + answer.body());
        }
    }

    /** On a free loopback port; empty where it is not installed. */
    static Optional<Broker> mosquitto(Path boxes) throws Exception {
        Optional<Path> program = Stream.of("/usr/sbin/mosquitto", "/usr/bin/mosquitto", "/usr/local/sbin/mosquitto", "/opt/homebrew/sbin/mosquitto")
                .map(Path::of).filter(Files::isExecutable).findFirst();
        if (program.isEmpty()) {
            return Optional.empty();
        }
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Path configuration = Files.createTempFile("bench", ".conf");
        Files.writeString(configuration, "listener " + port + " 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\n"
                + "max_queued_messages 0\nmax_inflight_messages 1000\n");
        Process process = new ProcessBuilder(program.get().toString(), "-c", configuration.toString())
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        for (int tries = 0; !listens(port); tries++) {
            if (tries == 200) {
                throw new IOException("mosquitto does not listen on " + port);
            }
            TimeUnit.MILLISECONDS.sleep(25);
        }
        Target target = new Target("127.0.0.1", port, false, "edge01", TYPE, "b-1", TOKEN, "any", "any", boxes);
        return Optional.of(new Broker("mosquitto", target, process::destroy));
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 200);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws Exception {
        end.close();
    }
}
