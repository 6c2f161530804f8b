package io.pantograph.hub.http;

import static io.pantograph.hub.http.Route.Rights.GATEWAY;
import static io.pantograph.hub.http.Route.Rights.OPERATOR;

import io.pantograph.api.hub.Registry;
import io.pantograph.api.hub.Registry.DeviceType;
import io.pantograph.api.model.Values;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Device types: {@code /device/types}. */
final class Types {

    // Also those that are only told: clients send back what they have read.
    private static final Set<String> MEMBERS = Set.of("id", "description", "classId", "deviceInfo", "metadata", "edgeConfiguration",
            "createdDateTime", "updatedDateTime", "refs");

    private final Registry registry;
    private final Shapes shapes;

    Types(Registry registry, Shapes shapes) {
        this.registry = registry;
        this.shapes = shapes;
    }

    List<Route> routes() {
        return List.of(
                Route.of("GET", "device/types", GATEWAY, this::list),
                Route.of("POST", "device/types", OPERATOR, this::create),
                Route.of("GET", "device/types/{typeId}", GATEWAY, this::get),
                Route.of("PUT", "device/types/{typeId}", OPERATOR, this::update),
                Route.of("DELETE", "device/types/{typeId}", OPERATOR, this::delete));
    }

    private Answer list(Call call) {
        Leafing leafing = Leafing.of(call, List.of("id"));
        return Answer.ok(shapes.page(registry.types(leafing.limit(), leafing.from()), shapes::type));
    }

    private Answer create(Call call) throws IOException {
        Values body = call.object();
        Fields.only(body, MEMBERS);
        String id = Fields.id(body, "id");
        boolean gateway = isGateway(body);
        return registry.createType(id, gateway, attributes(Values.EMPTY, body))
                .map(made -> Answer.created(shapes.type(made)))
                .orElseThrow(() -> Problem.conflict("Device type " + id + " exists already.", id));
    }

    private static boolean isGateway(Values body) {
        String kind = Fields.text(body, "classId").orElse("Device");
        if (!kind.equals("Device") && !kind.equals("Gateway")) {
            throw Problem.invalid("'classId' must be Device or Gateway");
        }
        return kind.equals("Gateway");
    }

    private Answer get(Call call) {
        return Answer.ok(shapes.type(found(call)));
    }

    private DeviceType found(Call call) {
        String id = call.id("typeId");
        return registry.type(id).orElseThrow(() -> missing(id));
    }

    static Problem missing(String id) {
        return Problem.missing("Device type " + id + " does not exist.", id);
    }

    private Answer update(Call call) throws IOException {
        String id = call.id("typeId");
        Values body = call.object();
        Fields.only(body, MEMBERS);
        return registry.updateType(id, old -> attributes(old, body))
                .map(changed -> Answer.ok(shapes.type(changed)))
                .orElseThrow(() -> missing(id));
    }

    private Answer delete(Call call) {
        String id = call.id("typeId");
        try {
            if (registry.deleteType(id)) {
                return Answer.gone();
            }
        } catch (IllegalStateException e) {
            throw Problem.conflict("Device type " + id + " has devices; delete them first.", id);
        }
        throw missing(id);
    }

    private static Values attributes(Values old, Values body) {
        Values.Builder all = Values.builder();
        old.forEach(all::put);
        Fields.text(body, "description").ifPresent(text -> all.put("description", text));
        Fields.object(body, "deviceInfo").ifPresent(info -> all.put("deviceInfo",
                Fields.merged(Fields.object(old, "deviceInfo").orElse(Values.EMPTY), info)));
        Fields.object(body, "metadata").ifPresent(metadata -> all.put("metadata", metadata));
        return all.build();
    }
}
