package io.pantograph.gateway.rest;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import io.pantograph.json.JsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HTTP to calls of the API and back. */
final class Front implements HttpHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Front.class);

    private final Guard guard;
    private final Api api;

    Front(Guard guard, Api api) {
        this.guard = guard;
        this.api = api;
    }

    @Override
    public void handle(HttpExchange exchange) {
        ask(exchange).exceptionally(why -> failed(exchange, why)).thenAccept(answer -> send(exchange, answer));
    }

    private CompletionStage<Answer> ask(HttpExchange exchange) {
        try {
            guard.check(exchange.getRequestHeaders());
            return api.ask(call(exchange));
        } catch (Exception | LinkageError e) { // the room asked may be half gone, and the caller would wait for ever
            return CompletableFuture.failedFuture(e);
        }
    }

    private static Call call(HttpExchange exchange) throws Problem {
        String length = exchange.getRequestHeaders().getFirst("Content-Length");
        long announced = -1;
        if (length != null) {
            if (!length.matches("[0-9]{1,18}")) {
                throw new Problem(400, "the header Content-Length must be a number");
            }
            announced = Long.parseLong(length);
        }
        return new Call(exchange.getRequestMethod(), exchange.getRequestURI().getRawPath(), exchange.getRequestURI().getRawQuery(),
                new Body(exchange.getRequestBody(), announced));
    }

    private static Answer failed(HttpExchange exchange, Throwable thrown) {
        Throwable why = thrown instanceof java.util.concurrent.CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (why instanceof Problem problem) {
            Map<String, String> headers = problem.status() == 401 ? Map.of("WWW-Authenticate", "Bearer")
                    : problem.allow().map(allow -> Map.of("Allow", allow)).orElse(Map.of());
            return error(problem.status(), problem.getMessage(), headers);
        }
        LOG.warn("{} {} failed", exchange.getRequestMethod(), exchange.getRequestURI().getPath(), why);
        return error(500, "this should not have happened; the gateway's log tells more: " + why, Map.of());
    }

    private static Answer error(int status, String sentence, Map<String, String> headers) {
        return new Answer(status, Values.of("error", sentence), headers);
    }

    private void send(HttpExchange exchange, Answer answer) {
        try (exchange) {
            Bytes body = text(answer);
            Headers headers = exchange.getResponseHeaders();
            headers.set("Content-Type", "application/json");
            headers.set("Cache-Control", "no-store");
            headers.set("X-Content-Type-Options", "nosniff");
            answer.headers().forEach(headers::set);
            if (exchange.getRequestMethod().equals("HEAD")) {
                headers.set("Content-Length", Integer.toString(body.length()));
                exchange.sendResponseHeaders(answer.status(), -1);
            } else {
                exchange.sendResponseHeaders(answer.status(), body.length());
                try (OutputStream out = exchange.getResponseBody()) { // or it would be sent only when the rest of the request has come
                    out.write(body.shared());
                }
            }
        } catch (IOException e) {
            LOG.debug("the caller is gone", e);
        }
    }

    // What devices say may stand in samples of differences, and need not be text that JSON can say.
    private static Bytes text(Answer answer) {
        try {
            return JsonWriter.write(answer.data());
        } catch (CodecException e) {
            LOG.warn("an answer cannot be said in JSON: {}", e.getMessage());
            return Bytes.utf8("{\"error\":\"the answer cannot be said in JSON\"}");
        }
    }
}
