package io.pantograph.hub.azure.rest;

import static io.pantograph.api.azure.Right.ServiceConnect;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.EventLog;
import io.pantograph.api.hub.HttpAnswer;
import io.pantograph.api.hub.Json;
import io.pantograph.api.model.Names;
import io.pantograph.azure.Sas;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Tells events to whoever watches, as the package tells. */
final class Monitor {

    private static final int MOST_STREAMS = 64;

    private final EventLog log;
    private final Json json;
    private final ScheduledExecutorService thread;
    private final LongSupplier nanos;
    private final Clock clock;
    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();

    /** @param thread of which there is one; who made it ends it */
    Monitor(EventLog log, Json json, ScheduledExecutorService thread, LongSupplier nanos, Clock clock) {
        this.log = log;
        this.json = json;
        this.thread = thread;
        this.nanos = nanos;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(Route.of("GET", "events", ServiceConnect, this::watch));
    }

    private HttpAnswer watch(Call call) throws AzureException {
        Wanted wanted = Wanted.of(call, log);
        EventForm form = new EventForm(json, lines(call), exact(call));
        Optional<Instant> until = expiry(call);
        if (streams.size() >= MOST_STREAMS) {
            throw new AzureException(AzureError.ThrottlingException, MOST_STREAMS + " event streams are open already");
        }
        return new HttpAnswer.Live(200, Map.of("Content-Type", form.contentType(), "Cache-Control", "no-store"), sink -> begin(wanted, form, until, sink));
    }

    private static boolean lines(Call call) throws AzureException {
        Optional<String> format = call.query("format");
        if (format.isEmpty()) {
            return call.header("accept").filter(accept -> accept.contains("ndjson")).isPresent();
        }
        return switch (format.get()) {
            case "ndjson" -> true;
            case "sse" -> false;
            default -> throw Call.invalid("query parameter format '" + Names.visible(format.get()) + "' must be sse or ndjson");
        };
    }

    private static boolean exact(Call call) throws AzureException {
        return switch (call.query("body").orElse("auto")) {
            case "auto" -> false;
            case "base64" -> true;
            default -> throw Call.invalid("query parameter body '" + Names.visible(call.query("body").get()) + "' must be auto or base64");
        };
    }

    /** A watcher is let listen no longer than its token would let it in. */
    private static Optional<Instant> expiry(Call call) {
        try {
            return call.header("authorization").map(token -> Sas.parse(token).expiry());
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // let in by something else
        }
    }

    private void begin(Wanted wanted, EventForm form, Optional<Instant> until, HttpAnswer.Sink sink) {
        EventStream[] self = new EventStream[1];
        ScheduledFuture<?>[] expiring = new ScheduledFuture<?>[1];
        EventStream stream = new EventStream(log, wanted, form, thread, nanos, sink, () -> {
            streams.remove(self[0]);
            if (expiring[0] != null) {
                expiring[0].cancel(false);
            }
        });
        self[0] = stream;
        streams.add(stream);
        stream.begin(); // first: what has not begun cannot end
        if (until.isPresent()) {
            long left = Math.max(0, Duration.between(clock.instant(), until.get()).toMillis());
            expiring[0] = thread.schedule(() -> stream.end("expired", "the token is over; come again with a new one"), left, TimeUnit.MILLISECONDS);
        }
    }

    /** How many watch. */
    int watching() {
        return streams.size();
    }

    void close() {
        streams.forEach(stream -> stream.end("closing", "the hub stops"));
    }
}
