package io.pantograph.manage;

import io.pantograph.api.command.Command;
import io.pantograph.api.command.CommandHandler;
import io.pantograph.api.command.CommandResult;
import io.pantograph.api.core.Codecs;
import io.pantograph.api.core.CommandDispatcher;
import io.pantograph.api.core.DeviceManagement;
import io.pantograph.api.core.Managements;
import io.pantograph.api.core.OwnDevices;
import io.pantograph.api.core.SettingException;
import io.pantograph.api.core.Settings;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.operator.DeploymentListener;
import io.pantograph.api.operator.Deployments;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Lets the platform manage the gateway's own devices, and only those. */
@Component(immediate = true)
@Designate(ocd = Manage.Config.class)
public final class Manage implements Managements {

    @ObjectClassDefinition(name = "Pantograph device management", description = "How the gateway's own devices are managed by their platform")
    @interface Config {

        @AttributeDefinition(name = "Lifetime in seconds", description = "after which a device that is silent counts as dormant; at least 3600, 0: never")
        int lifetime_s() default 0;
    }

    private static final Duration LEAST_LIFETIME = Duration.ofHours(1);
    private static final Duration RESTARTING = Duration.ofMinutes(1);

    private final Handlers handlers = new Handlers();
    private final Map<DeviceId, Managed> devices = new LinkedHashMap<>();
    private final ScheduledThreadPoolExecutor steps;
    private final ExecutorService worker;
    private final ServiceRegistration<DeploymentListener> listening;

    @Activate
    public Manage(Config config, @Reference Settings settings, @Reference Deployments deployments, @Reference Codecs codecs,
            @Reference CommandDispatcher commands, BundleContext context) {
        steps = new ScheduledThreadPoolExecutor(1, task -> daemon(task, "pantograph-manage"));
        steps.setRemoveOnCancelPolicy(true);
        worker = Executors.newSingleThreadExecutor(task -> daemon(task, "pantograph-manage-fetch"));
        Duration lifetime = Duration.ofSeconds(config.lifetime_s());
        Managed.House house = new Managed.House(deployments, codecs.route("json"), new Commanded(commands), steps, worker, Clock.systemUTC(),
                new Notes(settings.home()), lifetime.isZero() || lifetime.compareTo(LEAST_LIFETIME) >= 0 ? lifetime : LEAST_LIFETIME, context.getBundle().getVersion().toString());
        own(settings).forEach(device -> devices.put(device, new Managed(device, house)));
        devices.values().forEach(Managed::begin);
        // By hand, since who lists listeners may wait for us.
        listening = context.registerService(DeploymentListener.class, deployment -> devices.values().forEach(device -> device.changed(deployment)), null);
    }

    private static Set<DeviceId> own(Settings settings) {
        try {
            return OwnDevices.of(settings);
        } catch (SettingException e) {
            settings.fail(e);
            return Set.of();
        }
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Only whether there are such: they are called by the dispatcher. */
    @Reference(service = CommandHandler.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addHandler(ServiceReference<CommandHandler> handler) {
        if (handlers.add(handler)) {
            devices.values().forEach(Managed::renew);
        }
    }

    void removeHandler(ServiceReference<CommandHandler> handler) {
        if (handlers.remove(handler)) {
            devices.values().forEach(Managed::renew);
        }
    }

    @Override
    public Optional<DeviceManagement> of(DeviceId device) {
        return Optional.ofNullable(devices.get(device));
    }

    @Deactivate
    void close() {
        listening.unregister();
        steps.shutdownNow();
        worker.shutdownNow();
    }

    private final class Commanded implements Restarts {

        private final CommandDispatcher commands;

        Commanded(CommandDispatcher commands) {
            this.commands = commands;
        }

        @Override
        public boolean has(DeviceId device, String command) {
            return handlers.has(device, command);
        }

        @Override
        public CompletionStage<CommandResult> run(DeviceId device, String command, String id) {
            Clock clock = Clock.systemUTC();
            return commands.dispatch(new Command("manage-" + id, device, command, "json", Content.of(null).at(clock.instant()),
                    clock.instant().plus(RESTARTING)), Duration.ZERO);
        }
    }
}
