package io.pantograph.samples.device.thermostat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.device.Device;
import io.pantograph.api.device.SendStatus;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.DeviceStatus;
import io.pantograph.api.model.Telemetry;
import io.pantograph.api.model.Values;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class ThermostatTest {

    private final List<Telemetry> published = new ArrayList<>();
    private final Thermostat thermostat = new Thermostat(new Recorder(), "json-iotf");

    @Test
    void comesToTheTemperatureItWasTold() {
        assertEquals(200, thermostat.set(Values.of("celsius", 25)).status());
        for (int i = 0; i < 50; i++) {
            thermostat.tick();
        }
        assertEquals("set-point", published.get(0).event());
        Telemetry last = published.get(published.size() - 1);
        assertEquals("status", last.event());
        assertEquals("json-iotf", last.format());
        assertEquals(25.0, last.content().values().number("celsius"), 0.01);
        assertTrue(last.content().time().isPresent());
    }

    @Test
    void refusesWhatItCannotDo() {
        assertEquals(400, thermostat.set(Values.EMPTY).status());
        assertEquals(400, thermostat.set(Values.of("celsius", "warm")).status());
        assertEquals(400, thermostat.set(Values.of("celsius", 31)).status());
        assertEquals(List.of(), published);
    }

    private final class Recorder implements Device {

        @Override
        public DeviceId id() {
            return new DeviceId("thermostat", "t-1");
        }

        @Override
        public CompletionStage<Void> publish(Telemetry telemetry) {
            published.add(telemetry);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public SendStatus sendStatus() {
            return SendStatus.IDLE;
        }

        @Override
        public DeviceStatus status() {
            return new DeviceStatus(DeviceStatus.State.CONNECTED, DeviceStatus.Reason.NONE, "", Instant.EPOCH);
        }

        @Override
        public CompletionStage<Void> connected() {
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
