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
import io.pantograph.api.operator.Parked;
import io.pantograph.api.operator.Parking;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Joins the register of devices with the services it needs, for this bundle only; others may ask it what waits for a codec. */
@Component(service = {Devices.class, Parking.class})
@Designate(ocd = Devices.Config.class)
public final class Devices implements Parking {

    @ObjectClassDefinition(name = "Pantograph devices", description = "Readings whose codec is gone, being exchanged or in quarantine wait for it")
    @interface Config {

        @AttributeDefinition(name = "Parked readings", description = "that may wait for a codec, for each device")
        int parked() default 1_000;

        @AttributeDefinition(name = "Parked bytes", description = "that they may take of the memory, all devices together")
        long parked_bytes() default 16 << 20;
    }

    private static final int IDLE_S = 10;

    private final Register register;
    private final ParkingLot lot;
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> daemon(task, "pantograph-device-parking"));
    private final ThreadPoolExecutor tellers = new ThreadPoolExecutor(1, 1, IDLE_S, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
            task -> daemon(task, "pantograph-device-outcomes"));

    @Activate
    public Devices(Config config, @Reference Settings settings, @Reference Outbox outbox, @Reference Twins twins, @Reference Sessions sessions,
            @Reference Codecs codecs, @Reference News news, BundleContext context) throws SettingException {
        StandIn standIn = new StandIn(settings, () -> offers(context, HubRules.class.getName()));
        timer.setKeepAliveTime(IDLE_S, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true); // as a rule nothing waits
        timer.setRemoveOnCancelPolicy(true);
        tellers.allowCoreThreadTimeOut(true);
        lot = new ParkingLot(config.parked(), config.parked_bytes(), news, InstantSource.system(), codecs::generation, timer, tellers);
        register = new Register(standIn, outbox, twins, sessions, new Routes(codecs), lot, news, InstantSource.system());
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
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
        timer.shutdownNow();
        tellers.shutdown();
    }

    @Override
    public List<Parked> parked(int most) {
        return lot.parked(most);
    }

    @Override
    public int count() {
        return lot.count();
    }

    @Override
    public long decoded() {
        return lot.decoded();
    }

    @Override
    public long dropped() {
        return lot.dropped();
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
