package io.pantograph.hub.azure.rest;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import io.pantograph.api.azure.CloudMessages;
import io.pantograph.api.azure.DirectMethods;
import io.pantograph.api.azure.Enrollments;
import io.pantograph.api.azure.EventLog;
import io.pantograph.api.azure.Identities;
import io.pantograph.api.azure.ServiceAccess;
import io.pantograph.api.azure.TwinStore;
import io.pantograph.api.hub.HttpAnswer;
import io.pantograph.api.hub.HttpRequest;
import io.pantograph.api.hub.HttpRoom;
import io.pantograph.api.hub.Json;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.LongSupplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * IoT Hub's service API, version 2021-04-12, whichever version is asked for; what devices and the provisioning service say by HTTP; and
 * the event monitor. Direct methods and the provisioning service may come and go meanwhile.
 */
@Component(service = HttpRoom.class)
public final class Rest implements HttpRoom {

    private static final Set<String> CLAIMED = Set.of("devices", "twins", "statistics", "messages", "jobs", "configurations", "digitaltwins",
            "events", "enrollments", "enrollmentgroups", "registrations");

    private final ScheduledExecutorService thread;
    private final Monitor monitor;
    private final Methods methods;
    private final Provisioning provisioning;
    private final Router router;

    @Activate
    public Rest(@Reference ServiceAccess access, @Reference Identities identities, @Reference TwinStore twins,
            @Reference CloudMessages messages, @Reference EventLog events, @Reference Json json) {
        this(access, identities, twins, messages, events, json, Clock.systemUTC(), System::nanoTime, oneThread());
    }

    Rest(ServiceAccess access, Identities identities, TwinStore twins, CloudMessages messages, EventLog events, Json json, Clock clock,
            LongSupplier nanos, ScheduledExecutorService thread) {
        this.thread = thread;
        Answers answers = new Answers(json);
        Doorkeeper doorkeeper = new Doorkeeper(access, identities, clock);
        monitor = new Monitor(events, json, thread, nanos, clock);
        methods = new Methods(answers);
        provisioning = new Provisioning(doorkeeper, answers);
        List<Route> routes = new ArrayList<>();
        routes.addAll(new Devices(identities, answers).routes());
        routes.addAll(new Twins(twins, answers).routes());
        routes.addAll(new Queries(twins, answers).routes());
        routes.addAll(methods.routes());
        routes.addAll(new Inbox(messages, answers).routes());
        routes.addAll(new Outbox(doorkeeper, events, identities, answers).routes());
        routes.addAll(monitor.routes());
        routes.addAll(NotHere.routes());
        routes.addAll(provisioning.routes());
        router = new Router(List.copyOf(routes), access, json, new Refusals(answers, clock));
    }

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    void addMethods(DirectMethods those) {
        methods.come(those);
    }

    void removeMethods(DirectMethods those) {
        methods.go(those);
    }

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    void addEnrollments(Enrollments enrollments) {
        provisioning.come(enrollments);
    }

    void removeEnrollments(Enrollments enrollments) {
        provisioning.go(enrollments);
    }

    private static ScheduledExecutorService oneThread() {
        ScheduledThreadPoolExecutor one = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "pantograph-hub-event-monitor");
            thread.setDaemon(true);
            return thread;
        });
        one.setRemoveOnCancelPolicy(true);
        return one;
    }

    @Deactivate
    void close() {
        monitor.close();
        thread.shutdownNow();
    }

    int watching() {
        return monitor.watching();
    }

    @Override
    public boolean claims(String firstLevel) {
        return CLAIMED.contains(firstLevel.toLowerCase(Locale.ROOT)) || provisioning.claims(firstLevel);
    }

    @Override
    public CompletionStage<HttpAnswer> answer(HttpRequest request) {
        return router.answer(request);
    }
}
