package io.pantograph.trials;

import io.pantograph.testkit.Box;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Properties;

/** The hub box, run as a process of its own on free ports, and what a test asks of it. */
final class TestHub implements AutoCloseable {

    static final String TOKEN = "trial-token-1234567";

    final Box box;
    final String org;
    final String key;
    final String keyToken;
    private final HttpClient http;

    private TestHub(Box box) throws IOException, GeneralSecurityException {
        this.box = box;
        Properties keys = box.watson();
        org = keys.getProperty("org");
        key = keys.getProperty("api-key");
        keyToken = keys.getProperty("api-token");
        http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(box.tls()).build();
    }

    /** On a new data folder. */
    static TestHub start() throws Exception {
        return start(home("hub"), Map.of());
    }

    static TestHub start(Path home, Map<String, String> settings) throws Exception {
        return new TestHub(Box.startHub(jar("hub"), home, settings));
    }

    /** The one in the demo box. */
    static TestHub startDemo(Path home) throws Exception {
        return new TestHub(Box.startHub(jar("demo"), home, Map.of()));
    }

    /** An empty folder below target. */
    static Path home(String name) throws IOException {
        Path trials = Files.createDirectories(Path.of("target", "trials").toAbsolutePath());
        return Files.createTempDirectory(trials, name + '-');
    }

    static Path jar(String box) {
        return Path.of(System.getProperty("boxes")).normalize().resolve("pantograph-" + box + ".jar");
    }

    int mqtt() throws IOException {
        return box.port("pantograph.hub.mqtt.port");
    }

    int mqtts() throws IOException {
        return box.port("pantograph.hub.mqtts.port");
    }

    /** Registers a device of this type, the type too, with the token {@link #TOKEN}. */
    void register(String type, String id) throws Exception {
        rest("POST", "/device/types", "{\"id\":\"" + type + "\"}");
        HttpResponse<String> made = rest("POST", "/device/types/" + type + "/devices",
                "{\"deviceId\":\"" + id + "\",\"authToken\":\"" + TOKEN + "\"}");
        if (made.statusCode() != 201) {
            throw new IllegalStateException("device " + type + '/' + id + ": " + made.statusCode() + ' ' + made.body());
        }
    }

    HttpResponse<String> rest(String method, String path, String body) throws Exception {
        String basic = Base64.getEncoder().encodeToString((key + ':' + keyToken).getBytes(StandardCharsets.UTF_8));
        return http.send(HttpRequest.newBuilder(URI.create("https://localhost:" + box.port("pantograph.hub.https.port") + "/api/v0002" + path))
                .header("Authorization", "Basic " + basic)
                .header("Content-Type", "application/json")
                .method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Puts a jar where gateways fetch from. @return its URL */
    String upload(byte[] jar, String sha256) throws Exception {
        String basic = Base64.getEncoder().encodeToString((key + ':' + keyToken).getBytes(StandardCharsets.UTF_8));
        HttpResponse<String> put = http.send(HttpRequest.newBuilder(URI.create(artifact(sha256))).header("Authorization", "Basic " + basic)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(jar)).build(), HttpResponse.BodyHandlers.ofString());
        if (put.statusCode() / 100 != 2) {
            throw new IllegalStateException("the artifact is not taken: " + put.statusCode() + ' ' + put.body());
        }
        return artifact(sha256);
    }

    /** Likewise. @return its hash */
    String put(byte[] artifact) throws Exception {
        String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(artifact));
        upload(artifact, sha256);
        return sha256;
    }

    String artifact(String sha256) throws IOException {
        return "https://127.0.0.1:" + box.port("pantograph.hub.https.port") + "/artifacts/" + sha256;
    }

    HttpResponse<byte[]> fetch(String sha256) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(artifact(sha256))).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    Application application(String id) throws Exception {
        return new Application(this, id);
    }

    @Override
    public void close() {
        box.close();
    }
}
