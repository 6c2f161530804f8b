package io.pantograph.twin;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.News;
import io.pantograph.api.dialect.Inbound;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Condition;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.DeviceStatus;
import io.pantograph.api.model.Values;
import io.pantograph.api.twin.DesiredHandler;
import io.pantograph.api.wire.Frame;
import io.pantograph.handlers.Handler;
import io.pantograph.handlers.Handlers;
import io.pantograph.json.JsonReader;
import io.pantograph.json.JsonWriter;
import io.pantograph.testkit.ManualClock;
import java.time.Duration;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/** One device's twin without threads: each step is taken at once, time moves when told, and what is sent is kept to be looked at. */
final class Bench {

    static final DeviceId DEVICE = new DeviceId("thermostat", "t-1");

    final ManualClock clock = new ManualClock();
    final PlainGrammar grammar = new PlainGrammar();
    final List<Condition> conditions = new CopyOnWriteArrayList<>();
    final Handlers<DesiredHandler> handlers =
            new Handlers<>("desired ", true, Duration.ofMillis(200), "pantograph.property", "pantograph.component");
    final Deque<Frame> sent = new ConcurrentLinkedDeque<>();
    boolean codecThere = true;
    CompletionStage<Void> sending = CompletableFuture.completedFuture(null);
    private long ids;
    final KeptTwin twin;

    Bench() {
        this(Runnable::run);
    }

    Bench(Executor workers) {
        House house = new House(new Json(JsonCodec.codecs(() -> codecThere).route("json")), new Recorder(), clock, clock.scheduler(), Runnable::run, workers, Runnable::run,
                handlers);
        twin = new KeptTwin(DEVICE, house, kept -> { });
    }

    void connect() {
        sent.clear();
        twin.connected(grammar, frame -> {
            sent.add(frame);
            return sending;
        });
    }

    /** Connects and answers the read. */
    void connect(String desired, long version) {
        connect();
        answerRead(desired, version);
    }

    void answerRead(String desired, long version) {
        answer(next("get"), 200, "{\"desired\":" + versioned(desired, version) + ",\"reported\":{\"v\":1}}");
    }

    static String versioned(String object, long version) {
        return "{\"v\":" + version + (object.equals("{}") ? "" : ",") + object.substring(1);
    }

    void patch(String desired, long version) {
        twin.changed(new Inbound.Changed(OptionalLong.empty(), Bytes.utf8(versioned(desired, version))));
    }

    /** The next frame sent, which must be this kind. */
    Frame next(String kind) {
        Frame frame = sent.poll();
        if (frame == null || !frame.topic().startsWith(kind + "/")) {
            throw new AssertionError("expected " + kind + " but was " + (frame == null ? "nothing" : frame.topic() + ' ' + frame.payload().text()));
        }
        return frame;
    }

    void answer(Frame request, int status, String body) {
        twin.answered(new Inbound.Answer(request.topic().substring(request.topic().indexOf('/') + 1), status, OptionalLong.empty(), Bytes.utf8(body)));
    }

    void answer(Frame request, int status) {
        answer(request, status, "");
    }

    /** @return its service id */
    long add(DesiredHandler handler, Map<String, Object> properties) {
        Map<String, Object> all = new HashMap<>(Map.of("service.id", ++ids));
        all.putAll(properties);
        Handler<DesiredHandler> added = handlers.add(() -> handler, back -> { }, all);
        added.prepare();
        twin.handlersChanged();
        return (Long) all.get("service.id");
    }

    static Values json(String text) {
        try {
            return (Values) JsonReader.read(Bytes.utf8(text));
        } catch (CodecException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    static String text(Values values) {
        try {
            return JsonWriter.write(values).text();
        } catch (CodecException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private final class Recorder implements News {

        @Override
        public void status(DeviceId device, DeviceStatus status) {
            throw new AssertionError("twins change no status");
        }

        @Override
        public void condition(Condition condition) {
            conditions.add(condition);
        }

        @Override
        public long count(Condition.Kind kind) {
            return conditions.stream().filter(one -> one.kind() == kind).count();
        }
    }
}
