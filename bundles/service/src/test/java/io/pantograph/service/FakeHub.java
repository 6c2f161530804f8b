package io.pantograph.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pantograph.api.service.ServiceClient;
import io.pantograph.azure.ConnectionString;
import io.pantograph.testkit.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingDeque;

/** Plays a hub: answers what it was told to, in order, and keeps what it was asked. */
final class FakeHub implements AutoCloseable {

    static final String KEY = "c2VjcmV0IGtleSBvZiB0ZXN0cyE=";
    static final String LOGIN = "HostName=127.0.0.1;SharedAccessKeyName=service;SharedAccessKey=" + KEY;

    /** What was asked. @param headers names in lower case */
    record Asked(String method, String path, Optional<String> query, Map<String, String> headers, String body) {
    }

    /** How to answer. */
    interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    final List<Asked> asked = new CopyOnWriteArrayList<>();
    final BlockingDeque<Answer> answers = new LinkedBlockingDeque<>();
    final ManualClock clock = new ManualClock();
    private final ConcurrentLinkedQueue<AutoCloseable> made = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    FakeHub() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new TreeMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), String.join(",", values)));
        asked.add(new Asked(exchange.getRequestMethod(), exchange.getRequestURI().getRawPath(), Optional.ofNullable(exchange.getRequestURI().getRawQuery()),
                headers, new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        Answer answer = answers.poll();
        try (exchange) {
            (answer == null ? whole(500, "{\"Message\":\"nobody told the test's hub what to answer\"}") : answer).to(exchange);
        }
    }

    FakeHub answer(int status, String body, String... headers) {
        answers.add(whole(status, body, headers));
        return this;
    }

    FakeHub answer(Answer answer) {
        answers.add(answer);
        return this;
    }

    static Answer whole(int status, String body, String... headers) {
        return exchange -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        };
    }

    /** The head of an event stream. */
    static void stream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
    }

    static void say(HttpExchange exchange, String text) {
        try {
            exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Asked asked(int number) {
        return asked.get(number);
    }

    int port() {
        return server.getAddress().getPort();
    }

    ServiceClient client() {
        return client("127.0.0.1", Duration.ofSeconds(30));
    }

    /** Its waits are by {@link #clock}. */
    ServiceClient client(String name, Duration timeout) {
        Tokens tokens = new Tokens(ConnectionString.parse(LOGIN), Duration.ofHours(1), clock, clock::nanos);
        ServiceClient client = new Client(name, new Wire(URI.create("http://127.0.0.1:" + port() + '/'), HttpClient.newHttpClient(), tokens::current, timeout,
                clock.scheduler(), clock::nanos), clock.scheduler(), clock, () -> { });
        made.add(client);
        return client;
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable each : made) {
            each.close();
        }
        server.stop(0);
        threads.shutdownNow();
    }
}
