package io.pantograph.hub.http;

import static io.pantograph.hub.http.Route.Rights.OPERATOR;
import static io.pantograph.hub.http.Route.Rights.SENDER;

import io.pantograph.api.hub.Events;
import io.pantograph.api.hub.Registry;
import io.pantograph.api.listener.HubMessage.Direction;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Values;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Messages by HTTP, for what has no MQTT: delivered at QoS 0 to whoever listens. The body is passed on as it is, whatever the format. */
final class Messages {

    static final int MOST_BYTES = 131_072;

    private static final Map<String, String> FORMATS = Map.of(
            "text/plain", "text",
            "application/json", "json",
            "application/xml", "xml",
            "application/octet-stream", "bin");

    private final Registry registry;
    private final Events events;

    Messages(Registry registry, Events events) {
        this.registry = registry;
        this.events = events;
    }

    List<Route> routes() {
        String device = "/types/{typeId}/devices/{deviceId}";
        return List.of(
                Route.of("POST", "device" + device + "/events/{name}", SENDER, call -> take(call, Direction.EVENT)),
                Route.of("POST", "application" + device + "/events/{name}", OPERATOR, call -> take(call, Direction.EVENT)),
                Route.of("POST", "application" + device + "/commands/{name}", OPERATOR, call -> take(call, Direction.COMMAND)));
    }

    private Answer take(Call call, Direction direction) throws IOException {
        DeviceId device = call.device();
        String name = call.at("name");
        if (!Names.valid(name)) {
            throw Problem.invalid("'" + Names.visible(name) + "' must be 1 to 128 characters of A-Z a-z 0-9 . _ : -");
        }
        String format = format(call);
        boolean speaksForItself = call.who().device().equals(java.util.Optional.of(device));
        if (!speaksForItself && !call.byGateway() && registry.device(device).isEmpty()) {
            throw Devices.missing(device);
        }
        if (!speaksForItself && call.byGateway() && registry.type(device.type()).isEmpty()) {
            throw Types.missing(device.type());
        }
        Bytes body = call.body(MOST_BYTES);
        events.accept(call.who(), direction, device, name, format, body).ifPresent(why -> {
            throw Problem.forbidden(why);
        });
        return Answer.ok(Values.EMPTY);
    }

    private static String format(Call call) {
        String type = call.contentType().orElse("application/json");
        int parameters = type.indexOf(';');
        String name = (parameters < 0 ? type : type.substring(0, parameters)).trim().toLowerCase(Locale.ROOT);
        String format = FORMATS.get(name);
        if (format == null) {
            throw Problem.invalid("Content-Type '" + Names.visible(name) + "' must be one of " + FORMATS.keySet().stream().sorted().toList());
        }
        return format;
    }
}
