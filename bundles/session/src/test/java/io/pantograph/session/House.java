package io.pantograph.session;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.command.Command;
import io.pantograph.api.command.CommandResult;
import io.pantograph.api.core.Codecs;
import io.pantograph.api.core.CommandDispatcher;
import io.pantograph.api.core.DeviceTwin;
import io.pantograph.api.core.DeviceManagement;
import io.pantograph.api.core.Managements;
import io.pantograph.api.core.News;
import io.pantograph.api.core.OutboxLane;
import io.pantograph.api.core.Twins;
import io.pantograph.api.dialect.Inbound;
import io.pantograph.api.dialect.ManagementGrammar;
import io.pantograph.api.dialect.NoLoginException;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.dialect.Provisioning;
import io.pantograph.api.dialect.Reading;
import io.pantograph.api.dialect.TwinGrammar;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Condition;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.DeviceStatus;
import io.pantograph.api.model.Qos;
import io.pantograph.api.model.Values;
import io.pantograph.api.transport.Connection;
import io.pantograph.api.transport.ConnectionEvents;
import io.pantograph.api.transport.Incoming;
import io.pantograph.api.transport.Transport;
import io.pantograph.api.transport.TransportException;
import io.pantograph.api.twin.Desired;
import io.pantograph.api.twin.DesiredResult;
import io.pantograph.api.twin.Twin;
import io.pantograph.api.wire.ClientCertificate;
import io.pantograph.api.wire.Endpoint;
import io.pantograph.api.wire.Frame;
import io.pantograph.api.wire.Login;
import io.pantograph.api.wire.Subscription;
import io.pantograph.testkit.ManualClock;
import io.pantograph.testkit.PlainCodecs;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;

/** Everything around a conversation, small and by hand: a transport, a lane, a dialect, codecs, commands, news, a clock. */
final class House {

    static final DeviceId DEVICE = new DeviceId("t", "d");

    final ManualClock clock = new ManualClock();
    final List<FakeConnection> connections = new ArrayList<>();
    final List<Command> commands = new ArrayList<>();
    final List<Duration> handlerPatience = new ArrayList<>();
    final List<CompletableFuture<CommandResult>> answers = new ArrayList<>();
    final List<Condition> conditions = new ArrayList<>();
    final List<DeviceStatus> statuses = new ArrayList<>();
    final FakeLane lane = new FakeLane();
    final List<Login> logins = new ArrayList<>();
    final List<Endpoint> endpoints = new ArrayList<>();
    final List<Optional<ClientCertificate>> shown = new ArrayList<>();
    final FakeTwin twin = new FakeTwin();
    Twins twins = device -> twin;
    boolean hasTwin;
    final FakeManagement management = new FakeManagement();
    Managements managements;
    ManagementGrammar managed;
    Path folder = Path.of("nowhere");
    FakeProvisioning provisioning;
    NoLoginException noLogin;
    NoLoginException noCertificate;
    Optional<ClientCertificate> certificate = Optional.empty();
    UnaryOperator<DeviceStatus.Reason> translation = told -> told;
    Function<Endpoint, TransportException> refusals = endpoint -> this.refusal;
    boolean cleanSession = true;
    Optional<Duration> validFor = Optional.empty();
    TransportException refusal;
    boolean dead;
    boolean mute;
    CompletableFuture<Connection> pending = new CompletableFuture<>();
    int tries;

    private final Transport transport = (endpoint, login, trust, events) -> {
        tries++;
        endpoints.add(endpoint);
        logins.add(login);
        if (dead) {
            return pending;
        }
        TransportException no = refusals.apply(endpoint);
        if (no != null) {
            return CompletableFuture.failedFuture(no);
        }
        FakeConnection connection = new FakeConnection(events);
        connections.add(connection);
        return CompletableFuture.completedFuture(connection);
    };

    Codecs codecs = codecs();
    CommandParking parking;

    Conversation open() {
        FakeDispatcher dispatcher = new FakeDispatcher();
        parking = new CommandParking(3, 1_000, codecs, dispatcher, new FakeNews(), clock, clock.scheduler(), Runnable::run);
        Limits limits = new Limits(3, Duration.ofSeconds(30), Duration.ofSeconds(20), Duration.ofSeconds(60), Duration.ofSeconds(120),
                Duration.ofHours(1), 5);
        Rooms rooms = new Rooms(() -> transport, () -> twins, () -> managements, this::trust, new Assignments(folder.resolve("assignments.properties")),
                codecs, dispatcher, parking, new FakeNews(), clock.scheduler(), Runnable::run, clock, clock::nanos, new Random(7));
        Conversation conversation = new Conversation(new FakeProfile("localhost"), lane, limits, rooms, gone -> { });
        conversation.begin();
        settle();
        return conversation;
    }

    Codecs codecs() {
        return new PlainCodecs(new Text(), "text", "json");
    }

    /** Hears no news. */
    News deaf() {
        return new FakeNews() {

            @Override
            public void status(DeviceId device, DeviceStatus status) {
            }

            @Override
            public void condition(Condition condition) {
            }
        };
    }

    private SSLContext trust(Optional<ClientCertificate> wanted) throws GeneralSecurityException, NoLoginException {
        shown.add(wanted);
        if (noCertificate != null) {
            throw noCertificate;
        }
        return SSLContext.getDefault();
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
        final List<Frame> frames = new ArrayList<>();
        boolean closed;

        FakeConnection(ConnectionEvents events) {
            this.events = events;
        }

        @Override
        public CompletionStage<Void> publish(Frame frame) {
            if (closed) {
                return CompletableFuture.failedFuture(new TransportException(DeviceStatus.Reason.NO_NETWORK, "closed", null));
            }
            sent.add(frame.topic());
            frames.add(frame);
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
            List<CompletableFuture<Void>> unheard = List.copyOf(open);
            closed = true;
            unheard.forEach(stage -> stage.completeExceptionally(cause));
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

    private final class FakeDispatcher implements CommandDispatcher {

        @Override
        public CompletionStage<CommandResult> dispatch(Command command) {
            commands.add(command);
            CompletableFuture<CommandResult> answer = new CompletableFuture<>();
            answers.add(answer);
            return answer;
        }

        @Override
        public CompletionStage<CommandResult> dispatch(Command command, Duration patience) {
            handlerPatience.add(patience);
            return dispatch(command);
        }
    }

    private class FakeNews implements News {

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
    }

    /** Notes what it is told. */
    static final class FakeManagement implements DeviceManagement {

        final List<String> told = new ArrayList<>();
        Function<Frame, CompletionStage<Void>> wire;

        @Override
        public void connected(ManagementGrammar grammar, Function<Frame, CompletionStage<Void>> wire) {
            told.add("connected");
            this.wire = wire;
        }

        @Override
        public void disconnected() {
            told.add("disconnected");
        }

        @Override
        public void asked(Inbound.Managed message) {
            told.add("asked " + message.kind() + ' ' + message.payload().text());
        }
    }

    static final class FakeTwin implements DeviceTwin {

        final List<String> told = new ArrayList<>();
        Function<Frame, CompletionStage<Void>> wire;

        @Override
        public void speaks(Optional<TwinGrammar> grammar) {
            throw new UnsupportedOperationException("the facade's to say");
        }

        @Override
        public CompletionStage<Twin> read() {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Void> report(Optional<String> component, Values patch) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Void> outcome(String command, Object outcome) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Void> became(Desired desired, DesiredResult result) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void connected(TwinGrammar grammar, Function<Frame, CompletionStage<Void>> wire) {
            told.add("connected");
            this.wire = wire;
        }

        @Override
        public void disconnected() {
            told.add("disconnected");
        }

        @Override
        public void answered(Inbound.Answer answer) {
            told.add("answered " + answer.request() + " " + answer.payload().text());
        }

        @Override
        public void changed(Inbound.Changed change) {
            told.add("changed " + change.payload().text());
        }

        @Override
        public void close() {
            throw new UnsupportedOperationException();
        }
    }

    /** Asks at {@code dps}; answers are {@code wait SECONDS}, {@code at HOST} and {@code no REASON SECONDS}. */
    static class FakeProvisioning implements Provisioning {

        final House house;

        FakeProvisioning(House house) {
            this.house = house;
        }

        @Override
        public String key() {
            return "dps=1:scope/reg #1";
        }

        @Override
        public Endpoint endpoint() {
            return new Endpoint(Endpoint.Scheme.TCP, "dps", 1883, "");
        }

        @Override
        public Login login(Instant now) {
            return new Login("reg", Optional.empty(), Optional.empty(), true, Duration.ofSeconds(60), Optional.empty());
        }

        @Override
        public List<Subscription> subscriptions() {
            return List.of(new Subscription("dps/res", Qos.AT_LEAST_ONCE));
        }

        @Override
        public Request register(String request) {
            return new Request("register", Content.of("me"));
        }

        @Override
        public Step read(String topic, Content body) {
            String[] words = body.data() == null ? new String[] {""} : body.data().toString().split(" ");
            return switch (words[0]) {
                case "wait" -> new Step.Ask(new Request("poll", Content.of(null)), Duration.ofSeconds(Long.parseLong(words[1])));
                case "at" -> new Step.Assigned(Map.of("host", words[1]));
                case "no" -> new Step.Refused(DeviceStatus.Reason.valueOf(words[1]), "the service says no", Optional.of(Duration.ofSeconds(Long.parseLong(words[2]))));
                default -> new Step.Other();
            };
        }

        @Override
        public Profile assigned(Map<String, String> assignment) {
            return house.new FakeProfile(assignment.get("host")) {
                @Override
                public Optional<Provisioning> provisioning() {
                    return Optional.empty();
                }
            };
        }
    }

    /**
     * Reads topics {@code command/format}, {@code ask/ID/command/format} where somebody waits for 100 s, {@code kept/ID/command/format} where
     * the cloud gives an id, {@code answer/REQUEST} and {@code changed}.
     */
    class FakeProfile implements Profile {

        private final String host;

        FakeProfile(String host) {
            this.host = Objects.requireNonNull(host);
        }

        @Override
        public DeviceId device() {
            return DEVICE;
        }

        @Override
        public Endpoint endpoint() {
            return new Endpoint(certificate.isPresent() ? Endpoint.Scheme.TLS : Endpoint.Scheme.TCP, host, 1883, "");
        }

        @Override
        public Login login(Instant now) throws NoLoginException {
            if (noLogin != null) {
                throw noLogin;
            }
            return new Login("d", Optional.empty(), Optional.empty(), cleanSession, Duration.ofSeconds(60), validFor);
        }

        @Override
        public Optional<ClientCertificate> certificate() {
            return certificate;
        }

        @Override
        public Optional<Provisioning> provisioning() {
            return Optional.ofNullable(provisioning);
        }

        @Override
        public Optional<TwinGrammar> twin() {
            return hasTwin ? Optional.of(NO_GRAMMAR) : Optional.empty();
        }

        @Override
        public Optional<ManagementGrammar> management() {
            return Optional.ofNullable(managed);
        }

        @Override
        public DeviceStatus.Reason refusal(DeviceStatus.Reason told) {
            return translation.apply(told);
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
            if (parts.length == 4) {
                Optional<Inbound.Asked> asked = parts[0].equals("ask")
                        ? Optional.of(new Inbound.Asked(parts[1], Duration.ofSeconds(100), Duration.ofSeconds(9))) : Optional.empty();
                return new Inbound.Call(DEVICE, parts[2], parts[3], payload, Optional.of(parts[1]), Map.of("colour", "red"), asked);
            }
            if (topic.startsWith("answer/")) {
                return new Inbound.Answer(parts[1], 200, OptionalLong.empty(), payload);
            }
            if (topic.equals("reboot")) {
                return new Inbound.Managed(DEVICE, ManagementGrammar.Kind.REBOOT, payload);
            }
            if (topic.equals("changed")) {
                return new Inbound.Changed(OptionalLong.empty(), payload);
            }
            return parts.length == 2 ? new Inbound.Call(DEVICE, parts[0], parts[1], payload) : new Inbound.Unreadable("no command");
        }

        @Override
        public Frame answer(String ticket, int status, Bytes payload) {
            if (payload.length() > 1000) {
                throw new IllegalArgumentException("an answer of " + payload.length() + " bytes is over the limit of 1000");
            }
            return new Frame("reply/" + ticket + "/" + status, payload, Qos.AT_LEAST_ONCE);
        }
    }

    private static final TwinGrammar NO_GRAMMAR = (TwinGrammar) Proxy.newProxyInstance(House.class.getClassLoader(),
            new Class<?>[] {TwinGrammar.class}, (proxy, method, arguments) -> {
                throw new UnsupportedOperationException("not the session's to ask");
            });

    /** Bare text, which cannot read an empty body nor write a Boolean. */
    private static final class Text implements Codec {

        @Override
        public Bytes encode(Content content) throws CodecException {
            if (content.data() instanceof Boolean) {
                throw new CodecException("unsayable");
            }
            return Bytes.utf8(content.data().toString());
        }

        @Override
        public Content decode(Bytes bytes) throws CodecException {
            if (bytes.isEmpty() || bytes.text().equals("?")) {
                throw new CodecException("empty");
            }
            return Content.of(bytes.text());
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
