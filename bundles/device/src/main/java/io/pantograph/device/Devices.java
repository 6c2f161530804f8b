package io.pantograph.device;

import io.pantograph.api.core.Codecs;
import io.pantograph.api.core.News;
import io.pantograph.api.core.Outbox;
import io.pantograph.api.core.Sessions;
import io.pantograph.api.core.SettingException;
import io.pantograph.api.core.Settings;
import io.pantograph.api.core.Twins;
import io.pantograph.api.device.DeviceOptions;
import io.pantograph.api.dialect.Dialect;
import io.pantograph.api.hub.HubEndpoints;
import io.pantograph.api.hub.HubRules;
import java.time.InstantSource;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Joins the register of devices with the services it needs. Only for this bundle. */
@Component(service = Devices.class)
public final class Devices {

    private final Register register;

    @Activate
    public Devices(@Reference Settings settings, @Reference Outbox outbox, @Reference Twins twins, @Reference Sessions sessions,
            @Reference Codecs codecs, @Reference News news, BundleContext context) throws SettingException {
        StandIn standIn = new StandIn(settings, () -> offers(context, HubRules.class.getName()));
        register = new Register(standIn, outbox, twins, sessions, new Routes(codecs), news, InstantSource.system());
    }

    Register register() {
        return register;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addDialect(Dialect dialect, Map<String, Object> properties) {
        register.dialectCame(dialect, properties);
    }

    void removeDialect(Dialect dialect) {
        register.dialectWent(dialect);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void setHub(HubEndpoints hub) {
        register.hubListens(hub);
    }

    void unsetHub(HubEndpoints hub) {
        // Its devices try again by themselves; it will most likely come back where it was.
    }

    @Deactivate
    void close() {
        register.close();
    }

    /** Whether a bundle is installed that offers such a service, if not now then soon. */
    private static boolean offers(BundleContext context, String service) {
        for (Bundle bundle : context.getBundles()) {
            BundleRevision revision = bundle.adapt(BundleRevision.class);
            if (revision != null && revision.getDeclaredCapabilities("osgi.service").stream()
                    .anyMatch(offer -> String.valueOf(offer.getAttributes().get("objectClass")).contains(service))) {
                return true;
            }
        }
        return false;
    }

    /** The options of a device from settings of any kind; those that are a secret are never printed. */
    static DeviceOptions options(String dialect, Map<String, String> settings) {
        DeviceOptions options = DeviceOptions.dialect(dialect);
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            options = isSecret(setting.getKey()) ? options.secret(setting.getKey(), setting.getValue())
                    : options.with(setting.getKey(), setting.getValue());
        }
        return options;
    }

    /** By its name: which settings there are is the dialect's business, but a log must not tell before it has been asked. */
    static boolean isSecret(String setting) {
        return setting.contains("token") || setting.contains("key") || setting.contains("secret") || setting.contains("password")
                || setting.contains("signature") || setting.contains("connection-string");
    }
}
