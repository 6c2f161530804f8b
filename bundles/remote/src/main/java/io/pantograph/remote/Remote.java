package io.pantograph.remote;

import io.pantograph.api.command.CommandHandler;
import io.pantograph.api.core.OwnDevices;
import io.pantograph.api.core.SettingException;
import io.pantograph.api.core.Settings;
import io.pantograph.api.device.Device;
import io.pantograph.api.device.Gateway;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.DeploymentListener;
import io.pantograph.api.operator.Deployments;
import io.pantograph.api.twin.DesiredHandler;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Opens the doors of the gateway's own devices, and only of those. */
@Component(service = {}, immediate = true)
public final class Remote {

    private final List<ServiceRegistration<?>> doors = new ArrayList<>();
    private final List<Device> devices = new ArrayList<>();
    private final ScheduledThreadPoolExecutor steps;

    @Activate
    public Remote(@Reference Settings settings, @Reference Deployments deployments, @Reference Gateway gateway, BundleContext context) {
        steps = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "pantograph-remote");
            thread.setDaemon(true);
            return thread;
        });
        steps.setRemoveOnCancelPolicy(true);
        Set<DeviceId> own = own(settings);
        if (!own.isEmpty()) {
            Memory memory = new Memory(settings.home());
            own.forEach(id -> open(gateway.attach(id), deployments, memory, context));
        }
    }

    private static Set<DeviceId> own(Settings settings) {
        try {
            return OwnDevices.of(settings);
        } catch (SettingException e) {
            settings.fail(e);
            return Set.of();
        }
    }

    /** The services are registered by hand: for which device they are is known only now, and who lists listeners may wait for us. */
    private void open(Device device, Deployments deployments, Memory memory, BundleContext context) {
        devices.add(device);
        DeployCommand command = new DeployCommand(device, deployments, memory);
        command.begin();
        RuntimeTwin twin = new RuntimeTwin(device, deployments, memory, steps);
        doors.add(context.registerService(DeploymentListener.class, deployment -> changed(command, twin, deployment), null));
        doors.add(context.registerService(CommandHandler.class, command, of("command", DeployCommand.NAME, device)));
        DesiredHandler bundles = twin::bundles;
        DesiredHandler deployment = twin::deployment;
        doors.add(context.registerService(DesiredHandler.class, deployment, of("property", "deployment", device)));
        doors.add(context.registerService(DesiredHandler.class, bundles, of("property", "bundles", device)));
        twin.begin();
    }

    private static void changed(DeployCommand command, RuntimeTwin twin, Deployment deployment) {
        command.changed(deployment);
        twin.changed(deployment);
    }

    private static Dictionary<String, Object> of(String kind, String name, Device device) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("pantograph." + kind, new String[] {name});
        properties.put("pantograph.device.type", device.id().type());
        properties.put("pantograph.device.name", device.id().name());
        if (kind.equals("property")) {
            properties.put("pantograph.component", "");
        }
        return properties;
    }

    @Deactivate
    void close() {
        doors.forEach(ServiceRegistration::unregister);
        steps.shutdownNow();
        devices.forEach(Device::close);
    }
}
