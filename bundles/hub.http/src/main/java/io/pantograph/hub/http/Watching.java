package io.pantograph.hub.http;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.hub.Access;
import io.pantograph.api.hub.HttpAnswer;
import io.pantograph.api.hub.HttpRequest;
import io.pantograph.api.hub.HttpRoom;
import io.pantograph.api.hub.HubIdentity;
import io.pantograph.api.hub.Json;
import io.pantograph.api.listener.HubListener;
import io.pantograph.api.listener.HubMessage;
import io.pantograph.api.listener.HubMessage.Direction;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * What passes through the hub's Watson side, for whoever has the API key and no MQTT. Server-sent events; this hub's own addition:
 *
 * <pre>{@code
 * GET /watson/events[?type=TYPE][&device=ID][&event=NAME][&commands=true][&body=auto|base64]
 * Authorization: Basic (API key and token)
 *
 * : listening
 *
 * data: {"time":"2026-01-01T00:00:00.000Z","typeId":"meter","deviceId":"m-1","direction":"event","name":"reading","format":"json",
 *        "qos":1,"payloadFormat":"json","payload":{"celsius":21.5}}
 * }</pre>
 *
 * <p>The data is on one line. {@code payloadFormat} says what {@code payload} is: {@code json}, the value; {@code text}; or {@code base64},
 * always so with {@code body=base64}. {@code : alive} comes every 15 s. There is no memory: what passes while nobody listens is not told.
 * Who reads so slowly that 1 MiB waits is let go. There may be 64 at a time; the next gets 429.
 */
@Component
public final class Watching implements HttpRoom, HubListener {

    private static final String LEVEL = "watson";
    private static final int MOST = 64;
    private static final int ALIVE_S = 15;
    private static final Bytes ALIVE = Bytes.utf8(": alive\n\n");

    private record Watcher(HttpAnswer.Sink sink, Map<String, String> wanted) {

        boolean wants(HubMessage message) {
            return (message.direction() == Direction.EVENT || "true".equals(wanted.get("commands")))
                    && is("type", message.device().type()) && is("device", message.device().name()) && is("event", message.name());
        }

        private boolean is(String name, String value) {
            return !wanted.containsKey(name) || wanted.get(name).equals(value);
        }
    }

    private final Access access;
    private final Json json;
    private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, work -> {
        Thread thread = new Thread(work, "pantograph-http-watching");
        thread.setDaemon(true);
        return thread;
    });

    @Activate
    public Watching(@Reference Access access, @Reference Json json) {
        this.access = access;
        this.json = json;
        timer.scheduleAtFixedRate(() -> watchers.forEach(watcher -> watcher.sink.send(ALIVE)), ALIVE_S, ALIVE_S, TimeUnit.SECONDS);
    }

    @Deactivate
    void close() {
        timer.shutdownNow();
        watchers.forEach(watcher -> watcher.sink.end());
    }

    @Override
    public boolean claims(String firstLevel) {
        return firstLevel.equals(LEVEL);
    }

    @Override
    public CompletionStage<HttpAnswer> answer(HttpRequest request) {
        try {
            return CompletableFuture.completedStage(watch(request));
        } catch (Problem e) {
            Answer answer = e.answer();
            Map<String, String> headers = new java.util.HashMap<>(answer.headers());
            headers.put("Content-Type", "application/json;charset=UTF-8");
            return CompletableFuture.completedStage(new HttpAnswer.Whole(answer.status(), headers, json.write(answer.body())));
        }
    }

    private HttpAnswer watch(HttpRequest request) {
        Optional<HubIdentity> who = Doorkeeper.login(request.header("authorization").orElse(null)).flatMap(login -> access.application(login.user(), login.secret()));
        if (who.filter(one -> one.kind() == HubIdentity.Kind.APPLICATION).isEmpty()) {
            throw Problem.notLoggedIn();
        }
        if (!request.path().equals("/watson/events")) {
            throw Problem.missing("There is nothing at this path.");
        }
        if (!request.method().equals("GET")) {
            throw Problem.wrongMethod(io.pantograph.api.model.Names.visible(request.method()), "GET");
        }
        if (watchers.size() >= MOST) {
            throw Problem.tooMany(MOST + " event streams are open already");
        }
        Map<String, String> wanted = Map.copyOf(request.query());
        return new HttpAnswer.Live(200, Map.of("Content-Type", "text/event-stream;charset=UTF-8", "Cache-Control", "no-store"), sink -> {
            Watcher watcher = new Watcher(sink, wanted);
            watchers.add(watcher);
            sink.whenEnded(() -> watchers.remove(watcher));
            sink.send(Bytes.utf8(": listening\n\n"));
        });
    }

    @Override
    public void message(HubMessage message) {
        for (Watcher watcher : watchers) {
            if (watcher.wants(message)) {
                watcher.sink.send(told(message, "base64".equals(watcher.wanted.get("body"))));
            }
        }
    }

    private Bytes told(HubMessage message, boolean exact) {
        Values.Builder told = Values.builder()
                .put("time", Shapes.time(message.time()))
                .put("typeId", message.device().type())
                .put("deviceId", message.device().name())
                .put("direction", message.direction() == Direction.EVENT ? "event" : "command")
                .put("name", message.name())
                .put("format", message.format())
                .put("qos", message.qos().level());
        payload(told, message.payload(), exact);
        return Bytes.utf8("data: " + json.write(told.build()).text() + "\n\n");
    }

    private void payload(Values.Builder told, Bytes payload, boolean exact) {
        if (!exact) {
            try {
                told.put("payload", json.read(payload)).put("payloadFormat", "json");
                return;
            } catch (CodecException e) {
                // text, perhaps
            }
            try {
                String text = StandardCharsets.UTF_8.newDecoder().decode(payload.buffer()).toString();
                if (text.indexOf('\0') < 0) {
                    told.put("payload", text).put("payloadFormat", "text");
                    return;
                }
            } catch (CharacterCodingException e) {
                // bytes, then
            }
        }
        told.put("payload", Base64.getEncoder().encodeToString(payload.shared())).put("payloadFormat", "base64");
    }
}
