package io.pantograph.hub.http;

import static io.pantograph.hub.http.Route.Rights.GATEWAY;
import static io.pantograph.hub.http.Route.Rights.OPERATOR;

import io.pantograph.api.hub.Access;
import io.pantograph.api.hub.Events;
import io.pantograph.api.hub.Registry;
import io.pantograph.api.model.Values;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The organisation itself, how its services stand, and what this hub does not have yet. */
final class Organisation {

    private static final String DOCUMENT = "organisation";

    private final Registry registry;
    private final Access access;
    private final Events events;

    Organisation(Registry registry, Access access, Events events) {
        this.registry = registry;
        this.access = access;
        this.events = events;
    }

    List<Route> routes() {
        List<Route> routes = new ArrayList<>(List.of(
                Route.of("GET", "", OPERATOR, this::describe),
                Route.of("GET", "service-status", OPERATOR, this::status)));
        String device = "device/types/{typeId}/devices/{deviceId}";
        notYet(routes, device + "/commands/{name}/request", "POST");
        notYet(routes, "usage/data-traffic", "GET");
        notYet(routes, "bulk/devices/update", "PUT");
        notYet(routes, "clientconnectionstates", "GET");
        notYet(routes, "clientconnectionstates/{clientId}", "GET");
        return routes;
    }

    private static void notYet(List<Route> routes, String path, String... methods) {
        for (String method : methods) {
            routes.add(Route.of(method, path, GATEWAY, call -> {
                throw Problem.notYet('/' + path);
            }));
        }
    }

    private Answer describe(Call call) {
        Values known = registry.document(DOCUMENT).orElseGet(this::found);
        return Answer.ok(Values.builder()
                .put("id", access.org())
                .put("name", "Pantograph local hub")
                .put("type", "Local")
                .put("enabled", true)
                .put("created", known.text("created"))
                .put("updated", known.text("created"))
                .build());
    }

    private Values found() {
        Values known = Values.of("created", Shapes.time(Instant.now()));
        registry.keep(DOCUMENT, known);
        return known;
    }

    private Answer status(Call call) {
        return Answer.ok(Values.of(access.org(), Values.of(
                "dashboard", "not available",
                "messaging", "operational",
                "lastEventCache", events.caching() ? "operational" : "disabled")));
    }
}
