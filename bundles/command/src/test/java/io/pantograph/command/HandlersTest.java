package io.pantograph.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.pantograph.api.command.Command;
import io.pantograph.api.command.CommandHandler;
import io.pantograph.api.command.CommandResult;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeviceId;
import io.pantograph.testkit.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class HandlersTest {

    private static final String ANY = "*";

    /** From the most exact to the least, as the contract has it: command, then device name, then device type. */
    private static final List<String[]> EXACTNESS = List.of(
            new String[] {"set", "t-1", "thermostat"}, new String[] {"set", "t-1", ANY}, new String[] {"set", ANY, "thermostat"},
            new String[] {"set", ANY, ANY}, new String[] {ANY, "t-1", "thermostat"}, new String[] {ANY, "t-1", ANY},
            new String[] {ANY, ANY, "thermostat"}, new String[] {ANY, ANY, ANY});

    private final Handlers handlers = new Handlers(Duration.ZERO);

    @Test
    void theMostExactIsChosenWhateverTheOrder() throws Exception {
        List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5, 6, 7));
        Collections.shuffle(order, new Random(7));
        Map<Integer, CommandHandler> added = new HashMap<>();
        for (int i : order) {
            String[] meant = EXACTNESS.get(i);
            added.put(i, add("h" + i, Map.of("pantograph.command", meant[0], "pantograph.device.name", meant[1], "pantograph.device.type", meant[2])));
        }
        for (int i = 0; i < 8; i++) {
            assertEquals("h" + i, best("set", "thermostat", "t-1"));
            Given.remove(handlers, added.get(i));
        }
        assertNull(best("set", "thermostat", "t-1"));
    }

    @Test
    void othersAreNotMeant() throws Exception {
        add("h", Map.of("pantograph.command", new String[] {"on", "off"}, "pantograph.device.type", "lamp", "pantograph.device.name", "l-1"));
        assertEquals("h", best("on", "lamp", "l-1"));
        assertEquals("h", best("off", "lamp", "l-1"));
        assertNull(best("dim", "lamp", "l-1"));
        assertNull(best("on", "lamp", "l-2"));
        assertNull(best("on", "valve", "l-1"));
        assertNull(best("on*", "lamp", "l-1"));
    }

    @Test
    void amongEqualsTheHigherRankedThenTheOlder() throws Exception {
        add("young", Map.of("service.id", 9L));
        CommandHandler old = add("old", Map.of("service.id", 3L));
        assertEquals("old", best("a", "b", "c"));
        CommandHandler high = add("high", Map.of("service.id", 12L, "service.ranking", 1));
        assertEquals("high", best("a", "b", "c"));
        Given.remove(handlers, high);
        assertEquals("old", best("a", "b", "c"));
        Given.remove(handlers, old);
        assertEquals("young", best("a", "b", "c"), "the one that was there before is not forgotten");
    }

    @Test
    void withoutPropertiesItIsForAll() throws Exception {
        add("h", Map.of());
        assertEquals("h", best("a", "b", "c"));
        add("list", Map.of("pantograph.command", List.of("a", "x")));
        assertEquals("list", best("a", "b", "c"));
    }

    private CommandHandler add(String name, Map<String, Object> properties) {
        CommandHandler handler = command -> CompletableFuture.completedFuture(CommandResult.failed(400, name));
        Given.add(handlers, handler, properties);
        return handler;
    }

    private String best(String command, String type, String name) throws Exception {
        Command asked = new Command("1", new DeviceId(type, name), command, "json", Content.of(null), Instant.EPOCH);
        Handler best = handlers.enterBest(asked);
        if (best == null) {
            return null;
        }
        best.leave();
        return Await.result(best.handle(asked)).content().values().text("message");
    }
}
