package io.pantograph.hub.http;

import static io.pantograph.hub.http.Route.Rights.OPERATOR;

import io.pantograph.api.hub.Access;
import io.pantograph.api.hub.Events;
import io.pantograph.api.hub.Events.LogLine;
import io.pantograph.api.hub.Registry;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Values;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** What the hub remembers of devices: the last event cache and the connection logs. */
final class Recollection {

    private static final int MOST_LINES = 100;

    private final Registry registry;
    private final Events events;
    private final Access access;
    private final Shapes shapes;

    Recollection(Registry registry, Events events, Access access, Shapes shapes) {
        this.registry = registry;
        this.events = events;
        this.access = access;
        this.shapes = shapes;
    }

    List<Route> routes() {
        String device = "device/types/{typeId}/devices/{deviceId}";
        return List.of(
                Route.of("GET", device + "/events", OPERATOR, this::all),
                Route.of("GET", device + "/events/{eventId}", OPERATOR, this::one),
                Route.of("GET", "config/lec", OPERATOR, this::settings),
                Route.of("PUT", "config/lec", OPERATOR, this::change),
                Route.of("GET", "logs/connection", OPERATOR, this::log));
    }

    private Answer all(Call call) {
        DeviceId device = remembered(call);
        return Answer.ok(events.last(device).stream().map(shapes::event).toList());
    }

    private Answer one(Call call) {
        DeviceId device = remembered(call);
        String event = call.at("eventId");
        if (!Names.valid(event)) {
            throw Problem.invalid("event id '" + Names.visible(event) + "' must be 1 to 128 characters of A-Z a-z 0-9 . _ : -");
        }
        return events.last(device, event)
                .map(found -> Answer.ok(shapes.event(found)))
                .orElseThrow(() -> Problem.missing("There is no event " + event + " of device " + device + '.', event));
    }

    private DeviceId remembered(Call call) {
        DeviceId device = call.device();
        if (!events.caching()) {
            throw Problem.cacheOff(access.org());
        }
        return there(device);
    }

    private DeviceId there(DeviceId device) {
        if (registry.device(device).isEmpty()) {
            throw Devices.missing(device);
        }
        return device;
    }

    private Answer settings(Call call) {
        return Answer.ok(Values.of("enabled", events.caching(), "ttlDays", events.cacheDays()));
    }

    private Answer change(Call call) throws IOException {
        Values body = call.object();
        Fields.only(body, Set.of("enabled", "ttlDays"));
        if (!(body.get("enabled") instanceof Boolean enabled)) {
            throw Problem.invalid("'enabled' must be true or false");
        }
        int days = body.get("ttlDays") == null ? events.cacheDays() : (int) Fields.number(body, "ttlDays", 1, 45);
        if (body.get("ttlDays") instanceof Double) {
            throw Problem.invalid("'ttlDays' must be a whole number of 1 to 45");
        }
        events.caching(enabled, days);
        return settings(call);
    }

    private Answer log(Call call) {
        DeviceId device = new DeviceId(asked(call, "typeId"), asked(call, "deviceId"));
        there(device);
        List<LogLine> lines = events.connectionLog(device, call.query("limit").map(Recollection::limit).orElse(MOST_LINES));
        return Answer.ok(lines.stream().map(line -> Values.of("message", line.message(), "timestamp", Shapes.time(line.time()))).toList());
    }

    private static String asked(Call call, String name) {
        return Call.checkedId(name, call.query(name).orElseThrow(() -> Problem.invalid("'" + name + "' is missing")));
    }

    private static int limit(String text) {
        try {
            int limit = Integer.parseInt(text);
            if (limit > 0) {
                return Math.min(limit, MOST_LINES);
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw Problem.invalid("'limit' must be a whole number of 1 to " + MOST_LINES);
    }
}
