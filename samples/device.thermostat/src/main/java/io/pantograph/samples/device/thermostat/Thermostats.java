package io.pantograph.samples.device.thermostat;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.pantograph.api.codec.RequireCodec;
import io.pantograph.api.command.Command;
import io.pantograph.api.command.CommandHandler;
import io.pantograph.api.command.CommandResult;
import io.pantograph.api.command.HandlesCommand;
import io.pantograph.api.device.Gateway;
import io.pantograph.api.model.DeviceId;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Two thermostats, one for each of the original JSON formats. How they log in is not said here but in a file in
 * {@code HOME/conf/devices/}; until it is there, what they publish waits.
 */
@Component(immediate = true)
@HandlesCommand(command = "set-point", device_type = "thermostat")
@RequireCodec("json")
public final class Thermostats implements CommandHandler {

    @interface Config {
        String type() default "thermostat";

        String json() default "t-1";

        String iotf() default "t-2";

        int period_ms() default 3000;
    }

    private final Map<DeviceId, Thermostat> thermostats;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "thermostats"));

    @Activate
    public Thermostats(@Reference Gateway gateway, Config config) {
        DeviceId one = new DeviceId(config.type(), config.json());
        DeviceId two = new DeviceId(config.type(), config.iotf());
        thermostats = Map.of(one, new Thermostat(gateway.attach(one), "json"), two, new Thermostat(gateway.attach(two), "json-iotf"));
        clock.scheduleAtFixedRate(() -> thermostats.values().forEach(Thermostat::tick), 0, config.period_ms(), TimeUnit.MILLISECONDS);
    }

    @Override
    public CompletionStage<CommandResult> handle(Command command) {
        Thermostat thermostat = thermostats.get(command.device());
        if (thermostat == null) {
            return completedFuture(CommandResult.failed(404, "there is no thermostat " + command.device()));
        }
        return completedFuture(thermostat.set(command.arguments()));
    }

    @Deactivate
    void stop() {
        clock.shutdownNow(); // the devices are the gateway's to close
    }
}
