package io.pantograph.gateway.rest;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;

/** A program of this machine that has read the file in the data folder. */
final class Caller {

    record Reply(int status, String body, HttpResponse<String> whole) {

        String header(String name) {
            return whole.headers().firstValue(name).orElse("");
        }
    }

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI url;
    private final String token;

    Caller(Path home) throws IOException {
        Properties file = new Properties();
        try (InputStream in = Files.newInputStream(home.resolve("gateway/rest.properties"))) {
            file.load(in);
        }
        url = URI.create(file.getProperty("url"));
        token = file.getProperty("token");
    }

    String token() {
        return token;
    }

    URI url() {
        return url;
    }

    Reply ask(String method, String path) throws Exception {
        return ask(method, path, BodyPublishers.noBody());
    }

    Reply ask(String method, String path, String document) throws Exception {
        return ask(method, path, BodyPublishers.ofString(document.replace('\'', '"')));
    }

    Reply ask(String method, String path, BodyPublisher body) throws Exception {
        return later(method, path, body).get();
    }

    CompletableFuture<Reply> later(String method, String path, BodyPublisher body) {
        HttpRequest request = HttpRequest.newBuilder(url.resolve(path)).header("Authorization", "Bearer " + token).timeout(Duration.ofSeconds(60))
                .method(method, body).build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenApply(reply -> new Reply(reply.statusCode(), reply.body(), reply));
    }

    /** All that comes back for these lines, which end with an empty one. */
    String raw(String... lines) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", url.getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write((String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Likewise, for a request of which more is to come: up to the end of the document that is answered. */
    String begun(String... lines) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", url.getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            StringBuilder answer = new StringBuilder();
            for (int c = socket.getInputStream().read(); c >= 0 && answer.indexOf("}") < 0; c = answer.indexOf("}") < 0 ? socket.getInputStream().read() : -1) {
                answer.append((char) c);
            }
            return answer.toString();
        }
    }

    static Object json(String text) {
        try {
            return JsonReader.read(Bytes.utf8(text));
        } catch (CodecException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
