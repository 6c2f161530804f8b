package io.pantograph.hub.http;

import static io.pantograph.hub.http.Route.Rights.GATEWAY;

import io.pantograph.api.hub.Registry;
import io.pantograph.api.hub.Registry.Page;
import io.pantograph.api.hub.Registry.Registered;
import io.pantograph.api.hub.HubIdentity;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Values;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Devices: {@code /device/types/{t}/devices}. A gateway may look at all, register devices, which are then behind it, and change or
 * delete those behind it.
 */
final class Devices {

    // Also those that are only told: clients send back what they have read.
    private static final Set<String> MEMBERS = Set.of("typeId", "deviceId", "authToken", "deviceInfo", "location", "metadata", "gatewayId",
            "gatewayTypeId", "status", "extensions", "clientId", "registration", "refs", "classId");
    private static final Set<String> LOCATION = Set.of("longitude", "latitude", "elevation", "accuracy", "measuredDateTime", "updatedDateTime");

    private final Registry registry;
    private final Shapes shapes;
    private final Managing managing;

    Devices(Registry registry, Shapes shapes, Managing managing) {
        this.registry = registry;
        this.shapes = shapes;
        this.managing = managing;
    }

    List<Route> routes() {
        String device = "device/types/{typeId}/devices/{deviceId}";
        return List.of(
                Route.of("GET", "device/types/{typeId}/devices", GATEWAY, this::list),
                Route.of("POST", "device/types/{typeId}/devices", GATEWAY, this::create),
                Route.of("GET", device, GATEWAY, this::get),
                Route.of("PUT", device, GATEWAY, this::update),
                Route.of("DELETE", device, GATEWAY, this::delete),
                Route.of("GET", device + "/devices", GATEWAY, this::behind),
                Route.of("GET", device + "/location", GATEWAY, this::location),
                Route.of("PUT", device + "/location", GATEWAY, this::move));
    }

    private Answer list(Call call) {
        String type = call.id("typeId");
        if (registry.type(type).isEmpty()) {
            throw Types.missing(type);
        }
        return Answer.ok(shapes.page(page(call, Optional.of(type)), each -> shape(call, each)));
    }

    /** A page of the devices that the query asks for. */
    Page<Registered> page(Call call, Optional<String> type) {
        Leafing leafing = Leafing.of(call, List.of("typeId", "deviceId"));
        Optional<String> wanted = type.or(() -> call.query("typeId"));
        Optional<String> name = call.query("deviceId");
        if (name.isEmpty()) {
            try {
                return registry.devices(wanted, leafing.limit(), leafing.from());
            } catch (IllegalArgumentException e) {
                throw Problem.invalid("'_bookmark' is none of this hub");
            }
        }
        DeviceId one = new DeviceId(Call.checkedId("typeId", wanted.orElseThrow(() -> Problem.invalid("'deviceId' needs 'typeId'"))),
                Call.checkedId("deviceId", name.get()));
        List<Registered> found = registry.device(one).stream().toList();
        return new Page<>(found, found.size(), Optional.empty());
    }

    Values shape(Call call, Registered device) {
        Values.Builder shape = shapes.device(device);
        List<String> expanded = call.query("_expand").map(all -> List.of(all.split(",", 16))).orElse(List.of());
        if (expanded.contains("mgmt")) {
            managing.shape(device.device()).ifPresent(managed -> shape.put("mgmt", managed));
        }
        if (expanded.contains(Shapes.LOCATION)) {
            Fields.object(device.attributes(), Shapes.LOCATION).ifPresent(location -> shape.put(Shapes.LOCATION, location));
        }
        return shape.build();
    }

    private Answer create(Call call) throws IOException {
        String type = call.id("typeId");
        Registry.NewDevice wanted = wanted(call, type, call.object());
        if (registry.type(type).isEmpty()) {
            throw Types.missing(type);
        }
        try {
            return registry.createDevice(wanted.device(), wanted.token(), wanted.attributes(), wanted.behind(), by(call.who()))
                    .map(made -> Answer.created(shapes.device(made.device()).put("authToken", made.token().reveal()).build()))
                    .orElseThrow(() -> Problem.conflict("Device " + wanted.device() + " exists already.", wanted.device().type(), wanted.device().name()));
        } catch (IllegalStateException e) {
            throw Types.missing(type); // deleted this moment
        }
    }

    /** The device that a body describes. */
    Registry.NewDevice wanted(Call call, String type, Values body) {
        Fields.only(body, MEMBERS);
        DeviceId device = new DeviceId(type, Fields.id(body, "deviceId"));
        Values.Builder attributes = Values.builder();
        Fields.object(body, Shapes.DEVICE_INFO).ifPresent(info -> attributes.put(Shapes.DEVICE_INFO, Fields.present(info)));
        Fields.object(body, Shapes.METADATA).ifPresent(metadata -> attributes.put(Shapes.METADATA, metadata));
        Fields.object(body, Shapes.LOCATION).ifPresent(location -> attributes.put(Shapes.LOCATION, checkedLocation(location)));
        return new Registry.NewDevice(device, Fields.token(body), attributes.build(), gateway(call, body));
    }

    private Optional<DeviceId> gateway(Call call, Values body) {
        if (call.byGateway()) {
            return call.who().device();
        }
        if (Fields.text(body, "gatewayId").isEmpty() && Fields.text(body, "gatewayTypeId").isEmpty()) {
            return Optional.empty();
        }
        DeviceId gateway = new DeviceId(Fields.id(body, "gatewayTypeId"), Fields.id(body, "gatewayId"));
        if (registry.device(gateway).filter(Registered::gateway).isEmpty()) {
            throw Problem.invalid("gateway " + gateway + " does not exist");
        }
        return Optional.of(gateway);
    }

    /** In whose name something is registered. */
    static String by(HubIdentity who) {
        return who.application().orElseGet(() -> "g:" + who.org() + ':' + who.device().orElseThrow().type() + ':' + who.device().orElseThrow().name());
    }

    private Answer get(Call call) {
        return Answer.ok(shape(call, found(call)));
    }

    Registered found(Call call) {
        DeviceId device = call.device();
        return registry.device(device).orElseThrow(() -> missing(device));
    }

    static Problem missing(DeviceId device) {
        return Problem.missing("Device " + device + " does not exist.", device.type(), device.name());
    }

    private Answer update(Call call) throws IOException {
        DeviceId device = own(call);
        Values body = call.object();
        Fields.only(body, MEMBERS);
        return change(device, old -> {
            Values.Builder all = Values.builder();
            old.forEach(all::put);
            Fields.object(body, Shapes.DEVICE_INFO).ifPresent(info -> all.put(Shapes.DEVICE_INFO,
                    Fields.merged(Fields.object(old, Shapes.DEVICE_INFO).orElse(Values.EMPTY), info)));
            Fields.object(body, Shapes.METADATA).ifPresent(metadata -> all.put(Shapes.METADATA, metadata));
            return all.build();
        }, changed -> {
            for (String field : List.of(Shapes.DEVICE_INFO, Shapes.METADATA)) {
                if (body.get(field) != null) {
                    managing.changed(device, field, Fields.object(changed.attributes(), field).orElse(Values.EMPTY));
                }
            }
            return shape(call, changed);
        });
    }

    private Answer change(DeviceId device, java.util.function.UnaryOperator<Values> change, java.util.function.Function<Registered, Values> shape) {
        return registry.updateDevice(device, change).map(changed -> Answer.ok(shape.apply(changed))).orElseThrow(() -> missing(device));
    }

    private Answer delete(Call call) {
        DeviceId device = own(call);
        if (!registry.deleteDevice(device)) {
            throw missing(device);
        }
        return Answer.gone();
    }

    /** The device in the path; a gateway may name only itself and those behind it. */
    private DeviceId own(Call call) {
        DeviceId device = call.device();
        if (call.byGateway() && !call.who().device().equals(Optional.of(device))
                && !found(call).behind().equals(call.who().device())) {
            throw Problem.forbidden("Device " + device + " is not behind this gateway.");
        }
        return device;
    }

    /** Likewise, and there is such a device. */
    DeviceId ownRegistered(Call call) {
        own(call);
        return found(call).device();
    }

    private Answer behind(Call call) {
        List<Values> devices = registry.behind(found(call).device()).stream().map(each -> shape(call, each)).toList();
        return Answer.ok(shapes.list(devices, devices.size()).build());
    }

    private Answer location(Call call) {
        return Fields.object(found(call).attributes(), Shapes.LOCATION)
                .map(Answer::ok)
                .orElseThrow(() -> Problem.missing("Device " + call.device() + " has told no location."));
    }

    private Answer move(Call call) throws IOException {
        DeviceId device = own(call);
        Values location = checkedLocation(call.object());
        Answer answer = change(device, old -> {
            Values.Builder all = Values.builder();
            old.forEach(all::put);
            return all.put(Shapes.LOCATION, location).build();
        }, changed -> location);
        managing.changed(device, Shapes.LOCATION, location);
        return answer;
    }

    /** Each update replaces the whole. */
    private static Values checkedLocation(Values wanted) {
        Fields.only(wanted, LOCATION);
        Values.Builder location = Values.builder()
                .put("longitude", Fields.number(wanted, "longitude", -180, 180))
                .put("latitude", Fields.number(wanted, "latitude", -90, 90));
        for (String name : List.of("elevation", "accuracy")) {
            if (wanted.get(name) != null) {
                location.put(name, Fields.number(wanted, name, -1e9, 1e9));
            }
        }
        Fields.text(wanted, "measuredDateTime").ifPresent(time -> location.put("measuredDateTime", time));
        return location.put("updatedDateTime", Shapes.time(Instant.now())).build();
    }
}
