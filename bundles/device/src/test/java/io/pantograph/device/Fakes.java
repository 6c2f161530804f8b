package io.pantograph.device;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.Codecs;
import io.pantograph.api.core.DeviceTwin;
import io.pantograph.api.core.News;
import io.pantograph.api.core.Outbox;
import io.pantograph.api.core.OutboxLane;
import io.pantograph.api.core.Session;
import io.pantograph.api.core.Sessions;
import io.pantograph.api.core.Twins;
import io.pantograph.api.dialect.Defaults;
import io.pantograph.api.dialect.Dialect;
import io.pantograph.api.dialect.Inbound;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.dialect.Provisioning;
import io.pantograph.api.dialect.Reading;
import io.pantograph.api.dialect.TwinGrammar;
import io.pantograph.api.hub.HubEndpoints;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Condition;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeliveryException.Reason;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.DeviceStatus;
import io.pantograph.api.model.Qos;
import io.pantograph.api.model.Values;
import io.pantograph.api.twin.Desired;
import io.pantograph.api.twin.DesiredResult;
import io.pantograph.api.twin.Twin;
import io.pantograph.api.wire.Endpoint;
import io.pantograph.api.wire.Frame;
import io.pantograph.api.wire.Login;
import io.pantograph.api.wire.Subscription;
import io.pantograph.testkit.ManualClock;
import io.pantograph.testkit.PlainCodecs;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** The other rooms, as small as their contracts allow. */
final class Fakes {

    private Fakes() {
    }

    /** {@code name}, {@code host}, {@code port}; a payload may have 10 bytes, QoS 2 there is not. */
    static final class PlainDialect implements Dialect {

        RuntimeException broken;

        @Override
        public Profile profile(Map<String, String> settings, Defaults defaults) {
            if (broken != null) {
                throw broken;
            }
            String name = settings.get("name");
            if (name == null) {
                throw new IllegalArgumentException("name is missing");
            }
            for (String key : settings.keySet()) {
                if (!List.of("name", "host", "token", "service").contains(key)) {
                    throw new IllegalArgumentException("unknown setting '" + key + "'");
                }
            }
            if (settings.containsKey("service")) {
                return new AssignedProfile(new PlainProfile(new DeviceId("plain", name),
                        new Endpoint(Endpoint.Scheme.TLS, settings.get("service"), 8883, "")));
            }
            boolean standIn = !settings.containsKey("host") && defaults.standIn().isPresent();
            String host = standIn ? defaults.standIn().get() : settings.getOrDefault("host", "cloud.example");
            return new PlainProfile(new DeviceId("plain", name),
                    new Endpoint(Endpoint.Scheme.TLS, host, standIn ? defaults.port().orElse(8883) : 8883, ""));
        }
    }

    /** One that asks a service which hub it belongs to; what it asks is for the session. */
    record AssignedProfile(PlainProfile plain) implements Profile {

        @Override
        public DeviceId device() {
            return plain.device();
        }

        @Override
        public Endpoint endpoint() {
            return plain.endpoint();
        }

        @Override
        public Optional<Provisioning> provisioning() {
            return Optional.of((Provisioning) Proxy.newProxyInstance(Provisioning.class.getClassLoader(), new Class<?>[] {Provisioning.class},
                    (proxy, method, arguments) -> {
                        throw new UnsupportedOperationException(method.getName());
                    }));
        }

        @Override
        public Login login(Instant now) {
            return plain.login(now);
        }

        @Override
        public List<Subscription> subscriptions() {
            return plain.subscriptions();
        }

        @Override
        public void check(Reading reading) throws DeliveryException {
            plain.check(reading);
        }

        @Override
        public Frame frame(Reading reading) {
            return plain.frame(reading);
        }

        @Override
        public Inbound read(String topic, Bytes payload) {
            return plain.read(topic, payload);
        }
    }

    record PlainProfile(DeviceId device, Endpoint endpoint) implements Profile {

        @Override
        public Login login(Instant now) {
            return new Login(device.name(), Optional.empty(), Optional.empty(), true, Duration.ofSeconds(30), Optional.empty());
        }

        @Override
        public List<Subscription> subscriptions() {
            return List.of();
        }

        @Override
        public void check(Reading reading) throws DeliveryException {
            int payloadBytes = reading.payload().length();
            if (payloadBytes > 10) {
                throw new DeliveryException(Reason.TOO_LARGE, payloadBytes + " bytes, at most 10");
            }
            if (reading.qos() == Qos.EXACTLY_ONCE) {
                throw new DeliveryException(Reason.UNSUPPORTED, "no QoS 2 here");
            }
        }

        @Override
        public Frame frame(Reading reading) {
            return new Frame(reading.event(), reading.payload(), reading.qos());
        }

        @Override
        public Inbound read(String topic, Bytes payload) {
            return new Inbound.Unreadable("nothing is read here");
        }
    }

    /** Sessions that do what the test says. */
    static final class ScriptedSessions implements Sessions {

        final List<ScriptedSession> opened = new CopyOnWriteArrayList<>();
        boolean closeAtOnce = true;

        @Override
        public Session open(Profile profile, OutboxLane lane) {
            ScriptedSession session = new ScriptedSession(profile, lane, closeAtOnce);
            opened.add(session);
            return session;
        }

        ScriptedSession last() {
            return opened.get(opened.size() - 1);
        }

        long open() {
            return opened.stream().filter(session -> !session.closing).count();
        }
    }

    static final class ScriptedSession implements Session {

        final Profile profile;
        final OutboxLane lane;
        final CompletableFuture<Void> first = new CompletableFuture<>();
        final CompletableFuture<Void> gone = new CompletableFuture<>();
        volatile boolean closing;
        private final boolean closeAtOnce;

        ScriptedSession(Profile profile, OutboxLane lane, boolean closeAtOnce) {
            this.profile = profile;
            this.lane = lane;
            this.closeAtOnce = closeAtOnce;
        }

        /** Sends and acknowledges all there is. */
        List<String> drain() {
            List<String> sent = new ArrayList<>();
            for (OutboxLane.Entry entry = lane.poll(); entry != null; entry = lane.poll()) {
                sent.add(profile.frame(entry.reading()).topic() + ' ' + entry.reading().payload().text());
                lane.acknowledge(entry);
            }
            return sent;
        }

        @Override
        public DeviceStatus status() {
            return new DeviceStatus(first.isDone() ? DeviceStatus.State.CONNECTED : DeviceStatus.State.CONNECTING, DeviceStatus.Reason.NONE,
                    profile.endpoint().toString(), Instant.EPOCH);
        }

        @Override
        public CompletionStage<Void> connected() {
            return first;
        }

        @Override
        public CompletionStage<Void> close() {
            closing = true;
            if (closeAtOnce) {
                gone.complete(null);
            }
            return gone;
        }
    }

    static final class MemoryOutbox implements Outbox {

        final Map<DeviceId, MemoryLane> lanes = new HashMap<>();

        @Override
        public synchronized OutboxLane lane(DeviceId device) {
            return lanes.compute(device, (id, lane) -> lane == null || lane.closed ? new MemoryLane() : lane);
        }
    }

    static final class MemoryLane implements OutboxLane {

        private record Kept(long sequence, Reading reading, CompletableFuture<Void> promise) implements Entry {
        }

        private final Deque<Kept> waiting = new ArrayDeque<>();
        private final List<Kept> underWay = new ArrayList<>();
        private long sequence;
        boolean closed;
        volatile boolean full;

        @Override
        public synchronized CompletionStage<Void> append(Reading reading) {
            if (full) {
                return CompletableFuture.failedStage(new DeliveryException(Reason.OVERFLOW, "full"));
            }
            if (closed) {
                return CompletableFuture.failedStage(new DeliveryException(Reason.CLOSED, "closed"));
            }
            Kept kept = new Kept(++sequence, reading, new CompletableFuture<>());
            waiting.add(kept);
            return kept.promise();
        }

        @Override
        public synchronized Entry poll() {
            Kept next = waiting.poll();
            if (next != null) {
                underWay.add(next);
            }
            return next;
        }

        @Override
        public synchronized void acknowledge(Entry entry) {
            underWay.remove(entry);
            ((Kept) entry).promise().complete(null);
        }

        @Override
        public synchronized void refuse(Entry entry, DeliveryException why) {
            underWay.remove(entry);
            ((Kept) entry).promise().completeExceptionally(why);
        }

        @Override
        public synchronized void rewind() {
            for (int i = underWay.size() - 1; i >= 0; i--) {
                waiting.addFirst(underWay.get(i));
            }
            underWay.clear();
        }

        @Override
        public void whenFilled(Runnable wake) {
            // the test drains by hand
        }

        @Override
        public synchronized int depth() {
            return waiting.size() + underWay.size();
        }

        @Override
        public synchronized void close() {
            closed = true;
            rewind();
            waiting.forEach(kept -> kept.promise().completeExceptionally(new DeliveryException(Reason.CLOSED, "closed")));
            waiting.clear();
        }
    }

    /** Twins that note what they are told. */
    static final class RecordedTwins implements Twins {

        final Map<DeviceId, RecordedTwin> twins = new HashMap<>();

        @Override
        public synchronized DeviceTwin of(DeviceId device) {
            return twins.compute(device, (id, twin) -> twin == null || twin.said.contains("closed") ? new RecordedTwin() : twin);
        }
    }

    static final class RecordedTwin implements DeviceTwin {

        final List<String> said = new CopyOnWriteArrayList<>();

        @Override
        public void speaks(Optional<TwinGrammar> grammar) {
            said.add("speaks " + grammar.isPresent());
        }

        @Override
        public CompletionStage<Twin> read() {
            return CompletableFuture.completedStage(new Twin(Values.of("a", 1), 2, Values.EMPTY, 3));
        }

        @Override
        public CompletionStage<Void> report(Optional<String> component, Values patch) {
            said.add("report " + component.orElse("-") + ' ' + patch);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<Void> outcome(String command, Object outcome) {
            said.add("outcome " + command + ' ' + outcome);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<Void> became(Desired desired, DesiredResult result) {
            said.add("became " + desired.property() + ' ' + result.status());
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void connected(TwinGrammar grammar, Function<Frame, CompletionStage<Void>> wire) {
            throw new AssertionError("that is the session's to say");
        }

        @Override
        public void disconnected() {
            throw new AssertionError("that is the session's to say");
        }

        @Override
        public void answered(Inbound.Answer answer) {
            throw new AssertionError("that is the session's to say");
        }

        @Override
        public void changed(Inbound.Changed change) {
            throw new AssertionError("that is the session's to say");
        }

        @Override
        public void close() {
            said.add("closed");
        }
    }

    /** One format, {@code text}; null cannot be said in it. */
    static Codecs codecs() {
        return new PlainCodecs(new Codec() {
            @Override
            public Bytes encode(Content content) throws CodecException {
                if (content.data() == null) {
                    throw new CodecException("text cannot say null");
                }
                return Bytes.utf8(content.data().toString());
            }

            @Override
            public Content decode(Bytes bytes) {
                return Content.of(bytes.text());
            }
        }, "text");
    }

    /** Nothing waits there as long as no codec is gone that was there. */
    static ParkingLot parking(ManualClock clock, News news) {
        return new ParkingLot(10, 10_000, news, clock, () -> 0, clock.scheduler(), Runnable::run);
    }

    static final class RecordedNews implements News {

        final List<String> said = new CopyOnWriteArrayList<>();

        @Override
        public void status(DeviceId device, DeviceStatus status) {
            said.add(device + " " + status.state() + " " + status.detail());
        }

        @Override
        public void condition(Condition condition) {
            said.add(condition.toString());
        }

        @Override
        public long count(Condition.Kind kind) {
            return 0;
        }
    }

    record Hub(String host, int mqtt, int mqtts) implements HubEndpoints {

        @Override
        public int https() {
            return 8443;
        }

        @Override
        public int http() {
            return 8080;
        }

        @Override
        public Path authority() {
            return Path.of("ca.pem");
        }
    }

}
