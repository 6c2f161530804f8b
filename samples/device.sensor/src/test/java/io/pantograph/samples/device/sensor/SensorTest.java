package io.pantograph.samples.device.sensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.command.CommandResult;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Values;
import io.pantograph.api.twin.Desired;
import io.pantograph.api.twin.DesiredResult;
import io.pantograph.testkit.ManualClock;
import io.pantograph.testkit.PretendDevice;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SensorTest {

    private final ManualClock clock = new ManualClock();
    private final PretendDevice device = new PretendDevice("EnvironmentalSensor", "sensor");
    private final Sensor sensor = new Sensor(device.gateway(), clock.scheduler());

    @Test
    void saysWhatItIs() {
        assertEquals(Set.of("manufacturer", "model", "swVersion", "osName", "processorArchitecture", "totalStorage", "totalMemory", "state"),
                device.reported().get(0).keySet());
        clock.advance(Duration.ofSeconds(11));
        assertEquals(3, device.published().size());
        assertEquals(Set.of("temp", "humid"), device.published().get(0).content().values().keySet());
    }

    @Test
    void blinksAsBrightAsItIs() {
        assertEquals(200, desire("brightness", 70).status());
        CommandResult answer = command("blink");
        assertEquals(200, answer.status());
        assertEquals(Values.of("blinking", true, "brightness", 70), answer.content().data());
    }

    @Test
    void tellsTheDiagnosisLater() {
        assertEquals(202, command("rundiagnostics").status());
        assertEquals(Map.of(), device.outcomes());
        clock.advance(Duration.ofSeconds(2));
        assertEquals(Map.of("rundiagnostics", "all is well"), device.outcomes());
    }

    @Test
    void isOnOrOff() {
        assertEquals(200, command("turnoff").status());
        assertEquals(200, command("turnon").status());
        assertEquals(List.of(Values.of("state", false), Values.of("state", true)), device.reported().subList(1, 3));
    }

    @Test
    void saysWhatItHasInsteadOfAnImpossibleBrightness() {
        for (Object impossible : new Object[] {-1, 100.5, "bright", null}) {
            DesiredResult answer = desire("brightness", impossible);
            assertEquals(400, answer.status());
            assertEquals(Optional.of(Content.of(50)), answer.value());
            assertTrue(answer.note().orElseThrow().contains("0 to 100"));
        }
        assertEquals(DesiredResult.applied(), desire("name", "hall"));
    }

    private CommandResult command(String name) {
        return sensor.handle(device.command(name, null)).toCompletableFuture().join();
    }

    private DesiredResult desire(String property, Object value) {
        return sensor.handle(new Desired(device.id(), Optional.empty(), property, value, 2)).toCompletableFuture().join();
    }
}
