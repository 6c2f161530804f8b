package io.pantograph.strangers.azure;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.microsoft.azure.sdk.iot.service.registry.Device;
import com.microsoft.azure.sdk.iot.service.registry.Module;
import com.microsoft.azure.sdk.iot.service.registry.RegistryClient;
import io.pantograph.testkit.Box;
import io.pantograph.testkit.FaultProxy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Assumptions;

/**
 * The hub box in the place of IoT Hub, for programs that are not changed in anything. They know no ports but 8883 and 443, so the hub
 * gets a loopback address of its own, and so does a proxy before it that can cut connections. Where a port below 1024 may not be
 * opened, the tests say so and do not run.
 */
final class Cloud {

    static final String HUB = "hub.edge.example";
    static final String SHAKY = "shaky.edge.example";

    private static Cloud running;
    private static String impossible;

    final Box box;
    final FaultProxy mqtts;
    final FaultProxy https;
    final String service;
    final String scope;
    final String groupKey;
    private final HttpClient http = HttpClient.newHttpClient();

    private Cloud(Box box, FaultProxy mqtts, FaultProxy https) throws IOException {
        this.box = box;
        this.mqtts = mqtts;
        this.https = https;
        Properties credentials = box.azure();
        service = credentials.getProperty("service.connection-string");
        scope = credentials.getProperty("dps.id-scope");
        groupKey = credentials.getProperty("dps.group-key");
    }

    static synchronized Cloud get() throws Exception {
        Assumptions.assumeTrue(impossible == null, impossible);
        if (running == null) {
            running = start();
        }
        return running;
    }

    private static Cloud start() throws Exception {
        long pid = ProcessHandle.current().pid();
        String rest = (pid >> 8 & 0xff) + "." + Math.max(2, pid & 0xff);
        String address = "127.79." + rest;
        String shaky = "127.80." + rest;
        if (!opens(address, 443) || !opens(address, 8883)) {
            impossible = "the official programs know no ports but 443 and 8883, and those cannot be opened on " + address + " (run as root)";
            Assumptions.abort(impossible);
        }
        Path jar = Path.of(System.getProperty("boxes"), "pantograph-hub.jar");
        Path home = Files.createDirectories(Path.of("target")).toAbsolutePath().resolve("cloud-" + pid);
        Box box = Box.startHub(jar, home, Map.of("pantograph.bind", address, "pantograph.hub.https.port", "443", "pantograph.hub.mqtts.port", "8883",
                "pantograph.hub.names", HUB + ',' + SHAKY, "pantograph.hub.azure.host", HUB));
        Runtime.getRuntime().addShutdownHook(new Thread(box::close));
        Files.writeString(Path.of(System.getProperty("jdk.net.hosts.file")), """
                127.0.0.1 localhost
                %s %s
                %s %s
                """.formatted(address, HUB, shaky, SHAKY));
        trust(box);
        return new Cloud(box, new FaultProxy(shaky, 8883, address, 8883), new FaultProxy(shaky, 443, address, 443));
    }

    private static boolean opens(String address, int port) {
        String[] parts = address.split("\\.");
        byte[] bytes = new byte[4];
        for (int i = 0; i < 4; i++) {
            bytes[i] = (byte) Integer.parseInt(parts[i]); // no name service is asked: there is no hosts file yet
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(bytes), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** What an administrator would arrange too: the hub's authority in the JVM's trust store. */
    private static void trust(Box box) throws Exception {
        KeyStore trust = box.trust();
        Path file = Path.of("target", "trust.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            trust.store(out, "public".toCharArray());
        }
        System.setProperty("javax.net.ssl.trustStore", file.toAbsolutePath().toString());
        System.setProperty("javax.net.ssl.trustStorePassword", "public");
    }

    /** Registers a device. @return its connection string, by the steady name or the shaky one */
    String device(String id, String host) throws Exception {
        Device made = new RegistryClient(service).addDevice(new Device(id));
        return "HostName=" + host + ";DeviceId=" + id + ";SharedAccessKey=" + made.getPrimaryKey();
    }

    String module(String device, String id) throws Exception {
        Module made = new RegistryClient(service).addModule(new Module(device, id));
        return "HostName=" + HUB + ";DeviceId=" + device + ";ModuleId=" + id + ";SharedAccessKey=" + made.getPrimaryKey();
    }

    /** Enrols who shows a certificate, or whom it vouches for. @param path such as {@code /enrollments/x-alone} */
    void enrol(String path, String attestation) throws Exception {
        HttpResponse<String> answer = http.send(request(path + "?api-version=2021-10-01").header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString("{\"attestation\":" + attestation + "}")).build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
    }

    /** Sends a message to a device, the way that needs no AMQP. */
    void send(String device, String messageId, String text, Map<String, String> properties) throws Exception {
        HttpRequest.Builder request = request("/devices/" + device + "/messages/deviceBound").header("iothub-messageid", messageId)
                .POST(HttpRequest.BodyPublishers.ofString(text));
        properties.forEach((name, value) -> request.header("iothub-app-" + name, value));
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
    }

    private HttpRequest.Builder request(String path) throws Exception {
        String key = service.substring(service.indexOf("SharedAccessKey=") + "SharedAccessKey=".length());
        long expiry = Instant.now().getEpochSecond() + 3600;
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(key), "HmacSHA256"));
        String signature = Base64.getEncoder().encodeToString(mac.doFinal((HUB + "\n" + expiry).getBytes(StandardCharsets.UTF_8)));
        return HttpRequest.newBuilder(URI.create("https://" + HUB + path)).header("Authorization", "SharedAccessSignature sr=" + HUB + "&sig="
                + java.net.URLEncoder.encode(signature, StandardCharsets.UTF_8) + "&se=" + expiry + "&skn=iothubowner");
    }

    /** The telemetry of a device from now on, each event as the monitor tells it. */
    BlockingQueue<JsonObject> events(String device) throws Exception {
        BlockingQueue<JsonObject> events = new LinkedBlockingQueue<>();
        HttpResponse<java.io.InputStream> stream = http.send(request("/events?device=" + device + "&from=earliest&source=Telemetry")
                .header("Accept", "text/event-stream").build(), HttpResponse.BodyHandlers.ofInputStream());
        if (stream.statusCode() != 200) {
            throw new AssertionError(stream.statusCode() + " " + new String(stream.body().readAllBytes(), StandardCharsets.UTF_8));
        }
        Thread reader = new Thread(() -> {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("data:")) {
                        events.add(json(line.substring(5)).getAsJsonObject());
                    }
                }
            } catch (IOException e) {
                // the hub is gone
            }
        }, "events-of-" + device);
        reader.setDaemon(true);
        reader.start();
        return events;
    }

    static JsonElement json(String text) {
        return JsonParser.parseString(text);
    }

    /** The next of a queue, waited for. */
    static <T> T next(BlockingQueue<T> queue, String what) throws InterruptedException {
        T next = queue.poll(30, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("waited 30 s in vain for " + what);
        }
        return next;
    }
}
