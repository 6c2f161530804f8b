package io.pantograph.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pantograph.cli.FakeHub.Run;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** A gateway's data folder, and an API that answers what it was told to, in order, and keeps what it was asked. */
final class FakeGateway implements AutoCloseable {

    static final String TOKEN = "token-of-tests";

    private record Answer(int status, String body) {
    }

    /** Method, path and body of each request; a jar is its length. */
    final List<String> asked = new CopyOnWriteArrayList<>();
    final Path home;
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final HttpServer server;

    FakeGateway(Path home) throws IOException {
        this.home = home;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/", this::handle);
        server.start();
        tell("url=http://127.0.0.1:" + server.getAddress().getPort() + "\ntoken=" + TOKEN + '\n');
    }

    /** What the file in the data folder tells. */
    void tell(String properties) throws IOException {
        Files.createDirectories(home.resolve("gateway"));
        Files.writeString(home.resolve("gateway/rest.properties"), properties);
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        boolean jar = exchange.getRequestMethod().equals("PUT");
        asked.add((exchange.getRequestMethod() + ' ' + exchange.getRequestURI() + ' ' + (jar ? body.length + " bytes" : new String(body, StandardCharsets.UTF_8))).strip());
        Answer answer = answers.poll();
        if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            answer = new Answer(401, "{}");
        }
        try (exchange) {
            byte[] bytes = answer == null ? new byte[0] : answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer == null ? 500 : answer.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    /** @param body JSON with ' for " */
    FakeGateway answer(int status, String body) {
        answers.add(new Answer(status, body.replace('\'', '"')));
        return this;
    }

    Run run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--home=" + home);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new Screen(new ByteArrayInputStream(new byte[0]), new PrintWriter(out), new PrintWriter(err), false, name -> null),
                all.toArray(String[]::new));
        return new Run(code, out.toString(), err.toString());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
