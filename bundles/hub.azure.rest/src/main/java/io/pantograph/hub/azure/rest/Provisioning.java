package io.pantograph.hub.azure.rest;

import static io.pantograph.api.azure.Right.RegistryRead;
import static io.pantograph.api.azure.Right.RegistryWrite;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Credential;
import io.pantograph.api.azure.Enrollments;
import io.pantograph.api.hub.HttpAnswer;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Values;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The provisioning service by HTTP, version 2021-10-01: enrolments for whoever may write the registry, and registering for devices. Its
 * paths are there while the hub has enrolments. Refusals have the form of IoT Hub's, with the same codes.
 */
final class Provisioning {

    private static final int MOST_OPERATIONS = 10_000;
    private static final int MOST_LISTED = 1000;

    private static final List<String> ALL = List.of("*", "select *", "select * from enrollments", "select * from enrollmentgroups");

    private record Operation(String id, Values state) {
    }

    private final AtomicReference<Enrollments> here = new AtomicReference<>();
    private final Doorkeeper doorkeeper;
    private final Answers answers;
    private final Map<String, Operation> operations = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Operation> eldest) {
            return size() > MOST_OPERATIONS;
        }
    };

    Provisioning(Doorkeeper doorkeeper, Answers answers) {
        this.doorkeeper = doorkeeper;
        this.answers = answers;
    }

    void come(Enrollments enrollments) {
        here.set(enrollments);
    }

    void go(Enrollments enrollments) {
        here.compareAndSet(enrollments, null);
    }

    /** Whether this first level of a path is the id scope. */
    boolean claims(String firstLevel) {
        Enrollments now = here.get();
        return now != null && now.scope().equalsIgnoreCase(firstLevel);
    }

    private Enrollments enrollments() throws AzureException {
        Enrollments now = here.get();
        if (now == null) {
            throw new AzureException(AzureError.ServiceUnavailable, "the provisioning service is not running");
        }
        return now;
    }

    List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        keeping(routes, "enrollments", false);
        keeping(routes, "enrollmentGroups", true);
        routes.add(Route.of("GET", "registrations/{r}", RegistryRead, this::state));
        routes.add(Route.open("PUT", "{scope}/registrations/{r}/register", this::register));
        routes.add(Route.open("GET", "{scope}/registrations/{r}/operations/{op}", this::poll));
        routes.add(Route.open("POST", "{scope}/registrations/{r}", this::ownState));
        return routes;
    }

    private void keeping(List<Route> routes, String path, boolean group) {
        routes.add(Route.of("GET", path + "/{id}", RegistryRead, call -> answers.tagged(find(call, group))));
        routes.add(Route.of("PUT", path + "/{id}", RegistryWrite,
                call -> answers.tagged(enrollments().keep(call.at("id"), group, call.object(), call.ifMatch()))));
        routes.add(Route.of("DELETE", path + "/{id}", RegistryWrite, call -> {
            enrollments().delete(call.at("id"), group, call.ifMatch());
            return answers.nothing();
        }));
        routes.add(Route.of("POST", path + "/query", RegistryRead, call -> list(call, group)));
        routes.add(Route.of("POST", path + "/{id}/attestationmechanism", RegistryWrite, call -> {
            Object attestation = find(call, group).get("attestation");
            return answers.ok(attestation == null ? Values.EMPTY : attestation);
        }));
    }

    private Values find(Call call, boolean group) throws AzureException {
        return enrollments().document(call.at("id"), group).orElseThrow(() ->
                new AzureException(AzureError.NotFound, "enrolment '" + Names.visible(call.at("id")) + "' is not there"));
    }

    /** All of them: a condition is not understood, and so refused. The continuation is how many came before. */
    private HttpAnswer list(Call call, boolean group) throws AzureException {
        Object query = call.object().get("query");
        if (query instanceof String text && !ALL.contains(String.join(" ", text.strip().toLowerCase(Locale.ROOT).split("\\s+")))) {
            throw Call.invalid("of queries for enrolments only " + ALL + " are understood");
        }
        Optional<String> wanted = call.header("x-ms-max-item-count");
        int size = wanted.isPresent() ? Math.min(Call.number("header x-ms-max-item-count", wanted.get(), 1), MOST_LISTED) : MOST_LISTED;
        Optional<String> token = call.header("x-ms-continuation").filter(each -> !each.isBlank());
        List<Values> all = enrollments().all(group);
        int from = token.isPresent() ? Math.min(Call.number("header x-ms-continuation", token.get(), 0), all.size()) : 0;
        int end = (int) Math.min(all.size(), (long) from + size);
        Map<String, String> headers = new HashMap<>(Map.of("x-ms-item-type", group ? "enrollmentGroup" : "enrollment"));
        if (end < all.size()) {
            headers.put("x-ms-continuation", String.valueOf(end));
        }
        return answers.ok(all.subList(from, end), headers);
    }

    private HttpAnswer state(Call call) throws AzureException {
        return answers.tagged(enrollments().state(call.at("r")).orElseThrow(() -> unknown(call)));
    }

    private static AzureException unknown(Call call) {
        return new AzureException(AzureError.NotFound, "registration '" + Names.visible(call.at("r")) + "' has not registered");
    }

    private Credential proven(Call call) throws AzureException {
        Enrollments enrollments = enrollments();
        if (!enrollments.scope().equalsIgnoreCase(call.at("scope"))) {
            throw new AzureException(AzureError.NotFound, "there is nothing at this path");
        }
        return doorkeeper.registration(call, call.at("scope"), call.at("r"), enrollments.credentials(call.at("r")));
    }

    /** The outcome is known at once, but clients expect to ask for it. */
    private HttpAnswer register(Call call) throws AzureException {
        Credential by = proven(call);
        Values body = call.object();
        Object named = body.get("registrationId");
        if (named != null && !named.equals(call.at("r"))) {
            throw Call.invalid("'registrationId' is '" + Names.visible(String.valueOf(named)) + "' in the body and '" + call.at("r") + "' in the path");
        }
        Values state = enrollments().register(call.at("r"), by, Optional.ofNullable(body.get("payload")));
        String operation = UUID.randomUUID().toString();
        synchronized (operations) {
            operations.put(operation, new Operation(call.at("r"), state));
        }
        return answers.with(202, Values.of("operationId", operation, "status", "assigning"), Map.of("Retry-After", "1"));
    }

    private HttpAnswer poll(Call call) throws AzureException {
        proven(call);
        Operation operation;
        synchronized (operations) {
            operation = operations.get(call.at("op"));
        }
        if (operation == null || !operation.id().equals(call.at("r"))) {
            throw new AzureException(AzureError.NotFound, "operation '" + Names.visible(call.at("op")) + "' is not known, register again");
        }
        return answers.ok(Values.of("operationId", call.at("op"), "status", operation.state().getOrDefault("status", "failed"),
                "registrationState", operation.state()));
    }

    private HttpAnswer ownState(Call call) throws AzureException {
        proven(call);
        return state(call);
    }
}
