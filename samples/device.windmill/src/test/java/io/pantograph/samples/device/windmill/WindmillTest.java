package io.pantograph.samples.device.windmill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeliveryException.Reason;
import io.pantograph.api.model.Telemetry;
import io.pantograph.testkit.PretendDevice;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WindmillTest {

    private final PretendDevice device = new PretendDevice("windmill", "windmill");
    private final Windmill windmill = new Windmill(device.gateway());

    @AfterEach
    void stop() {
        windmill.stop();
    }

    @Test
    void warnsOfAStorm() {
        windmill.stop(); // by hand from here
        device.published().clear();
        windmill.tell(13.001);
        windmill.tell(12.5);

        Telemetry storm = device.published().get(0);
        Telemetry breeze = device.published().get(1);
        assertEquals(Map.of("windAlert", "true"), storm.properties());
        assertEquals(Map.of("windAlert", "false"), breeze.properties());
        assertEquals(12.5, breeze.content().values().number("windSpeed"));
        assertNotEquals(storm.messageId().orElseThrow(), breeze.messageId().orElseThrow());
    }

    @Test
    void countsWhatTheHubHasConfirmed() {
        windmill.stop();
        long before = windmill.confirmed();
        windmill.tell(11);
        device.failing(new DeliveryException(Reason.OVERFLOW, "too much"));
        windmill.tell(11);
        assertEquals(before + 1, windmill.confirmed());
    }
}
