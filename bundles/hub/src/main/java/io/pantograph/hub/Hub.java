package io.pantograph.hub;

import io.pantograph.api.core.SettingException;
import io.pantograph.api.core.Settings;
import io.pantograph.api.hub.Access;
import io.pantograph.api.hub.Database;
import io.pantograph.api.hub.Events;
import io.pantograph.api.hub.HubDialect;
import io.pantograph.api.hub.HubRules;
import io.pantograph.api.hub.HubTransport;
import io.pantograph.api.hub.Json;
import io.pantograph.api.hub.Management;
import io.pantograph.api.hub.Registry;
import io.pantograph.api.listener.HubListener;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Joins the parts of the local hub and offers each as the service it is. The parts know each other, which services of their own
 * could not without showing their private types to everybody.
 */
@Capability(namespace = "osgi.service", attribute = "objectClass:List<String>=\""
        + "io.pantograph.api.hub.HubRules,"
        + "io.pantograph.api.hub.Registry,"
        + "io.pantograph.api.hub.Access,"
        + "io.pantograph.api.hub.Events,"
        + "io.pantograph.api.hub.Database,"
        + "io.pantograph.api.hub.Json\"")
@Component(service = {})
public final class Hub {

    /** Watson's rules claim every login, so the other clouds' are asked first. */
    private static final int LAST = -100;

    private final StrictJson json = new StrictJson();
    private final Dialects dialects = new Dialects();
    private final Front front = new Front();
    private final Listeners listeners = new Listeners();
    private final Desk desk = new Desk();
    private final Store store;
    private final Devices devices;
    private final Gate gate;
    private final Journal journal;
    private final Rules rules;
    private final List<ServiceRegistration<?>> offered = new ArrayList<>();

    @Activate
    public Hub(@Reference Settings settings) throws SettingException, IOException {
        this(settings, Clock.systemUTC());
    }

    Hub(Settings settings, Clock clock) throws SettingException, IOException {
        Tokens tokens = new Tokens();
        Credentials credentials = credentials(settings, tokens);
        store = new Store(settings, clock);
        devices = new Devices(store, json, tokens, clock);
        gate = new Gate(credentials, devices);
        journal = new Journal(store, json, devices, dialects, front, listeners, clock);
        rules = new Rules(json, devices, gate, dialects, front, listeners, journal, new Attendance(store), desk, clock);
    }

    private static Credentials credentials(Settings settings, Tokens tokens) throws SettingException {
        try {
            return Credentials.of(settings, tokens);
        } catch (SettingException e) {
            settings.fail(e);
            throw e;
        }
    }

    /** When the dialects that are there have been taken in. */
    @Activate
    void offer(BundleContext context) {
        offered.add(context.registerService(Json.class, json, null));
        offered.add(context.registerService(Database.class, store, null));
        offered.add(context.registerService(Registry.class, devices, null));
        offered.add(context.registerService(Access.class, gate, null));
        offered.add(context.registerService(Events.class, journal, null));
        offered.add(context.registerService(HubRules.class, rules, FrameworkUtil.asDictionary(Map.of(Constants.SERVICE_RANKING, LAST))));
    }

    @Deactivate
    void close() {
        for (int i = offered.size() - 1; i >= 0; i--) {
            offered.get(i).unregister(); // the fronts first, which say goodbye to their clients through the rules
        }
        journal.close();
        listeners.close();
        store.close();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addDialect(HubDialect dialect, Map<String, Object> properties) {
        dialects.add(dialect, properties);
    }

    void removeDialect(HubDialect dialect, Map<String, Object> properties) {
        dialects.remove(dialect, properties);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void addTransport(HubTransport transport) {
        front.here(transport);
        rules.begin();
    }

    void removeTransport(HubTransport transport) {
        front.gone(transport);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void addManagement(Management management) {
        desk.here(management);
    }

    void removeManagement(Management management) {
        desk.gone(management);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addListener(HubListener listener) {
        listeners.add(listener);
    }

    void removeListener(HubListener listener) {
        listeners.remove(listener);
    }

    Json json() {
        return json;
    }

    Devices devices() {
        return devices;
    }

    Gate gate() {
        return gate;
    }

    Journal journal() {
        return journal;
    }

    Rules rules() {
        return rules;
    }
}
