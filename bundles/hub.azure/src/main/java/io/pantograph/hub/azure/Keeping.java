package io.pantograph.hub.azure;

import io.pantograph.api.azure.AzureListener;
import io.pantograph.api.azure.CloudMessages;
import io.pantograph.api.azure.Enrollments;
import io.pantograph.api.azure.EventLog;
import io.pantograph.api.azure.Identities;
import io.pantograph.api.azure.ServiceAccess;
import io.pantograph.api.azure.TwinStore;
import io.pantograph.api.core.SettingException;
import io.pantograph.api.core.Settings;
import io.pantograph.api.hub.Database;
import io.pantograph.api.hub.Json;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Joins the registry, the twins, the enrolments and the policies, and offers each as the service it is. The parts know each other, which services of
 * their own could not without showing their private types to everybody.
 */
@Capability(namespace = "osgi.service", attribute = "objectClass:List<String>=\""
        + "io.pantograph.api.azure.Enrollments,"
        + "io.pantograph.api.azure.Identities,"
        + "io.pantograph.api.azure.ServiceAccess,"
        + "io.pantograph.api.azure.TwinStore\"")
@Component(service = {})
public final class Keeping {

    private final Telling telling;
    private final Presence presence;
    private final Policies policies;
    private final TwinRoom twins;
    private final IdentityRoom identities;
    private final EnrollmentRoom enrollments;
    private final List<ServiceRegistration<?>> offered = new ArrayList<>();

    @Activate
    public Keeping(@Reference Settings settings, @Reference Database database, @Reference Json json) throws SettingException {
        this(settings, database, json, Clock.systemUTC());
    }

    Keeping(Settings settings, Database database, Json json, Clock clock) throws SettingException {
        HubName name;
        KeyFile keys;
        try {
            name = HubName.of(settings);
            keys = KeyFile.of(settings, name);
        } catch (SettingException e) {
            settings.fail(e);
            throw e;
        }
        database.tables("azure_identity", List.of(concat(MemberTable.FIRST, TwinTable.FIRST)));
        database.tables("azure_enrollment", List.of(EnrollmentTable.FIRST));
        Documents documents = new Documents(json);
        MemberTable memberTable = new MemberTable(documents);
        TwinTable twinTable = new TwinTable(documents);
        Members members = new Members(database, memberTable);
        Twins kept = new Twins(database, twinTable);
        telling = new Telling(name.host(), json, clock);
        presence = new Presence(database, memberTable, clock);
        Views views = new Views(presence, telling);
        policies = new Policies(name.host(), keys.policies(), clock);
        twins = new TwinRoom(database, memberTable, twinTable, members, kept, views, telling, clock);
        identities = new IdentityRoom(database, memberTable, twinTable, members, kept, twins, views, presence, telling, clock);
        EnrollmentTable enrollmentTable = new EnrollmentTable(documents);
        enrollments = new EnrollmentRoom(name, keys, database, enrollmentTable,
                new Registrar(name.host(), database, enrollmentTable, members, identities, twins, json, clock), clock);
    }

    private static List<String> concat(List<String> one, List<String> other) {
        List<String> all = new ArrayList<>(one);
        all.addAll(other);
        return all;
    }

    @Activate
    void offer(BundleContext context) {
        offered.add(context.registerService(ServiceAccess.class, policies, null));
        offered.add(context.registerService(Identities.class, identities, null));
        offered.add(context.registerService(TwinStore.class, twins, null));
        offered.add(context.registerService(Enrollments.class, enrollments, null));
    }

    @Deactivate
    void close() {
        for (int i = offered.size() - 1; i >= 0; i--) {
            offered.get(i).unregister();
        }
        presence.write();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addListener(AzureListener listener) {
        telling.listeners().add(listener);
    }

    void removeListener(AzureListener listener) {
        telling.listeners().remove(listener);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addLog(EventLog events) {
        telling.logs().add(events);
    }

    void removeLog(EventLog events) {
        telling.logs().remove(events);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addQueue(CloudMessages queue) {
        telling.queues().add(queue);
    }

    void removeQueue(CloudMessages queue) {
        telling.queues().remove(queue);
    }

    Policies policies() {
        return policies;
    }

    TwinRoom twins() {
        return twins;
    }

    IdentityRoom identities() {
        return identities;
    }

    EnrollmentRoom enrollments() {
        return enrollments;
    }
}
