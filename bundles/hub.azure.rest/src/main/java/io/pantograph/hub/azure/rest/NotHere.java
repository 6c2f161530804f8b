package io.pantograph.hub.azure.rest;

import static io.pantograph.api.azure.Right.ServiceConnect;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the cloud has and this hub has not: said so at once, rather than half done. */
final class NotHere {

    private static final List<String> METHODS = List.of("GET", "PUT", "POST", "PATCH", "DELETE");

    private static final Map<String, List<String>> MISSING = Map.of(
            "jobs", List.of("jobs", "jobs/{a}", "jobs/{a}/{b}", "jobs/{a}/{b}/{c}"),
            "configurations", List.of("configurations", "configurations/{a}", "devices/{a}/applyConfigurationContent"),
            "digital twins", List.of("digitaltwins/{a}", "digitaltwins/{a}/commands/{b}", "digitaltwins/{a}/components/{b}/commands/{c}"),
            "file uploads", List.of("devices/{a}/files", "devices/{a}/files/notifications"));

    private NotHere() {
    }

    static List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        MISSING.forEach((what, paths) -> {
            for (String path : paths) {
                for (String method : METHODS) {
                    routes.add(Route.of(method, path, ServiceConnect, call -> {
                        throw new AzureException(AzureError.NotImplemented, what + " are not part of this hub");
                    }));
                }
            }
        });
        return routes;
    }
}
