package io.pantograph.service;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.service.ServiceException;
import io.pantograph.json.JsonReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** Asks a hub over HTTPS, with proof of who asks, and again if it is busy. */
public final class Wire {

    private static final int MOST_TRIES = 5;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private final URI base;
    private final HttpClient http;
    private final Supplier<String> proof;
    private final Duration timeout;
    private final ScheduledExecutorService timer;
    private final LongSupplier nanos;
    private final Set<CompletableFuture<?>> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** @param proof the header Authorization of each request */
    public Wire(URI base, HttpClient http, Supplier<String> proof, Duration timeout, ScheduledExecutorService timer, LongSupplier nanos) {
        this.base = base;
        this.http = http;
        this.proof = proof;
        this.timeout = timeout;
        this.timer = timer;
        this.nanos = nanos;
    }

    /** @return the answer of status 2xx; fails with ServiceException */
    public CompletionStage<Reply> ask(Ask ask) {
        return ask(ask, reply -> false);
    }

    /** @param alsoGood which other answers are no failure */
    CompletionStage<Reply> ask(Ask ask, Predicate<Reply> alsoGood) {
        CompletableFuture<Reply> answer = new CompletableFuture<>();
        open.add(answer);
        answer.whenComplete((reply, why) -> open.remove(answer));
        if (closed) {
            answer.completeExceptionally(closed());
        } else {
            attempt(ask, 1, nanos.getAsLong() + timeout.plus(ask.extra()).toNanos(), alsoGood, answer);
        }
        return answer;
    }

    private void attempt(Ask ask, int number, long deadline, Predicate<Reply> alsoGood, CompletableFuture<Reply> answer) {
        if (answer.isDone()) {
            return;
        }
        Duration left = Duration.ofNanos(Math.max(1, deadline - nanos.getAsLong()));
        CompletableFuture<HttpResponse<Bytes>> sent = http.sendAsync(request(ask, left), Bounded.to(JsonReader.MAX_ANSWER));
        // The request's own time ends with the headers; a body that drips must end, too.
        sent.orTimeout(left.toMillis() + 500, TimeUnit.MILLISECONDS).whenComplete((response, why) -> {
            if (why != null) {
                sent.cancel(true);
                answer.completeExceptionally(failure(ask, why));
                return;
            }
            Reply reply = new Reply(ask.toString(), response.statusCode(), response.headers(), response.body());
            if (reply.status() / 100 == 2 || alsoGood.test(reply)) {
                answer.complete(reply);
            } else if (!busy(ask, reply) || number >= MOST_TRIES || !later(() -> attempt(ask, number + 1, deadline, alsoGood, answer), pause(reply, number), deadline)) {
                answer.completeExceptionally(Refusal.of(reply));
            }
        });
    }

    HttpRequest request(Ask ask, Duration limit) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(ask.path()))
                .header("Authorization", proof.get())
                .header("Accept", "application/json")
                .header("User-Agent", "pantograph")
                .timeout(limit)
                .method(ask.method(), ask.body().map(body -> HttpRequest.BodyPublishers.ofByteArray(body.shared())).orElse(HttpRequest.BodyPublishers.noBody()));
        ask.headers().forEach(request::setHeader);
        return request.build();
    }

    // 429 says that it was not begun. 503 may come from half way, unless it names a time to come again.
    private static boolean busy(Ask ask, Reply reply) {
        return reply.status() == 429 || reply.status() == 503 && (ask.repeatable() || reply.header("Retry-After").isPresent());
    }

    private static Duration pause(Reply reply, int number) {
        String told = reply.header("Retry-After").orElse("");
        if (!told.isEmpty() && told.length() < 6 && told.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Duration.ofSeconds(Long.parseLong(told));
        }
        long most = FIRST_PAUSE.toMillis() << (number - 1);
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
    }

    private boolean later(Runnable attempt, Duration pause, long deadline) {
        if (nanos.getAsLong() + pause.toNanos() - deadline >= 0) {
            return false;
        }
        try {
            timer.schedule(attempt, pause.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** What went wrong on the way, in words. */
    ServiceException failure(Ask ask, Throwable why) {
        Throwable cause = why instanceof CompletionException && why.getCause() != null ? why.getCause() : why;
        if (closed) {
            return closed();
        }
        if (cause instanceof HttpConnectTimeoutException) {
            return new ServiceException(0, ServiceException.NOT_REACHABLE, where() + " took no connection in time", cause);
        }
        if (cause instanceof HttpTimeoutException || cause instanceof java.util.concurrent.TimeoutException) {
            return new ServiceException(0, ServiceException.NO_ANSWER, where() + " did not answer " + ask + " within "
                    + timeout.plus(ask.extra()).toSeconds() + " s", cause);
        }
        if (has(cause, UnresolvedAddressException.class) || has(cause, java.net.UnknownHostException.class)) {
            return new ServiceException(0, ServiceException.NOT_REACHABLE, "the name " + base.getHost() + " is not known here; check HostName", cause);
        }
        if (cause instanceof ConnectException) {
            return new ServiceException(0, ServiceException.NOT_REACHABLE, "nothing listens at " + where(), cause);
        }
        if (cause instanceof SSLHandshakeException) {
            return new ServiceException(0, ServiceException.NOT_TRUSTED, where() + " is not trusted: " + root(cause)
                    + "; give the file of its authorities, and check that its certificate is for the name " + base.getHost(), cause);
        }
        if (cause instanceof SSLException) {
            return new ServiceException(0, ServiceException.NOT_REACHABLE, where() + " does not speak TLS as it should: " + root(cause)
                    + "; is it a hub's HTTPS port?", cause);
        }
        if (cause instanceof IOException) {
            return new ServiceException(0, ServiceException.NOT_REACHABLE, "the connection to " + where() + " broke: " + root(cause), cause);
        }
        return new ServiceException(0, ServiceException.BAD_ANSWER, ask + " at " + where() + " failed: " + cause, cause);
    }

    private static boolean has(Throwable why, Class<? extends Throwable> kind) {
        for (Throwable each = why; each != null; each = each.getCause()) {
            if (kind.isInstance(each)) {
                return true;
            }
        }
        return false;
    }

    private static String root(Throwable why) {
        Throwable last = why;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        return last.getMessage() == null ? last.getClass().getSimpleName() : last.getMessage();
    }

    URI at(String path) {
        return base.resolve(path);
    }

    String where() {
        return base.getHost() + ':' + (base.getPort() < 0 ? 443 : base.getPort());
    }

    long now() {
        return nanos.getAsLong();
    }

    /** @return ends it */
    Runnable every(Duration time, Runnable work) {
        try {
            ScheduledFuture<?> task = timer.scheduleAtFixedRate(work, time.toMillis(), time.toMillis(), TimeUnit.MILLISECONDS);
            return () -> task.cancel(false);
        } catch (RejectedExecutionException e) {
            return () -> { };
        }
    }

    HttpClient http() {
        return http;
    }

    static ServiceException closed() {
        return new ServiceException(0, ServiceException.CLOSED, "the client was closed");
    }

    /** Ends what is under way. */
    public void close() {
        closed = true;
        for (CompletableFuture<?> each : open) {
            each.completeExceptionally(closed());
        }
    }
}
