package io.pantograph.samples.device.sensor;

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
import io.pantograph.api.model.Telemetry;
import io.pantograph.api.model.Values;
import io.pantograph.api.twin.Desired;
import io.pantograph.api.twin.DesiredHandler;
import io.pantograph.api.twin.DesiredResult;
import io.pantograph.api.twin.HandlesDesired;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** IoT Central's environmental sensor. How it is provisioned stands in {@code HOME/conf/devices/}. */
@Component
@HandlesCommand(command = {"blink", "rundiagnostics", "turnon", "turnoff"}, device_type = "EnvironmentalSensor")
@HandlesDesired(property = {"name", "brightness"}, device_type = "EnvironmentalSensor")
@RequireCodec("json")
public final class Sensor implements CommandHandler, DesiredHandler {

    private final Device device;
    private final ScheduledExecutorService clock;
    private final Random weather = new Random();
    private volatile Object brightness = 50;

    @Activate
    public Sensor(@Reference Gateway gateway) {
        this(gateway, Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "sensor")));
    }

    Sensor(Gateway gateway, ScheduledExecutorService clock) {
        this.clock = clock;
        device = gateway.attach(new DeviceId("EnvironmentalSensor", "sensor"));
        device.report(Values.builder().put("manufacturer", "Pantograph").put("model", "ES-1").put("swVersion", "1.0")
                .put("osName", System.getProperty("os.name")).put("processorArchitecture", System.getProperty("os.arch"))
                .put("totalStorage", 64_000).put("totalMemory", Runtime.getRuntime().maxMemory() / 1024).put("state", true).build());
        clock.scheduleAtFixedRate(this::tell, 1, 5, TimeUnit.SECONDS);
    }

    private void tell() {
        device.publish(Telemetry.of("climate", Content.of(Values.of(
                "temp", 20 + weather.nextInt(60) / 10.0, "humid", 40 + weather.nextInt(200) / 10.0))));
    }

    @Override
    public CompletionStage<CommandResult> handle(Command command) {
        return completedFuture(switch (command.name()) {
            case "blink" -> CommandResult.ok(Values.of("blinking", true, "brightness", brightness));
            case "rundiagnostics" -> {
                clock.schedule(() -> device.outcome(command, "all is well"), 2, TimeUnit.SECONDS); // it takes its time
                yield CommandResult.accepted();
            }
            default -> {
                device.report(Values.of("state", command.name().equals("turnon")));
                yield CommandResult.ok();
            }
        });
    }

    @Override
    public CompletionStage<DesiredResult> handle(Desired desired) {
        if (desired.property().equals("name")) {
            return completedFuture(DesiredResult.applied());
        }
        if (desired.value() instanceof Number wanted && wanted.doubleValue() >= 0 && wanted.doubleValue() <= 100) {
            brightness = wanted;
            return completedFuture(DesiredResult.applied("it shines"));
        }
        return completedFuture(DesiredResult.refused(400, "brightness must be of 0 to 100", brightness));
    }

    @Deactivate
    void stop() {
        clock.shutdownNow(); // the device is the gateway's to close
    }
}
