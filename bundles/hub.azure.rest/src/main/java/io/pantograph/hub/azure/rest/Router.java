package io.pantograph.hub.azure.rest;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.ServiceAccess;
import io.pantograph.api.hub.HttpAnswer;
import io.pantograph.api.hub.HttpRequest;
import io.pantograph.api.hub.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Finds the call that a request is, asks whether it may, and has it answered. */
final class Router {

    private final List<Route> routes;
    private final ServiceAccess access;
    private final Json json;
    private final Refusals refusals;

    Router(List<Route> routes, ServiceAccess access, Json json, Refusals refusals) {
        this.routes = routes;
        this.access = access;
        this.json = json;
        this.refusals = refusals;
    }

    CompletionStage<HttpAnswer> answer(HttpRequest request) {
        try {
            return route(request).exceptionally(why -> refusals.of(request, why));
        } catch (AzureException | RuntimeException | LinkageError e) {
            return CompletableFuture.completedFuture(refusals.of(request, e));
        }
    }

    private CompletionStage<HttpAnswer> route(HttpRequest request) throws AzureException {
        List<String> levels = levels(request);
        String method = method(request);
        TreeSet<String> others = new TreeSet<>();
        for (Route route : routes) {
            Optional<Map<String, String>> places = route.match(levels);
            if (places.isEmpty()) {
                continue;
            }
            if (route.method().equals(method)) {
                if (route.right().isPresent()) {
                    access.check(request.header("authorization"), request.header("host"), request.path(), route.right().get());
                }
                return route.work().answer(new Call(request, json, places.get()));
            }
            others.add(route.method());
        }
        if (others.isEmpty()) {
            throw new AzureException(AzureError.NotFound, "there is nothing at this path");
        }
        return CompletableFuture.completedFuture(refusals.wrongMethod(request, String.join(", ", others)));
    }

    private static List<String> levels(HttpRequest request) throws AzureException {
        try {
            return request.levels();
        } catch (IllegalArgumentException e) {
            throw Call.invalid(e.getMessage());
        }
    }

    /** What a client that can send no PATCH means. */
    private static String method(HttpRequest request) {
        Optional<String> meant = request.method().equals("POST") ? request.header("x-http-method-override") : Optional.empty();
        return meant.map(each -> each.strip().toUpperCase(Locale.ROOT)).filter("PATCH"::equals).orElse(request.method());
    }
}
