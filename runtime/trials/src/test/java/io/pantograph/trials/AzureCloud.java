package io.pantograph.trials;

import io.pantograph.api.model.Secret;
import io.pantograph.api.model.Values;
import io.pantograph.api.service.DeviceEvent;
import io.pantograph.api.service.EventFilter;
import io.pantograph.api.service.EventListener;
import io.pantograph.api.service.EventWatch;
import io.pantograph.api.service.ServiceClient;
import io.pantograph.api.service.ServiceOptions;
import io.pantograph.api.service.Target;
import io.pantograph.azure.Sas;
import io.pantograph.service.Clients;
import io.pantograph.testkit.Await;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The hub box in the place of IoT Hub, as those see it who run a fleet there. It may be ended and started again in its place. */
final class AzureCloud implements AutoCloseable {

    static final String HOST = "127.0.0.1";

    private static final List<String> PORTS = List.of("pantograph.hub.mqtt.port", "pantograph.hub.mqtts.port", "pantograph.hub.https.port",
            "pantograph.hub.http.port");

    final ServiceClient service;
    final String scope;
    final String groupKey;
    private final Map<String, String> settings = new TreeMap<>();
    private final Clients clients = new Clients();
    private final HttpClient http;
    private final Secret ownerKey;
    private TestHub hub;

    private AzureCloud(TestHub hub, Map<String, String> settings) throws Exception {
        this.hub = hub;
        this.settings.putAll(settings);
        for (String port : PORTS) {
            this.settings.put(port, String.valueOf(hub.box.port(port)));
        }
        Properties credentials = hub.box.azure();
        scope = credentials.getProperty("dps.id-scope");
        groupKey = credentials.getProperty("dps.group-key");
        String owner = credentials.getProperty("service.connection-string");
        ownerKey = Secret.of(owner.substring(owner.indexOf(";SharedAccessKey=") + 17));
        service = clients.open(ServiceOptions.local(hub.box.home()));
        http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(hub.box.tls()).build();
    }

    static AzureCloud start() throws Exception {
        return start(Map.of());
    }

    static AzureCloud start(Map<String, String> settings) throws Exception {
        return new AzureCloud(TestHub.start(TestHub.home("cloud"), settings), settings);
    }

    /** Ends it as Ctrl-C does. */
    void stop() throws Exception {
        hub.box.stop();
    }

    /** kill -9. */
    void kill() throws Exception {
        hub.box.kill();
    }

    /** On the same data and the same ports. */
    void startAgain() throws Exception {
        hub = TestHub.start(hub.box.home(), settings);
    }

    TestHub hub() {
        return hub;
    }

    Path authority() {
        return hub.box.home().resolve("hub").resolve("ca.pem");
    }

    int mqtts() {
        return port("pantograph.hub.mqtts.port");
    }

    int https() {
        return port("pantograph.hub.https.port");
    }

    int port(String setting) {
        return Integer.parseInt(settings.get(setting));
    }

    /** Registers a device. @return its key */
    String device(String id) {
        return key(Await.result(service.registry().create(Target.of(id), Values.EMPTY)));
    }

    static String key(Values document) {
        return document.values("authentication").values("symmetricKey").text("primaryKey");
    }

    static String connection(String id, String key) {
        return "HostName=" + HOST + ";DeviceId=" + id + ";SharedAccessKey=" + key;
    }

    /** A token for this path below the hub's name. */
    static String token(String path, String key, Duration life) {
        return Sas.make(HOST + path, Secret.of(key), Instant.now().plus(life), Optional.empty());
    }

    /** As iothubowner. @param body null for none */
    HttpResponse<String> rest(String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("https://" + HOST + ':' + https() + path))
                .header("Authorization", Sas.make(HOST, ownerKey, Instant.now().plusSeconds(600), Optional.of("iothubowner")))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(30))
                .method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Puts a jar where gateways fetch from. @return its URL */
    String upload(byte[] jar, String sha256) throws Exception {
        URI url = URI.create("https://" + HOST + ':' + https() + "/artifacts/" + sha256);
        HttpResponse<String> put = http.send(HttpRequest.newBuilder(url)
                .header("Authorization", Sas.make(HOST, ownerKey, Instant.now().plusSeconds(600), Optional.of("iothubowner")))
                .PUT(HttpRequest.BodyPublishers.ofByteArray(jar)).build(), HttpResponse.BodyHandlers.ofString());
        if (put.statusCode() / 100 != 2) {
            throw new IllegalStateException("the artifact is not taken: " + put.statusCode() + ' ' + put.body());
        }
        return url.toString();
    }

    /** Telemetry of a device, all that the log holds and what comes. */
    BlockingQueue<DeviceEvent> telemetry(String device) {
        BlockingQueue<DeviceEvent> events = new LinkedBlockingQueue<>();
        watch(device, events::add);
        return events;
    }

    /** As {@link #telemetry}; ends with the cloud, if not before. */
    EventWatch watch(String device, Consumer<DeviceEvent> each) {
        EventListener listener = each::accept;
        return service.watch(new EventFilter(Optional.of(device), Optional.empty(), Optional.of("Telemetry"), new EventFilter.Earliest()), listener);
    }

    Values twin(String device) {
        return Await.result(service.twins().find(Target.of(device)));
    }

    Values reported(String device) {
        return twin(device).values("properties").values("reported");
    }

    /** Without what the hub adds. */
    static Values plain(Values section) {
        Values.Builder plain = Values.builder();
        section.forEach((name, value) -> {
            if (!name.startsWith("$")) {
                plain.put(name, value);
            }
        });
        return plain.build();
    }

    void desire(String device, Values properties) {
        Await.result(service.twins().desire(Target.of(device), properties));
    }

    static <T> T next(BlockingQueue<T> queue, String what) throws InterruptedException {
        T next = queue.poll(30, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("waited 30 s in vain for " + what);
        }
        return next;
    }


    @Override
    public void close() {
        clients.close();
        hub.close();
    }
}
