package io.pantograph.session;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.command.Command;
import io.pantograph.api.command.CommandResult;
import io.pantograph.api.core.CodecRoute;
import io.pantograph.api.core.Codecs;
import io.pantograph.api.core.News;
import io.pantograph.api.core.NoCodecException;
import io.pantograph.api.core.OutboxLane;
import io.pantograph.api.dialect.Inbound;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.dialect.Reading;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Condition;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.DeviceStatus;
import io.pantograph.api.model.Qos;
import io.pantograph.api.transport.Connection;
import io.pantograph.api.transport.ConnectionEvents;
import io.pantograph.api.transport.Incoming;
import io.pantograph.api.transport.Transport;
import io.pantograph.api.transport.TransportException;
import io.pantograph.api.wire.Endpoint;
import io.pantograph.api.wire.Frame;
import io.pantograph.api.wire.Login;
import io.pantograph.api.wire.Subscription;
import io.pantograph.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLContext;

/** Everything around a conversation, small and by hand: a transport, a lane, a dialect, codecs, commands, news, a clock. */
final class House {

    static final DeviceId DEVICE = new DeviceId("t", "d");

    final ManualClock clock = new ManualClock();
    final List<FakeConnection> connections = new ArrayList<>();
    final List<Command> commands = new ArrayList<>();
    final List<CompletableFuture<CommandResult>> answers = new ArrayList<>();
    final List<Condition> conditions = new ArrayList<>();
    final List<DeviceStatus> statuses = new ArrayList<>();
    final FakeLane lane = new FakeLane();
    boolean cleanSession = true;
    Optional<Duration> validFor = Optional.empty();
    TransportException refusal;
    boolean dead;
    boolean mute;
    CompletableFuture<Connection> pending = new CompletableFuture<>();
    int tries;

    Conversation open() {
        Limits limits = new Limits(3, Duration.ofSeconds(30), Duration.ofSeconds(20), Duration.ofSeconds(60), Duration.ofSeconds(120),
                Duration.ofHours(1), 5);
        Transport transport = (endpoint, login, trust, events) -> {
            tries++;
            if (dead) {
                return pending;
            }
            if (refusal != null) {
                return CompletableFuture.failedFuture(refusal);
            }
            FakeConnection connection = new FakeConnection(events);
            connections.add(connection);
            return CompletableFuture.completedFuture(connection);
        };
        Rooms rooms = new Rooms(() -> transport, SSLContext::getDefault, new TextCodecs(), command -> {
            commands.add(command);
            CompletableFuture<CommandResult> answer = new CompletableFuture<>();
            answers.add(answer);
            return answer;
        }, new News() {
            @Override
            public void status(DeviceId device, DeviceStatus status) {
                statuses.add(status);
            }

            @Override
            public void condition(Condition condition) {
                conditions.add(condition);
            }

            @Override
            public long count(Condition.Kind kind) {
                return 0;
            }
        }, clock.scheduler(), Runnable::run, clock, new Random(7));
        Conversation conversation = new Conversation(new FakeProfile(), lane, limits, rooms, gone -> { });
        conversation.begin();
        settle();
        return conversation;
    }

    /** Runs what is due now. */
    void settle() {
        clock.advance(Duration.ZERO);
    }

    FakeConnection last() {
        return connections.get(connections.size() - 1);
    }

    final class FakeConnection implements Connection {

        final ConnectionEvents events;
        final List<String> sent = new ArrayList<>();
        final Deque<CompletableFuture<Void>> open = new ArrayDeque<>();
        final List<Subscription> subscriptions = new ArrayList<>();
        boolean closed;

        FakeConnection(ConnectionEvents events) {
            this.events = events;
        }

        @Override
        public CompletionStage<Void> publish(Frame frame) {
            sent.add(frame.topic());
            CompletableFuture<Void> acknowledged = new CompletableFuture<>();
            open.add(acknowledged);
            return acknowledged;
        }

        @Override
        public CompletionStage<Void> subscribe(List<Subscription> wanted) {
            subscriptions.addAll(wanted);
            return mute ? new CompletableFuture<>() : CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Void> close() {
            closed = true;
            return CompletableFuture.completedFuture(null);
        }

        void acknowledge() {
            open.remove().complete(null);
        }

        void cut() {
            end(DeviceStatus.Reason.NO_NETWORK);
        }

        void end(DeviceStatus.Reason reason) {
            TransportException cause = new TransportException(reason, "cut", null);
            open.forEach(stage -> stage.completeExceptionally(cause));
            events.lost(cause);
        }

        FakeIncoming arrives(String topic, String body) {
            FakeIncoming message = new FakeIncoming(topic, Bytes.utf8(body));
            events.arrived(message);
            return message;
        }
    }

    static final class FakeIncoming implements Incoming {

        private final String topic;
        private final Bytes payload;
        int acknowledged;

        FakeIncoming(String topic, Bytes payload) {
            this.topic = topic;
            this.payload = payload;
        }

        @Override
        public String topic() {
            return topic;
        }

        @Override
        public Bytes payload() {
            return payload;
        }

        @Override
        public Qos qos() {
            return Qos.AT_LEAST_ONCE;
        }

        @Override
        public void acknowledge() {
            acknowledged++;
        }
    }

    /** Reads topics {@code command/format}. */
    private final class FakeProfile implements Profile {

        @Override
        public DeviceId device() {
            return DEVICE;
        }

        @Override
        public Endpoint endpoint() {
            return new Endpoint(Endpoint.Scheme.TCP, "localhost", 1883, "");
        }

        @Override
        public Login login(Instant now) {
            return new Login("d", Optional.empty(), Optional.empty(), cleanSession, Duration.ofSeconds(60), validFor);
        }

        @Override
        public List<Subscription> subscriptions() {
            return List.of(new Subscription("commands", Qos.AT_LEAST_ONCE));
        }

        @Override
        public void check(Reading reading) {
        }

        @Override
        public Frame frame(Reading reading) {
            return new Frame(reading.event(), reading.payload(), reading.qos());
        }

        @Override
        public Inbound read(String topic, Bytes payload) {
            String[] parts = topic.split("/");
            return parts.length == 2 ? new Inbound.Call(DEVICE, parts[0], parts[1], payload) : new Inbound.Unreadable("no command");
        }
    }

    /** Knows the one format {@code text}, which cannot read an empty body. */
    private static final class TextCodecs implements Codecs {

        @Override
        public CodecRoute route(String format) {
            return new CodecRoute() {
                @Override
                public String format() {
                    return format;
                }

                @Override
                public boolean ready() {
                    return format.equals("text");
                }

                @Override
                public Bytes encode(Content content) {
                    return Bytes.utf8(content.data().toString());
                }

                @Override
                public Content decode(Bytes bytes) throws CodecException {
                    if (!ready()) {
                        throw new NoCodecException(format, formats());
                    }
                    if (bytes.isEmpty()) {
                        throw new CodecException("empty");
                    }
                    return Content.of(bytes.text());
                }
            };
        }

        @Override
        public SortedSet<String> formats() {
            return new TreeSet<>(List.of("text"));
        }

        @Override
        public long generation() {
            return 1;
        }
    }

    /** A lane of events, for one thread. */
    static final class FakeLane implements OutboxLane {

        private record Item(long sequence, Reading reading, CompletableFuture<Void> stage) implements Entry {
        }

        private final Deque<Item> waiting = new ArrayDeque<>();
        private final Deque<Item> underWay = new ArrayDeque<>();
        private Runnable wake = () -> { };
        private long count;

        CompletableFuture<Void> put(String event) {
            return put(event, Qos.AT_LEAST_ONCE);
        }

        CompletableFuture<Void> put(String event, Qos qos) {
            return append(new Reading(event, "text", Bytes.EMPTY, qos, Map.of(), Optional.empty(), Optional.empty(), Instant.EPOCH,
                    Optional.empty())).toCompletableFuture();
        }

        @Override
        public CompletionStage<Void> append(Reading reading) {
            Item item = new Item(++count, reading, new CompletableFuture<>());
            waiting.add(item);
            wake.run();
            return item.stage;
        }

        @Override
        public Entry poll() {
            Item next = waiting.poll();
            if (next != null) {
                underWay.add(next);
            }
            return next;
        }

        @Override
        public void acknowledge(Entry entry) {
            underWay.remove(entry);
            waiting.remove(entry);
            ((Item) entry).stage.complete(null);
        }

        @Override
        public void refuse(Entry entry, DeliveryException why) {
            underWay.remove(entry);
            ((Item) entry).stage.completeExceptionally(why);
        }

        @Override
        public void rewind() {
            while (!underWay.isEmpty()) {
                waiting.addFirst(underWay.removeLast());
            }
        }

        @Override
        public void whenFilled(Runnable wake) {
            this.wake = wake;
        }

        @Override
        public int depth() {
            return waiting.size() + underWay.size();
        }

        @Override
        public void close() {
        }
    }
}
