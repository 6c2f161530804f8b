package io.pantograph.hub.http;

import static io.pantograph.hub.http.Route.Rights.OPERATOR;

import io.pantograph.api.hub.Management;
import io.pantograph.api.hub.Management.Order;
import io.pantograph.api.hub.Management.Outcome;
import io.pantograph.api.hub.Management.Progress;
import io.pantograph.api.hub.Management.Request;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Values;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What devices are to do: {@code /mgmt/requests}, and the bundles of actions of their own: {@code /mgmt/custom/bundle}. */
final class Requests {

    private static final Set<String> MEMBERS = Set.of("action", "devices", "parameters", "timeout");
    private static final Set<String> PARAMETER = Set.of("name", "value");
    private static final int USUAL_MINUTES = 60;
    private static final int MOST_MINUTES = 7 * 24 * 60;

    private final Managing managing;
    private final Shapes shapes;

    Requests(Managing managing, Shapes shapes) {
        this.managing = managing;
        this.shapes = shapes;
    }

    List<Route> routes() {
        String request = "mgmt/requests/{requestId}";
        String bundle = "mgmt/custom/bundle/{bundleId}";
        return List.of(
                Route.of("GET", "mgmt/requests", OPERATOR, this::list),
                Route.of("POST", "mgmt/requests", OPERATOR, this::initiate),
                Route.of("GET", request, OPERATOR, this::get),
                Route.of("DELETE", request, OPERATOR, this::delete),
                Route.of("POST", request + "/cancel", OPERATOR, this::cancel),
                Route.of("GET", request + "/deviceStatus", OPERATOR, this::parts),
                Route.of("GET", request + "/deviceStatus/{typeId}/{deviceId}", OPERATOR, this::part),
                Route.of("GET", "mgmt/custom/bundle", OPERATOR, call -> Answer.ok(room().bundles())),
                Route.of("POST", "mgmt/custom/bundle", OPERATOR, call -> {
                    Values body = call.object();
                    return Answer.created(Managing.asked(() -> room().addBundle(Fields.present(body))));
                }),
                Route.of("GET", bundle, OPERATOR, call -> Answer.ok(room().bundle(call.at("bundleId")).orElseThrow(() -> missingBundle(call)))),
                Route.of("PUT", bundle, OPERATOR, call -> {
                    Values body = call.object();
                    return Answer.ok(Managing.asked(() -> room().changeBundle(call.at("bundleId"), Fields.present(body)))
                            .orElseThrow(() -> missingBundle(call)));
                }),
                Route.of("DELETE", bundle, OPERATOR, call -> {
                    if (!room().deleteBundle(call.at("bundleId"))) {
                        throw missingBundle(call);
                    }
                    return Answer.gone();
                }));
    }

    private Management room() {
        return managing.room();
    }

    private Answer list(Call call) {
        Leafing leafing = leafing(call);
        try {
            return Answer.ok(shapes.page(room().requests(leafing.limit(), leafing.from()), Requests::shape));
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("'_bookmark' is none of this hub");
        }
    }

    private static Leafing leafing(Call call) {
        for (String name : List.of("typeId", "deviceId")) {
            if (call.query(name).isPresent()) {
                throw Problem.invalid("this hub does not filter requests by '" + name + '\'');
            }
        }
        return Leafing.of(call, List.of());
    }

    private Answer initiate(Call call) throws IOException {
        Values body = call.object();
        Fields.only(body, MEMBERS);
        String action = Fields.text(body, "action").orElseThrow(() -> Problem.invalid("'action' is missing"));
        boolean override = switch (call.query("override").orElse("false")) {
            case "true" -> true;
            case "false" -> false;
            default -> throw Problem.invalid("'override' must be true or false");
        };
        Order order = new Order(action, devices(body), parameters(body), timeout(body), override);
        return new Answer(202, Values.of("reqId", Managing.asked(() -> room().initiate(order))), Map.of());
    }

    private static List<DeviceId> devices(Values body) {
        List<DeviceId> devices = new ArrayList<>();
        for (Values each : objects(body, "devices")) {
            devices.add(new DeviceId(Fields.id(each, "typeId"), Fields.id(each, "deviceId")));
        }
        return devices;
    }

    private static Map<String, String> parameters(Values body) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (Values each : objects(body, "parameters")) {
            Fields.only(each, PARAMETER);
            String name = Fields.text(each, "name").orElseThrow(() -> Problem.invalid("a parameter must have a 'name'"));
            Object value = each.get("value");
            if (!(value instanceof String) && !(value instanceof Number) && !(value instanceof Boolean)) {
                throw Problem.invalid("the value of parameter '" + Names.visible(name) + "' must be a text, a number, true or false");
            }
            if (parameters.put(name, String.valueOf(value)) != null) {
                throw Problem.invalid("parameter '" + Names.visible(name) + "' stands there twice");
            }
        }
        return parameters;
    }

    private static List<Values> objects(Values body, String name) {
        Object found = body.get(name);
        if (found == null) {
            return List.of();
        }
        if (found instanceof List<?> list && list.stream().allMatch(Values.class::isInstance)) {
            return list.stream().map(Values.class::cast).toList();
        }
        throw Problem.invalid("'" + name + "' must be a list of objects");
    }

    /** In minutes. */
    private static Duration timeout(Values body) {
        if (body.get("timeout") == null) {
            return Duration.ofMinutes(USUAL_MINUTES);
        }
        double minutes = Fields.number(body, "timeout", 0, MOST_MINUTES);
        return minutes == 0 ? Duration.ofMinutes(USUAL_MINUTES) : Duration.ofMillis((long) Math.ceil(minutes * 60_000));
    }

    private Answer get(Call call) {
        return Answer.ok(room().request(call.at("requestId")).map(Requests::shape).orElseThrow(() -> missing(call)));
    }

    private Answer delete(Call call) {
        if (!room().deleteRequest(call.at("requestId"))) {
            throw missing(call);
        }
        return Answer.gone();
    }

    private Answer cancel(Call call) {
        if (!room().cancel(call.at("requestId"))) {
            throw missing(call);
        }
        return get(call);
    }

    private Answer parts(Call call) {
        Leafing leafing = leafing(call);
        try {
            return Answer.ok(shapes.page(Managing.asked(() -> room().progress(call.at("requestId"), leafing.limit(), leafing.from())), Requests::shape));
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("'_bookmark' is none of this hub");
        }
    }

    private Answer part(Call call) {
        return Answer.ok(room().progress(call.at("requestId"), call.device()).map(Requests::shape)
                .orElseThrow(() -> Problem.missing("Device " + call.device() + " has no part in such a request.")));
    }

    private static Problem missing(Call call) {
        return Problem.missing("Request '" + Names.visible(call.at("requestId")) + "' does not exist.");
    }

    private static Problem missingBundle(Call call) {
        return Problem.missing("Bundle '" + Names.visible(call.at("bundleId")) + "' does not exist.");
    }

    private static Values shape(Request request) {
        List<Values> parameters = new ArrayList<>();
        request.parameters().forEach((name, value) -> parameters.add(Values.of("name", name, "value", value)));
        return Values.builder()
                .put("id", request.id())
                .put("action", request.action())
                .put("parameters", parameters)
                .put("deviceCount", request.devices())
                .put("complete", request.complete())
                .put("status", request.worst().code())
                .put("initiated", Shapes.time(request.initiated()))
                .put("updated", Shapes.time(request.updated()))
                .build();
    }

    private static Values shape(Progress progress) {
        Values.Builder shape = Values.builder()
                .put("typeId", progress.device().type())
                .put("deviceId", progress.device().name())
                .put("complete", progress.outcome().isPresent());
        progress.outcome().map(Outcome::code).ifPresent(code -> shape.put("status", code)); // none is no success
        return shape.put("message", progress.message()).put("updated", Shapes.time(progress.updated())).build();
    }
}
