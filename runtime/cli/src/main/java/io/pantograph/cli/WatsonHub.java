package io.pantograph.cli;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.service.ServiceException;
import io.pantograph.service.Ask;
import io.pantograph.service.EventStream;
import io.pantograph.service.Reply;
import io.pantograph.service.Trust;
import io.pantograph.service.Wire;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** The local hub's Watson side, over REST with its API key. */
final class WatsonHub implements AutoCloseable {

    private static final String API = "/api/v0002/";

    private final Wire wire;
    private final String org;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "pantograph-watson-timer");
        thread.setDaemon(true);
        return thread;
    });

    WatsonHub(Access access) throws Trouble {
        LocalHub hub = access.hub();
        org = hub.watson("org");
        String login = hub.watson("api-key") + ':' + hub.watson("api-token");
        String basic = "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
        int port = access.tellsPort() ? access.portOr(0) : hub.port();
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(Trust.of(List.of(access.authorityOr(hub.authority()))))
                .connectTimeout(Duration.ofSeconds(10))
                .build();
        wire = new Wire(URI.create("https://localhost:" + port + '/'), http, () -> basic, access.timeout(), timer, System::nanoTime);
    }

    String org() {
        return org;
    }

    /** @param levels of the path, not encoded */
    static String path(String... levels) {
        StringBuilder path = new StringBuilder(API);
        for (String level : levels) {
            path.append(path.length() > API.length() ? "/" : "").append(encoded(level));
        }
        return path.toString();
    }

    static String encoded(String text) {
        return java.net.URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    Reply ask(String method, String path) throws ServiceException {
        return Access.await(wire.ask(Ask.at(method, path)));
    }

    Reply send(String path, Bytes body, String type) throws ServiceException {
        return Access.await(wire.ask(Ask.at("POST", path).body(body, type).once()));
    }

    EventStream watch(EventStream.Reader reader) {
        EventStream stream = new EventStream(wire, reader, ended -> { });
        stream.begin();
        return stream;
    }

    @Override
    public void close() {
        wire.close();
        timer.shutdownNow();
    }

    static Optional<String> bookmark(io.pantograph.api.model.Values page) {
        return page.get("bookmark") instanceof String text && !text.isEmpty() ? Optional.of(text) : Optional.empty();
    }
}
