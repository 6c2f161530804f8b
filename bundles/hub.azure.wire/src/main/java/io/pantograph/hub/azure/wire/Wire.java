package io.pantograph.hub.azure.wire;

import io.pantograph.api.azure.AzureListener;
import io.pantograph.api.azure.CloudMessages;
import io.pantograph.api.azure.DirectMethods;
import io.pantograph.api.azure.Enrollments;
import io.pantograph.api.azure.EventLog;
import io.pantograph.api.azure.Identities;
import io.pantograph.api.azure.ServiceAccess;
import io.pantograph.api.azure.TwinStore;
import io.pantograph.api.hub.Database;
import io.pantograph.api.hub.HubRules;
import io.pantograph.api.hub.HubTransport;
import io.pantograph.api.hub.Json;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Joins the parts and offers each as the service it is. */
@Capability(namespace = "osgi.service", attribute = "objectClass:List<String>=\""
        + "io.pantograph.api.hub.HubRules,"
        + "io.pantograph.api.azure.DirectMethods,"
        + "io.pantograph.api.azure.AzureListener\"")
@Component(service = {})
public final class Wire {

    /** Asked before rules that take every client. */
    private static final int RANKING = 100;

    private final Threads threads = new Threads();
    private final Entrance entrance;
    private final List<ServiceRegistration<?>> offered = new ArrayList<>();

    @Activate
    public Wire(@Reference Database database, @Reference Json json, @Reference Identities identities, @Reference TwinStore twins,
            @Reference CloudMessages messages, @Reference EventLog events, @Reference Enrollments enrollments, @Reference ServiceAccess access) {
        Keep keep = new Keep(identities, twins, messages, events, enrollments, access, json);
        entrance = Entrance.of(keep, database, threads.workers(), threads.timer(), Clock.systemUTC());
    }

    @Activate
    void offer(BundleContext context) {
        Dictionary<String, Object> first = new Hashtable<>();
        first.put(Constants.SERVICE_RANKING, RANKING);
        offered.add(context.registerService(DirectMethods.class, entrance.methods(), null));
        offered.add(context.registerService(AzureListener.class, entrance.changes(), null));
        offered.add(context.registerService(HubRules.class, entrance.rules(), first));
    }

    @Deactivate
    void close() {
        for (int i = offered.size() - 1; i >= 0; i--) {
            offered.get(i).unregister(); // the front first, which says goodbye to its clients through the rules
        }
        entrance.methods().close();
        threads.close();
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void addTransport(HubTransport transport) {
        entrance.line().here(transport);
    }

    void removeTransport(HubTransport transport) {
        entrance.line().gone(transport);
    }
}
