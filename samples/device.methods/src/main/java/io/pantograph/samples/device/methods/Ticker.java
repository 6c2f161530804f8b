package io.pantograph.samples.device.methods;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.pantograph.api.codec.RequireCodec;
import io.pantograph.api.command.Command;
import io.pantograph.api.command.CommandHandler;
import io.pantograph.api.command.CommandResult;
import io.pantograph.api.command.HandlesCommand;
import io.pantograph.api.device.Device;
import io.pantograph.api.device.Gateway;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Telemetry;
import io.pantograph.api.model.Values;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Tells temperature and humidity, as often as the method {@code SetTelemetryInterval} has last asked, whose payload is a bare number
 * of seconds. A method that nobody handles is answered with 404 by the gateway.
 */
@Component
@HandlesCommand(command = "SetTelemetryInterval", device_type = "ticker")
@RequireCodec("json")
public final class Ticker implements CommandHandler {

    private final Device device;
    private final Random weather = new Random();
    private final ScheduledExecutorService clock;
    private ScheduledFuture<?> ticking;

    @Activate
    public Ticker(@Reference Gateway gateway) {
        this(gateway, Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "ticker")));
    }

    Ticker(Gateway gateway, ScheduledExecutorService clock) {
        this.clock = clock;
        device = gateway.attach(new DeviceId("ticker", "ticker"));
        every(5);
    }

    @Override
    public CompletionStage<CommandResult> handle(Command command) {
        if (command.content().data() instanceof Number wanted && wanted.doubleValue() == wanted.intValue()
                && wanted.intValue() >= 1 && wanted.intValue() <= 3600) {
            every(wanted.intValue());
            return completedFuture(CommandResult.ok(Values.of("interval", wanted.intValue())));
        }
        return completedFuture(CommandResult.failed(400, "the interval must be a whole number of 1 to 3600 seconds, not "
                + Names.visible(String.valueOf(command.content().data()))));
    }

    private synchronized void every(int seconds) {
        if (ticking != null) {
            ticking.cancel(false);
        }
        ticking = clock.scheduleAtFixedRate(this::tick, seconds, seconds, TimeUnit.SECONDS);
    }

    private void tick() {
        device.publish(Telemetry.of("weather", Content.of(Values.of(
                "temperature", 20 + weather.nextInt(150) / 10.0, "humidity", 60 + weather.nextInt(200) / 10.0))));
    }

    @Deactivate
    void stop() {
        clock.shutdownNow(); // the device is the gateway's to close
    }
}
