package io.pantograph.samples.device.thermostat;

import io.pantograph.api.command.CommandResult;
import io.pantograph.api.device.Device;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Telemetry;
import io.pantograph.api.model.Values;
import java.time.Instant;

/** A room that slowly comes to the temperature it was told. */
final class Thermostat {

    private final Device device;
    private final String format;
    private double setPoint = 20.0;
    private double celsius = 18.0;

    Thermostat(Device device, String format) {
        this.device = device;
        this.format = format;
    }

    synchronized void tick() {
        celsius += (setPoint - celsius) / 4;
        publish("status", Values.of("celsius", Math.round(celsius * 100) / 100.0, "set-point", setPoint));
    }

    synchronized CommandResult set(Values arguments) {
        double wanted;
        try {
            wanted = arguments.number("celsius");
        } catch (IllegalArgumentException e) {
            return CommandResult.failed(400, e.getMessage());
        }
        if (wanted < 5 || wanted > 30) {
            return CommandResult.failed(400, "celsius must be of 5 to 30, not " + wanted);
        }
        setPoint = wanted;
        publish("set-point", Values.of("celsius", setPoint));
        return CommandResult.ok(Values.of("celsius", setPoint));
    }

    private void publish(String event, Values values) {
        device.publish(Telemetry.of(event, Content.of(values).at(Instant.now())).format(format));
    }
}
