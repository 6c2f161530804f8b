package io.pantograph.device;

import io.pantograph.api.core.Settings;
import java.time.Clock;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Looks into {@code HOME/conf/devices} at the start and every so often. */
@Component(service = {}, immediate = true)
public final class DeviceFolder {

    @interface Config {
        /** Looking is cheaper than being told: not every file system tells. */
        int poll_ms() default 500;
    }

    private final ScheduledExecutorService looker;

    @Activate
    public DeviceFolder(Config config, @Reference Settings settings, @Reference Devices devices) {
        DeviceFiles files = new DeviceFiles(settings.home().resolve("conf").resolve("devices"), devices.register(), Clock.systemUTC());
        looker = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "pantograph-device-files");
            thread.setDaemon(true);
            return thread;
        });
        looker.scheduleWithFixedDelay(files::look, 0, config.poll_ms(), TimeUnit.MILLISECONDS);
    }

    @Deactivate
    void close() {
        looker.shutdownNow();
        // The devices stay: either the register goes as well, or this component is back in a moment.
    }
}
