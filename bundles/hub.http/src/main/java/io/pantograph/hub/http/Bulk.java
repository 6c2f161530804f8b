package io.pantograph.hub.http;

import static io.pantograph.hub.http.Route.Rights.GATEWAY;
import static io.pantograph.hub.http.Route.Rights.OPERATOR;

import io.pantograph.api.hub.Registry;
import io.pantograph.api.hub.Registry.Created;
import io.pantograph.api.hub.Registry.NewDevice;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Values;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Many devices in one call: {@code /bulk/devices}. A body that makes no sense changes nothing (400); one that does is carried out
 * as far as possible: 201 if all of it was, 202 if some was not.
 */
final class Bulk {

    private final Registry registry;
    private final Shapes shapes;
    private final Devices devices;

    Bulk(Registry registry, Shapes shapes, Devices devices) {
        this.registry = registry;
        this.shapes = shapes;
        this.devices = devices;
    }

    List<Route> routes() {
        return List.of(
                Route.of("GET", "bulk/devices", GATEWAY, this::list),
                Route.of("POST", "bulk/devices/add", GATEWAY, this::add),
                Route.of("POST", "bulk/devices/remove", OPERATOR, this::remove));
    }

    private Answer list(Call call) {
        return Answer.ok(shapes.page(devices.page(call, Optional.empty()), each -> devices.shape(call, each)));
    }

    private Answer add(Call call) throws IOException {
        List<NewDevice> wanted = new ArrayList<>();
        for (Values each : call.objects()) {
            wanted.add(devices.wanted(call, Fields.id(each, "typeId"), each));
        }
        List<Optional<Created>> made = registry.createDevices(wanted, Devices.by(call.who()));
        List<Values> told = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            Values.Builder each = named(wanted.get(i).device(), made.get(i).isPresent());
            made.get(i).ifPresentOrElse(
                    created -> each.put("authToken", created.token().reveal()),
                    () -> each.put("message", "The device exists already, or its type does not exist."));
            told.add(each.build());
        }
        return made.stream().allMatch(Optional::isPresent) ? Answer.created(told) : Answer.partly(told);
    }

    private Answer remove(Call call) throws IOException {
        List<DeviceId> unwanted = new ArrayList<>();
        for (Values each : call.objects()) {
            unwanted.add(new DeviceId(Fields.id(each, "typeId"), Fields.id(each, "deviceId")));
        }
        List<Boolean> removed = registry.deleteDevices(unwanted);
        List<Values> told = new ArrayList<>();
        for (int i = 0; i < unwanted.size(); i++) {
            Values.Builder each = named(unwanted.get(i), removed.get(i));
            if (!removed.get(i)) {
                each.put("message", "The device does not exist.");
            }
            told.add(each.build());
        }
        // The clients disagree whether all is 200, 201 or 202; the documentation says 201.
        return removed.stream().allMatch(done -> done) ? Answer.created(told) : Answer.partly(told);
    }

    private static Values.Builder named(DeviceId device, boolean success) {
        return Values.builder().put("typeId", device.type()).put("deviceId", device.name()).put("success", success);
    }
}
