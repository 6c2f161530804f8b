package io.pantograph.command;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.pantograph.api.command.Command;
import io.pantograph.api.command.CommandHandler;
import io.pantograph.api.command.CommandResult;
import io.pantograph.api.core.News;
import io.pantograph.api.model.Condition;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.DeviceStatus;
import io.pantograph.handlers.Handlers;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A hub that hears no answer asks again, by the same id: nothing may run twice for that. */
class RepeatsTest {

    private static final DeviceId ONE = new DeviceId("thermostat", "t-1");
    private static final DeviceId TWO = new DeviceId("thermostat", "t-2");
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ManualClock clock = new ManualClock();
    private final ExecutorService workers = Executors.newFixedThreadPool(4);
    private final Handlers<CommandHandler> handlers = new Handlers<>("", false, Duration.ofMillis(200), "pantograph.command");
    private final Lanes lanes = new Lanes(handlers, new Outcomes(new Silence(), clock), workers, clock.scheduler(), clock, 1000);
    private final List<String> runs = new CopyOnWriteArrayList<>();
    private final CommandHandler counting = command -> {
        runs.add(command.device().name() + ' ' + command.name() + ' ' + command.id());
        return completedFuture(new CommandResult(200, Content.of(runs.size())));
    };

    @AfterEach
    void stop() {
        lanes.close();
        workers.shutdownNow();
    }

    private void add(CommandHandler handler) {
        Given.add(handlers, handler, Map.of());
        lanes.handlersChanged();
    }

    private CompletionStage<CommandResult> ask(DeviceId device, String id, String name, Object content) {
        return lanes.dispatch(new Command(id, device, name, "json", Content.of(content).at(clock.instant()), clock.instant().plusSeconds(60)), PATIENCE);
    }

    private CompletionStage<CommandResult> ask(String id) {
        return ask(ONE, id, "reboot", null);
    }

    /** An answer is remembered a moment after it is given. */
    private CommandResult answer(CompletionStage<CommandResult> asked) {
        CommandResult result = Await.result(asked);
        Await.until("the lane is idle", () -> lanes.count() == 0);
        return result;
    }

    @Test
    void aRepeatOfOneInWorkGetsItsAnswer() {
        CompletableFuture<CommandResult> slow = new CompletableFuture<>();
        add(command -> {
            runs.add(command.id());
            return slow;
        });
        CompletionStage<CommandResult> first = ask("7");
        CompletionStage<CommandResult> again = ask("7");
        CompletionStage<CommandResult> byTheOtherWay = lanes.dispatch(
                new Command("7", ONE, "reboot", "json", Content.of(null), clock.instant().plusSeconds(600)));
        Await.until("it is begun", () -> runs.size() == 1);
        slow.complete(CommandResult.accepted());
        assertEquals(202, Await.result(first).status());
        assertEquals(202, Await.result(again).status());
        assertEquals(202, Await.result(byTheOtherWay).status());
        assertEquals(202, Await.result(ask("7")).status());
        assertEquals(List.of("7"), runs);
    }

    @Test
    void aRepeatOfOneAnsweredLatelyGetsThatAnswer() {
        add(counting);
        assertEquals(1, answer(ask("7")).content().data());
        clock.advance(Memories.KEPT.minusSeconds(1));
        assertEquals(1, answer(ask("7")).content().data());
        clock.advance(Duration.ofSeconds(2));
        assertEquals(2, answer(ask("7")).content().data(), "long ago; it is another that happens to have the id");
    }

    @Test
    void anotherDeviceOrAnotherCommandIsNoRepeat() {
        add(counting);
        Await.result(ask(ONE, "7", "reboot", null));
        Await.result(ask(TWO, "7", "reboot", null));
        Await.result(ask(ONE, "7", "blink", null));
        Await.result(ask(ONE, "7", "blink", Map.of("times", 2)));
        Await.result(ask(ONE, "7", "blink", Map.of("times", 2)));
        assertEquals(List.of("t-1 reboot 7", "t-2 reboot 7", "t-1 blink 7", "t-1 blink 7"), runs);
    }

    @Test
    void theLastAreRemembered() {
        add(counting);
        for (int i = 0; i <= Memories.LAST; i++) {
            answer(ask("c" + i));
        }
        assertEquals(Memories.LAST + 1, runs.size());
        Await.result(ask("c1"));
        assertEquals(Memories.LAST + 1, runs.size());
        Await.result(ask("c0"));
        assertEquals(Memories.LAST + 2, runs.size(), "the one before the last 200");
    }

    // A handler that came meanwhile may well do what there was nobody for; and nothing runs twice by that.
    @Test
    void whatWasNeverBegunMayBeTriedAgain() {
        CompletionStage<CommandResult> nobody = ask("7");
        clock.advance(PATIENCE.plusMillis(1));
        assertEquals(404, Await.result(nobody).status());
        add(counting);
        assertEquals(200, Await.result(ask("7")).status());
        assertEquals(1, runs.size());
    }

    @Test
    void aLateOneIsNotBegunAgain() {
        CompletableFuture<CommandResult> never = new CompletableFuture<>();
        add(command -> {
            runs.add(command.id());
            return never;
        });
        CompletionStage<CommandResult> first = ask("7");
        Await.until("it is begun", () -> runs.size() == 1);
        clock.advance(Duration.ofSeconds(61));
        assertEquals(504, Await.result(first).status());
        assertEquals(504, Await.result(ask("7")).status());
        assertFalse(runs.size() > 1);
    }

    @Test
    void memoryEnds() {
        add(counting);
        Await.result(ask(ONE, "7", "reboot", null));
        Await.result(ask(TWO, "8", "reboot", null));
        Await.until("both are remembered", () -> lanes.remembered() == 2 && lanes.count() == 0);
        clock.advance(Memories.KEPT.plusSeconds(1));
        assertEquals(0, lanes.remembered());
        assertEquals(0, clock.waiting(), "and no timer runs for it");
    }

    private static final class Silence implements News {

        @Override
        public void status(DeviceId device, DeviceStatus status) {
            // nobody asks
        }

        @Override
        public void condition(Condition condition) {
            // nobody asks
        }

        @Override
        public long count(Condition.Kind kind) {
            return 0;
        }
    }
}
