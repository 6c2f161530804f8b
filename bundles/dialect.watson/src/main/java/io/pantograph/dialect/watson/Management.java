package io.pantograph.dialect.watson;

import io.pantograph.api.dialect.Inbound;
import io.pantograph.api.dialect.ManagementGrammar;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Qos;
import io.pantograph.api.model.Values;
import io.pantograph.api.wire.Subscription;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The Device Management Protocol, the device's half. A device speaks in its own scope, a gateway in that of the organisation. */
final class Management implements ManagementGrammar {

    private static final String FIRMWARE = "mgmt.firmware";
    /** What may be updated without anything to do for it: what the platform keeps of a device, told again. */
    private static final Set<String> KEPT = Set.of("location", "metadata", "deviceInfo");
    private static final int LONGEST_MESSAGE = 1000;
    private static final int LONGEST_REQUEST = 100;

    private static final Map<String, Kind> TOPICS = Map.of(
            "response", Kind.ANSWER,
            "mgmt/initiate/device/reboot", Kind.REBOOT,
            "mgmt/initiate/device/factory_reset", Kind.FACTORY_RESET,
            "device/update", Kind.UPDATE,
            "observe", Kind.OBSERVE,
            "cancel", Kind.CANCEL,
            "mgmt/initiate/firmware/download", Kind.DOWNLOAD,
            "mgmt/initiate/firmware/update", Kind.INSTALL);

    private final DeviceId device;
    private final String up;
    private final String down;

    Management(DeviceId device, boolean gateway) {
        this.device = device;
        up = gateway ? Topics.scope(Topics.MANAGEMENT_UP, device) : Topics.MANAGEMENT_UP + '/';
        down = gateway ? Topics.scope(Topics.MANAGEMENT_DOWN, device) : Topics.MANAGEMENT_DOWN + '/';
    }

    @Override
    public List<Subscription> subscriptions() {
        return List.of(new Subscription(down + '#', Qos.AT_LEAST_ONCE));
    }

    /** What a topic means; empty if it is none of these. */
    Optional<Inbound> read(String topic, Bytes payload) {
        if (!topic.startsWith(down)) {
            return Optional.empty();
        }
        String rest = topic.substring(down.length());
        Kind kind = TOPICS.get(rest);
        if (kind != null) {
            return Optional.of(new Inbound.Managed(device, kind, payload));
        }
        String[] levels = Topics.levels(rest);
        if (levels.length == 4 && levels[0].equals("mgmt") && levels[1].equals("custom") && Names.valid(levels[2]) && Names.valid(levels[3])) {
            return Optional.of(new Inbound.Managed(device, Kind.ACTION, levels[2], levels[3], payload));
        }
        return Optional.empty();
    }

    @Override
    public Letter manageable(String request, Manageable manageable) {
        Values.Builder supports = Values.builder().put("deviceActions", manageable.deviceActions()).put("firmwareActions", manageable.firmwareActions());
        manageable.extensions().stream().sorted().forEach(extension -> supports.put(extension, true));
        Values.Builder said = Values.builder();
        if (!manageable.lifetime().isZero()) {
            said.put("lifetime", manageable.lifetime().toSeconds());
        }
        return asking("mgmt/manage", request, said.put("supports", supports.build()).put("deviceInfo", manageable.info()).build());
    }

    private Letter asking(String topic, String request, Values said) {
        return new Letter(up + topic, Values.of("d", said, "reqId", request));
    }

    @Override
    public Letter answer(String request, int status, Optional<String> message) {
        Values.Builder body = Values.builder().put("rc", status);
        message.ifPresent(text -> body.put("message", cut(text)));
        return new Letter(up + "response", body.put("reqId", request).build());
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_MESSAGE ? text : text.substring(0, LONGEST_MESSAGE) + "...";
    }

    @Override
    public Letter observed(String request, Firmware firmware, Image image, Update update) {
        Values value = Values.builder().put("version", firmware.version()).put("name", firmware.name()).put("uri", firmware.uri())
                .put("verifier", firmware.verifier()).put("state", image.ordinal()).put("updateStatus", update.ordinal()).build();
        return new Letter(up + "response", Values.of("rc", 200, "d", Values.of("fields", List.of(field(value))), "reqId", request));
    }

    private static Values field(Values value) {
        return Values.of("field", FIRMWARE, "value", value);
    }

    @Override
    public Letter changed(Optional<Image> image, Optional<Update> update) {
        Values.Builder value = Values.builder();
        image.ifPresent(one -> value.put("state", one.ordinal()));
        update.ifPresent(one -> value.put("updateStatus", one.ordinal()));
        return new Letter(up + "notify", Values.of("d", Values.of("fields", List.of(field(value.build())))));
    }

    @Override
    public Letter log(String request, Instant time, int severity, String message) {
        return asking("add/diag/log", request, Values.of("message", cut(message), "timestamp", time.truncatedTo(ChronoUnit.MILLIS).toString(),
                "severity", severity));
    }

    @Override
    public Letter errorCode(String request, int code) {
        return asking("add/diag/errorCodes", request, Values.of("errorCode", code));
    }

    @Override
    public Request request(Inbound.Managed message, Values body) {
        Values.Builder fields = Values.builder();
        List<String> unknown = new ArrayList<>();
        Optional<Firmware> firmware = Optional.empty();
        for (Object one : fields(body)) {
            if (!(one instanceof Values field)) {
                throw new IllegalArgumentException("'fields' must hold objects with field and value");
            }
            String name = field.text("field");
            fields.put(name, field.get("value"));
            if (name.equals(FIRMWARE)) {
                firmware = Optional.of(firmware(field.get("value")));
            } else if (message.kind() != Kind.ACTION && !(message.kind() == Kind.UPDATE && KEPT.contains(name))) {
                unknown.add(name);
            }
        }
        return new Request(id(body), fields.build(), firmware, unknown);
    }

    /** Requests without fields come without d, or with an empty one. */
    private static List<?> fields(Values body) {
        return body.get("d") instanceof Values said && said.containsKey("fields") ? said.list("fields") : List.of();
    }

    private static Optional<String> id(Values body) {
        if (body.get("reqId") == null) {
            return Optional.empty();
        }
        String id = body.text("reqId");
        if (id.isEmpty() || id.length() > LONGEST_REQUEST) {
            throw new IllegalArgumentException("'reqId' must have 1 to " + LONGEST_REQUEST + " characters");
        }
        return Optional.of(id);
    }

    /** Applications leave out what they do not know, or say it as an empty text or a null. */
    private static Firmware firmware(Object value) {
        if (value == null) {
            return Firmware.NONE;
        }
        if (!(value instanceof Values told)) {
            throw new IllegalArgumentException("'" + FIRMWARE + "' must be an object");
        }
        return new Firmware(text(told, "name"), text(told, "version"), text(told, "uri"), text(told, "verifier"));
    }

    private static String text(Values told, String name) {
        return told.get(name) == null ? "" : told.text(name).trim();
    }

    @Override
    public Answer answered(Values body) {
        return new Answer(id(body).orElse(""), (int) body.integer("rc"), body.get("message") == null ? "" : Names.visible(body.text("message")));
    }
}
