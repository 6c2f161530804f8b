package io.pantograph.bench.load;

import io.pantograph.testkit.Box;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The hub box in the place of IoT Hub. The official client knows no port but 8883, so the hub gets a loopback address of its own and a
 * name that a hosts file leads there.
 */
final class AzureHub implements AutoCloseable {

    private static final String NAME = "hub.edge.example";
    static final int MQTTS = 8883;

    final String address;
    final Path ca;
    private final Box box;
    private final Path hosts;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String base;
    private final String owner;

    private AzureHub(Box box, String address, Path home) throws Exception {
        this.box = box;
        this.address = address;
        ca = box.home().resolve("hub").resolve("ca.pem");
        hosts = Files.writeString(home.resolve("hosts"), "127.0.0.1 localhost\n" + address + ' ' + NAME + '\n');
        base = "http://" + address + ':' + box.port("pantograph.hub.http.port");
        String service = box.azure().getProperty("service.connection-string");
        owner = "SharedAccessSignature " + token(NAME, service.substring(service.indexOf("SharedAccessKey=") + "SharedAccessKey=".length()))
                + "&skn=iothubowner";
    }

    /** Empty where there is no loopback address beside 127.0.0.1, or its port is taken. */
    static Optional<AzureHub> start(Path boxes) throws Exception {
        long pid = ProcessHandle.current().pid();
        byte[] bytes = {127, 81, (byte) (pid >> 8), (byte) Math.max(2, pid & 0xff)};
        InetAddress address = InetAddress.getByAddress(bytes);
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(address, MQTTS));
        } catch (IOException e) {
            System.out.println("no hub for the official client on " + address + ':' + MQTTS + ": " + e.getMessage());
            return Optional.empty();
        }
        Path home = Files.createTempDirectory("bench-azure");
        Box box = Box.startHub(boxes.resolve("pantograph-hub.jar"), home.resolve("home"), Map.of("pantograph.bind", address.getHostAddress(),
                "pantograph.hub.mqtts.port", String.valueOf(MQTTS), "pantograph.hub.names", NAME, "pantograph.hub.azure.host", NAME));
        return Optional.of(new AzureHub(box, address.getHostAddress(), home));
    }

    static String token(String resource, String key) throws Exception {
        long until = Instant.now().getEpochSecond() + 24 * 3_600;
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(key), "HmacSHA256"));
        String signature = Base64.getEncoder().encodeToString(mac.doFinal((resource + '\n' + until).getBytes(StandardCharsets.UTF_8)));
        return "sr=" + resource + "&sig=" + URLEncoder.encode(signature, StandardCharsets.UTF_8) + "&se=" + until;
    }

    /** Registers a device. @return its connection string */
    String device(String id) throws Exception {
        String key = key(id);
        ask("PUT", "/devices/" + id, "{\"deviceId\":\"" + id + "\",\"authentication\":{\"type\":\"sas\",\"symmetricKey\":{\"primaryKey\":\"" + key
                + "\",\"secondaryKey\":\"" + key + "\"}}}");
        return "HostName=" + NAME + ";DeviceId=" + id + ";SharedAccessKey=" + key;
    }

    private static String key(String id) {
        return Base64.getEncoder().encodeToString(String.format("%32s", id).getBytes(StandardCharsets.US_ASCII));
    }

    String user(String id) {
        return NAME + '/' + id + "/?api-version=2021-04-12";
    }

    String password(String id) throws Exception {
        return "SharedAccessSignature " + token(NAME + "%2Fdevices%2F" + id, key(id));
    }

    /** Calls a method and waits for the answer. */
    void call(String id) throws Exception {
        String answer = ask("POST", "/twins/" + id + "/methods",
                "{\"methodName\":\"ping\",\"payload\":{\"n\":1},\"responseTimeoutInSeconds\":20,\"connectTimeoutInSeconds\":10}");
        if (!answer.contains("\"status\":200") || !answer.contains("\"n\":1")) {
            throw new IOException("the method was answered " + answer);
        }
    }

    private String ask(String method, String path, String body) throws Exception {
        HttpResponse<String> answer = http.send(HttpRequest.newBuilder(URI.create(base + path + "?api-version=2021-04-12"))
                .header("Authorization", owner).header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(method + ' ' + path + " was answered " + answer.statusCode() + ' ' + answer.body());
        }
        return answer.body();
    }

    /** What a process needs to reach this hub as a device. */
    List<String> arguments() {
        return List.of("-Djdk.net.hosts.file=" + hosts, "-Dtarget.ca=" + ca);
    }

    long pid() {
        return box.pid();
    }

    @Override
    public void close() {
        box.close();
    }
}
