package io.pantograph.dialect.azure;

import io.pantograph.api.dialect.Inbound;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Names;
import io.pantograph.azure.Bag;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What comes from the hub: direct methods, cloud-to-device messages, answers about the twin and changes of it. */
final class Arrivals {

    static final String METHODS = "$iothub/methods/POST/";
    static final String TWIN_ANSWERS = "$iothub/twin/res/";
    static final String DESIRED = "$iothub/twin/PATCH/properties/desired/";

    /** The shortest that an asker can wait is 5 s; a handler that is being replaced is back long before that. */
    private static final Duration HANDLER_PATIENCE = Duration.ofSeconds(2);
    /** A command that Central kept while the device was away: its name stands here. */
    private static final String METHOD_NAME = "method-name";
    private static final String MESSAGE = "message";
    private static final String JSON = "json";
    private static final Bytes NOTHING = Bytes.utf8("@");
    private static final Bytes JSON_NULL = Bytes.utf8("null");

    private static final Map<String, String> SYSTEM = Map.ofEntries(Map.entry("$.mid", "message-id"), Map.entry("$.cid", "correlation-id"),
            Map.entry("$.uid", "user-id"), Map.entry("$.to", "to"), Map.entry("$.ct", "content-type"), Map.entry("$.ce", "content-encoding"),
            Map.entry("$.exp", "expiry"), Map.entry("$.ctime", "creation-time"), Map.entry("$.sub", "component"),
            Map.entry("$.cdid", "connection-device-id"), Map.entry("$.cmid", "connection-module-id"), Map.entry("$.on", "output"),
            Map.entry("$.ifid", "interface"));

    private final DeviceId device;
    private final String messages;
    private final Optional<String> inputs;
    private final Optional<String> cloudFormat;
    private final Duration methodPatience;

    Arrivals(DeviceId device, Subject subject, Manner manner) {
        this.device = device;
        messages = subject.topics() + "messages/devicebound/";
        inputs = subject.module().map(module -> subject.topics() + "inputs/");
        cloudFormat = manner.cloudFormat();
        methodPatience = manner.methodPatience();
    }

    /** Never throws. */
    Inbound read(String topic, Bytes payload) {
        try {
            if (topic.startsWith(METHODS)) {
                return method(topic.substring(METHODS.length()), payload);
            }
            if (topic.startsWith(TWIN_ANSWERS)) {
                return answer(topic.substring(TWIN_ANSWERS.length()), payload);
            }
            if (topic.startsWith(DESIRED)) {
                return new Inbound.Changed(version(topic.substring(DESIRED.length())), payload);
            }
            if (topic.startsWith(messages)) {
                return message(MESSAGE, Bag.read(topic.substring(messages.length())), payload);
            }
            if (inputs.isPresent() && topic.startsWith(inputs.get())) {
                return input(topic.substring(inputs.get().length()), payload);
            }
        } catch (IllegalArgumentException e) {
            return new Inbound.Unreadable("topic '" + Names.visible(topic) + "': " + e.getMessage());
        }
        return new Inbound.Unreadable("topic '" + Names.visible(topic) + "' is none that IoT Hub has for " + device);
    }

    /** {@code {name}/?$rid={ticket}}. The ticket goes back as it came, so it is not decoded. */
    private Inbound method(String rest, Bytes payload) {
        int query = rest.indexOf("/?");
        String ticket = query < 0 ? "" : Query.value(rest.substring(query + 2), "$rid");
        if (query < 1 || ticket.isEmpty()) {
            throw new IllegalArgumentException("a method's topic ends with {name}/?$rid={request}");
        }
        return new Inbound.Call(device, rest.substring(0, query), JSON, payload, Optional.of(ticket), Map.of(),
                Optional.of(new Inbound.Asked(ticket, methodPatience, HANDLER_PATIENCE)));
    }

    /** {@code {status}/?$rid={request}[&$version={version}]}. */
    private static Inbound answer(String rest, Bytes payload) {
        int status = rest.startsWith("/?", 3) ? Query.status(rest.substring(0, 3)) : -1;
        String request = status < 0 ? "" : Query.value(rest.substring(5), "$rid");
        if (request.isEmpty()) {
            throw new IllegalArgumentException("an answer's topic ends with {three digits}/?$rid={request}");
        }
        return new Inbound.Answer(request, status, version(rest.substring(3)), payload);
    }

    private Inbound input(String rest, Bytes payload) {
        int slash = rest.indexOf('/');
        String name = slash < 0 ? rest : rest.substring(0, slash);
        if (name.isEmpty()) {
            throw new IllegalArgumentException("the input has no name");
        }
        return message(name, slash < 0 ? Map.of() : Bag.read(rest.substring(slash + 1)), payload);
    }

    private Inbound message(String name, Map<String, String> bag, Bytes payload) {
        Map<String, String> properties = new LinkedHashMap<>();
        bag.forEach((key, value) -> {
            if (!SYSTEM.containsKey(key)) {
                properties.put(key, value == null ? "" : value);
            }
        });
        bag.forEach((key, value) -> { // after those of the application: what the hub says counts
            if (SYSTEM.containsKey(key) && value != null && !value.isEmpty()) {
                properties.put(SYSTEM.get(key), value);
            }
        });
        Optional<String> id = Optional.ofNullable(bag.get("$.mid")).filter(text -> !text.isEmpty());
        String method = properties.getOrDefault(METHOD_NAME, "");
        if (!method.isEmpty()) {
            return new Inbound.Call(device, method, JSON, payload.equals(NOTHING) || payload.isEmpty() ? JSON_NULL : payload, id, properties,
                    Optional.empty());
        }
        String format = cloudFormat.orElseGet(() -> isJson(bag.get("$.ct")) ? JSON : Inbound.Call.RAW);
        return new Inbound.Call(device, name, format, payload, id, properties, Optional.empty());
    }

    private static boolean isJson(String type) {
        String json = "application/json";
        return type != null && type.regionMatches(true, 0, json, 0, json.length())
                && (type.length() == json.length() || "; ".indexOf(type.charAt(json.length())) >= 0);
    }

    private static OptionalLong version(String query) {
        int at = query.indexOf('?');
        String version = at < 0 ? "" : Query.value(query.substring(at + 1), "$version");
        return Query.isNumber(version) ? OptionalLong.of(Long.parseLong(version)) : OptionalLong.empty();
    }
}
