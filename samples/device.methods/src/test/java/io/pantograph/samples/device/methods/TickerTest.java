package io.pantograph.samples.device.methods;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.command.CommandResult;
import io.pantograph.testkit.ManualClock;
import io.pantograph.testkit.PretendDevice;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TickerTest {

    private final ManualClock clock = new ManualClock();
    private final PretendDevice device = new PretendDevice("ticker", "ticker");
    private final Ticker ticker = new Ticker(device.gateway(), clock.scheduler());

    @Test
    void ticksAsOftenAsItWasTold() {
        clock.advance(Duration.ofSeconds(10));
        assertEquals(2, device.published().size());

        CommandResult answer = set(2L);

        assertEquals(200, answer.status());
        assertEquals(2, answer.content().values().integer("interval"));
        clock.advance(Duration.ofSeconds(10));
        assertEquals(7, device.published().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "0", "-1", "3601", "1.5"})
    void refusesWhatIsNoInterval(String wanted) {
        CommandResult answer = set(wanted.equals("soon") ? wanted : Double.valueOf(wanted));
        assertEquals(400, answer.status());
        assertTrue(answer.content().values().text("message").contains(wanted), answer.toString());
        clock.advance(Duration.ofSeconds(5));
        assertEquals(1, device.published().size(), "it ticks as before");
    }

    @Test
    void refusesNothing() {
        assertEquals(400, set(null).status());
    }

    private CommandResult set(Object seconds) {
        return ticker.handle(device.command("SetTelemetryInterval", seconds)).toCompletableFuture().join();
    }
}
