package io.pantograph.service;

import io.pantograph.api.model.Content;
import io.pantograph.api.model.Values;
import io.pantograph.api.service.DeviceRegistry;
import io.pantograph.api.service.DeviceTwins;
import io.pantograph.api.service.EventFilter;
import io.pantograph.api.service.EventListener;
import io.pantograph.api.service.EventWatch;
import io.pantograph.api.service.MethodAnswer;
import io.pantograph.api.service.MethodCall;
import io.pantograph.api.service.OutboundMessage;
import io.pantograph.api.service.ServiceClient;
import io.pantograph.api.service.Target;
import io.pantograph.azure.Bag;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.regex.Pattern;

/** One client of one hub. */
final class Client implements ServiceClient {

    /** The headers of system properties; the cloud spells some in a way of its own. */
    private static final Map<String, String> HEADERS = Map.of(
            "message-id", "IoTHub-MessageId",
            "correlation-id", "IoTHub-CorrelationId",
            "user-id", "IoTHub-UserId",
            "content-type", "IoTHub-ContentType",
            "content-encoding", "IoTHub-ContentEncoding",
            "iothub-ack", "IoTHub-Ack");

    /** The cloud's own hosts. A hub of ours takes properties as they are; there each is a header, with what headers can say. */
    private static final Pattern CLOUD = Pattern.compile("(?i).+\\.azure-devices(-[a-z]+)*\\.[a-z]+");

    private final String host;
    private final boolean cloud;
    private final Wire wire;
    private final ScheduledExecutorService timer;
    private final Runnable end;
    private final Clock clock;
    private final DeviceRegistry registry;
    private final DeviceTwins twins;
    private final Set<EventStream> watches = ConcurrentHashMap.newKeySet();

    /** @param end runs once when the client is closed */
    Client(String host, Wire wire, ScheduledExecutorService timer, Clock clock, Runnable end) {
        this.host = host;
        this.cloud = CLOUD.matcher(host).matches();
        this.wire = wire;
        this.timer = timer;
        this.clock = clock;
        this.end = end;
        registry = new RegistryCalls(wire);
        twins = new TwinCalls(wire);
    }

    @Override
    public String host() {
        return host;
    }

    Wire wire() {
        return wire;
    }

    @Override
    public DeviceRegistry registry() {
        return registry;
    }

    @Override
    public DeviceTwins twins() {
        return twins;
    }

    @Override
    public CompletionStage<MethodAnswer> invoke(Target target, MethodCall call) {
        Ask ask = target.module().map(module -> Ask.of("POST", "twins", target.device(), "modules", module, "methods"))
                .orElseGet(() -> Ask.of("POST", "twins", target.device(), "methods"));
        Values wanted = Values.builder()
                .put("methodName", call.name())
                .put("responseTimeoutInSeconds", (int) call.responseTimeout().toSeconds())
                .put("connectTimeoutInSeconds", (int) call.connectTimeout().toSeconds())
                .put("payload", call.payload().data())
                .build();
        return wire.ask(Json.body(ask, wanted).once().extra(call.responseTimeout().plus(call.connectTimeout())))
                .thenApply(reply -> answer(reply, reply.object()));
    }

    private static MethodAnswer answer(Reply reply, Values told) {
        if (!(told.get("status") instanceof Number status)) {
            throw reply.bad("an object with a status", null);
        }
        return new MethodAnswer(status.intValue(), Content.of(told.get("payload")));
    }

    @Override
    public CompletionStage<Void> send(Target target, OutboundMessage message) {
        Ask ask = target.module().map(module -> Ask.of("POST", "devices", target.device(), "modules", module, "messages", "deviceBound"))
                .orElseGet(() -> Ask.of("POST", "devices", target.device(), "messages", "deviceBound"));
        Map<String, String> headers = new LinkedHashMap<>();
        message.system().forEach((name, value) -> {
            String header = HEADERS.get(name);
            if (header == null) {
                throw new IllegalArgumentException("system property '" + name + "' must be one of " + HEADERS.keySet().stream().sorted().toList());
            }
            headers.put(header, checked(name, value));
        });
        message.life().ifPresent(life -> headers.put("IoTHub-Expiry", clock.instant().plus(life).toString()));
        if (cloud) {
            message.properties().forEach((name, value) -> headers.put("iothub-app-" + checkedName(name), checked(name, value)));
        } else if (!message.properties().isEmpty()) {
            headers.put("iothub-properties", Bag.write(message.properties()));
        }
        for (Map.Entry<String, String> header : headers.entrySet()) {
            ask = ask.header(header.getKey(), header.getValue());
        }
        return wire.ask(ask.body(message.body(), "application/octet-stream").once()).thenAccept(reply -> { });
    }

    private static String checkedName(String name) {
        if (name.isEmpty() || !name.chars().allMatch(c -> c > ' ' && c < 0x7f && "()<>@,;:\\\"/[]?={}".indexOf(c) < 0)) {
            throw new IllegalArgumentException("property name '" + name + "' must be visible ASCII without separators, since it travels in a header");
        }
        return name;
    }

    private static String checked(String name, String value) {
        if (!value.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("the value of property '" + name + "' must be visible ASCII, since it travels in a header; "
                    + "put other text into the body");
        }
        return value;
    }

    @Override
    public CompletionStage<Long> purge(String device) {
        return wire.ask(Ask.of("DELETE", "devices", Target.of(device).device(), "commands")).thenApply(reply ->
                reply.object().get("totalMessagesPurged") instanceof Number number ? number.longValue() : 0L);
    }

    @Override
    public CompletionStage<QueryPage> query(String query, int most, Optional<String> from) {
        if (most < 1 || most > 1000) {
            throw new IllegalArgumentException("a page of " + most + " must be of 1 to 1000");
        }
        Ask ask = Json.body(Ask.of("POST", "devices", "query"), Values.of("query", query))
                .header("x-ms-max-item-count", String.valueOf(most));
        return wire.ask(from.isPresent() ? ask.header("x-ms-continuation", from.get()) : ask)
                .thenApply(reply -> new QueryPage(reply.objects(), reply.header("x-ms-continuation").filter(next -> !next.isEmpty())));
    }

    @Override
    public EventWatch watch(EventFilter filter, EventListener listener) {
        EventStream stream = new EventStream(wire, new Watch(filter, listener), watches::remove);
        watches.add(stream);
        stream.begin();
        return stream;
    }

    @Override
    public void close() {
        wire.close();
        watches.forEach(EventStream::close);
        timer.shutdownNow();
        end.run();
    }
}
