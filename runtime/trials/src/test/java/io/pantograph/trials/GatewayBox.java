package io.pantograph.trials;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import io.pantograph.json.JsonReader;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.Box;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/** The gateway box, run as a process of its own, and what its API for programs of this machine answers. */
final class GatewayBox implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final Box box;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
    private final String url;
    private final String token;

    private GatewayBox(Box box, Properties api) {
        this.box = box;
        url = api.getProperty("url");
        token = api.getProperty("token");
    }

    /** Returns when its API is there, and so what was deployed before. */
    static GatewayBox start(Path home, Map<String, String> settings) throws IOException {
        Path api = home.resolve("gateway").resolve("rest.properties");
        Files.deleteIfExists(api); // left by one that was killed
        Box box = Box.start(TestHub.jar("gateway"), home, settings, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m");
        Await.until(() -> "a gateway with an API; it has printed: " + box.printed(), PATIENCE, () -> Files.exists(api));
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(api)) {
            properties.load(reader);
        }
        return new GatewayBox(box, properties);
    }

    /** What deployments brought: by name the version, and the state if it is not proven. */
    SortedMap<String, String> bundles() throws Exception {
        SortedMap<String, String> bundles = new TreeMap<>();
        for (Object one : get("/bundles").list("bundles")) {
            Values bundle = (Values) one;
            String state = bundle.text("state");
            bundles.merge(bundle.text("name"), bundle.text("version") + (state.equals("proven") ? "" : ' ' + state), (a, b) -> a + " and " + b);
        }
        return bundles;
    }

    /** The codecs of bundles with such names: by the bundle's name its version, and the codec's place if it does not serve. */
    SortedMap<String, String> codecs(String prefix) throws Exception {
        SortedMap<String, String> codecs = new TreeMap<>();
        for (Object one : get("/codecs").list("codecs")) {
            Values codec = (Values) one;
            String place = codec.text("place");
            if (codec.text("bundle").startsWith(prefix)) {
                codecs.merge(codec.text("bundle"), codec.text("version") + (place.equals("serving") ? "" : ' ' + place), (a, b) -> a + " and " + b);
            }
        }
        return Collections.unmodifiableSortedMap(codecs);
    }

    List<Values> deployments() throws Exception {
        return get("/deployments").list("deployments").stream().map(Values.class::cast).toList();
    }

    Values deployment(String id) throws Exception {
        return get("/deployments/" + id);
    }

    /** Hands a jar in. @return its hash */
    String put(Path jar) throws Exception {
        return ask("PUT", "/artifacts", BodyPublishers.ofFile(jar)).text("sha256");
    }

    /** @return the deployment's id */
    String deploy(String release) throws Exception {
        return ask("POST", "/deployments", BodyPublishers.ofString(release)).text("id");
    }

    private Values get(String path) throws Exception {
        return ask("GET", path, BodyPublishers.noBody());
    }

    private Values ask(String method, String path, BodyPublisher body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path)).timeout(PATIENCE).header("Authorization", "Bearer " + token)
                .method(method, body).build();
        HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        Bytes text = Bytes.of(answer.body());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(method + ' ' + path + ": " + answer.statusCode() + ' ' + text.text());
        }
        return (Values) JsonReader.readAnswer(text);
    }

    @Override
    public void close() {
        box.close();
    }
}
