package io.pantograph.command;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.command.Command;
import io.pantograph.api.command.CommandHandler;
import io.pantograph.api.command.CommandResult;
import io.pantograph.api.core.News;
import io.pantograph.api.model.Condition;
import io.pantograph.api.model.Condition.Kind;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.DeviceStatus;
import io.pantograph.handlers.Handler;
import io.pantograph.handlers.Handlers;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LanesTest {

    private static final DeviceId ONE = new DeviceId("thermostat", "t-1");
    private static final DeviceId TWO = new DeviceId("thermostat", "t-2");

    private final ManualClock clock = new ManualClock();
    private final List<Condition> conditions = new CopyOnWriteArrayList<>();
    private final ExecutorService workers = Executors.newFixedThreadPool(4);
    private final Handlers<CommandHandler> handlers = new Handlers<>("", false, Duration.ofMillis(200), "pantograph.command");
    private final Lanes lanes = new Lanes(handlers, new Outcomes(recorder(), clock), workers, clock.scheduler(), clock, 1000);
    private final AtomicInteger ids = new AtomicInteger();

    @AfterEach
    void stop() {
        lanes.close();
        workers.shutdownNow();
    }

    @Test
    void answersWhatTheHandlerSays() {
        add(command -> completedFuture(CommandResult.accepted()), Map.of());
        assertEquals(202, Await.result(dispatch(ONE, "reboot")).status());
        assertEquals(List.of(), conditions);
        Await.until("the idle lane is dropped", () -> lanes.count() == 0);
    }

    @Test
    void keepsTheOrderOfOneDevice() {
        List<String> seen = new CopyOnWriteArrayList<>();
        AtomicInteger at = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        add(command -> CompletableFuture.supplyAsync(() -> {
            most.accumulateAndGet(at.incrementAndGet(), Math::max);
            seen.add(command.id());
            at.decrementAndGet();
            return CommandResult.ok();
        }), Map.of());
        List<CompletionStage<CommandResult>> answers = new ArrayList<>();
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            Command command = command(ONE, "c" + i % 7, 60);
            sent.add(command.id());
            answers.add(lanes.dispatch(command));
        }
        answers.forEach(Await::result);
        assertEquals(sent, seen);
        assertEquals(1, most.get());
    }

    // A valve that takes ten seconds must not keep the next device's alarm from being heard.
    @Test
    void aSlowDeviceStopsNoOther() {
        CountDownLatch gate = new CountDownLatch(1);
        add(command -> {
            if (command.device().equals(ONE)) {
                gate.await();
            }
            return completedFuture(CommandResult.ok());
        }, Map.of());
        CompletionStage<CommandResult> slow = dispatch(ONE, "move");
        CompletionStage<CommandResult> behind = dispatch(ONE, "move");
        for (int i = 0; i < 20; i++) {
            assertEquals(200, Await.result(dispatch(TWO, "move")).status());
        }
        assertFalse(slow.toCompletableFuture().isDone());
        assertFalse(behind.toCompletableFuture().isDone());
        gate.countDown();
        assertEquals(200, Await.result(slow).status());
        assertEquals(200, Await.result(behind).status());
    }

    // The original client acknowledges and loses what arrives before the program has set its callback.
    @Test
    void commandsWaitForTheirHandler() {
        List<CompletionStage<CommandResult>> answers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            answers.add(dispatch(ONE, "early"));
        }
        assertEquals(503, Await.result(dispatch(ONE, "early")).status());
        assertEquals(List.of(Kind.OVERFLOW), kinds());
        assertFalse(dispatch(TWO, "early").toCompletableFuture().isDone(), "the limit is each device's own");

        List<String> seen = new CopyOnWriteArrayList<>();
        add(command -> {
            seen.add(command.id());
            return completedFuture(CommandResult.ok());
        }, Map.of("pantograph.device.name", "t-1"));
        answers.forEach(answer -> assertEquals(200, Await.result(answer).status()));
        for (int i = 0; i < 1000; i++) {
            assertEquals(String.valueOf(i), seen.get(i));
        }
    }

    @Test
    void aCommandWithoutHandlerStepsAsideForOthers() {
        CommandHandler handler = command -> completedFuture(CommandResult.ok());
        add(handler, Map.of("pantograph.command", "known"));
        CompletionStage<CommandResult> unknown = dispatch(ONE, "unknown");
        assertEquals(200, Await.result(dispatch(ONE, "known")).status());
        assertFalse(unknown.toCompletableFuture().isDone());
        clock.advance(Duration.ofSeconds(11));
        assertEquals(404, Await.result(unknown).status());
        assertEquals(List.of(Kind.NO_HANDLER), kinds());
        assertEquals("unknown", conditions.get(0).subject());
        Await.until("the idle lane is dropped", () -> lanes.count() == 0);
    }

    // Somebody waits for the answer: that there is nobody who does it should not take as long as doing it may.
    @Test
    void whoHasLittlePatienceHearsOfAMissingHandlerSoon() {
        CompletionStage<CommandResult> answer = lanes.dispatch(command(ONE, "unknown", 60), Duration.ofSeconds(5));
        clock.advance(Duration.ofMillis(4_999));
        assertFalse(answer.toCompletableFuture().isDone());
        clock.advance(Duration.ofMillis(2));
        assertEquals(404, Await.result(answer).status());
        assertEquals(List.of(Kind.NO_HANDLER), kinds());
        CompletionStage<CommandResult> longer = lanes.dispatch(command(ONE, "unknown", 10), Duration.ofDays(1_000_000_000_000L));
        clock.advance(Duration.ofSeconds(11));
        assertEquals(404, Await.result(longer).status(), "its deadline counts too");
    }

    @Test
    void thatPatienceIsNotForHandlers() {
        CompletableFuture<CommandResult> slow = new CompletableFuture<>();
        CountDownLatch begun = new CountDownLatch(1);
        CompletionStage<CommandResult> answer = lanes.dispatch(command(ONE, "slow", 60), Duration.ofSeconds(5));
        CompletionStage<CommandResult> behind = lanes.dispatch(command(ONE, "slow", 60), Duration.ofSeconds(5));
        clock.advance(Duration.ofSeconds(4));
        add(command -> {
            begun.countDown();
            return slow;
        }, Map.of("pantograph.command", "slow"));
        Await.until("it is begun", () -> begun.getCount() == 0);
        CompletionStage<CommandResult> unknown = lanes.dispatch(command(ONE, "unknown", 60), Duration.ofSeconds(5));
        clock.advance(Duration.ofSeconds(20));
        assertFalse(answer.toCompletableFuture().isDone());
        assertFalse(behind.toCompletableFuture().isDone(), "it has a handler, and waits for its turn");
        assertEquals(404, Await.result(unknown).status(), "though the device is busy");
        slow.complete(CommandResult.ok());
        assertEquals(200, Await.result(answer).status());
        assertEquals(200, Await.result(behind).status());
    }

    // It had a handler as long as it waited for its turn, and has none when its turn comes.
    @Test
    void whatLosesItsHandlerWhileItWaitsIsToldSo() {
        CompletableFuture<CommandResult> slow = new CompletableFuture<>();
        CountDownLatch begun = new CountDownLatch(1);
        CommandHandler leaving = command -> {
            begun.countDown();
            return slow;
        };
        add(leaving, Map.of());
        CompletionStage<CommandResult> first = lanes.dispatch(command(ONE, "a", 60), Duration.ofSeconds(5));
        CompletionStage<CommandResult> second = lanes.dispatch(command(ONE, "a", 60), Duration.ofSeconds(5));
        Await.until("the first is begun", () -> begun.getCount() == 0);
        clock.advance(Duration.ofSeconds(6));
        Given.remove(handlers, leaving);
        slow.complete(CommandResult.ok());
        assertEquals(200, Await.result(first).status());
        Await.until("the second is set aside", () -> {
            clock.advance(Duration.ZERO);
            return second.toCompletableFuture().isDone();
        });
        assertEquals(404, Await.result(second).status());
    }

    @Test
    void aHandlerThatThrowsIs500() {
        List<CommandHandler> broken = List.of(
                command -> {
                    throw new IllegalArgumentException("'celsius' is missing");
                },
                command -> {
                    throw new java.io.IOException("the port is gone");
                },
                command -> {
                    throw new NoClassDefFoundError("half/Gone");
                },
                command -> null,
                command -> completedFuture(null),
                command -> failedFuture(new IllegalStateException("later")),
                command -> completedFuture(CommandResult.ok()).thenApply(result -> {
                    throw new IllegalStateException("wrapped");
                }));
        for (int i = 0; i < broken.size(); i++) {
            add(broken.get(i), Map.of("pantograph.command", "c" + i));
            assertEquals(500, Await.result(dispatch(ONE, "c" + i)).status(), "c" + i);
        }
        Await.until("each is told to the operator, a moment after the answer", () -> conditions.size() == broken.size());
        assertTrue(conditions.stream().allMatch(condition -> condition.kind() == Kind.HANDLER_FAILED), conditions::toString);
        assertTrue(conditions.stream().anyMatch(condition -> condition.detail().contains("IllegalArgumentException ''celsius' is missing'")), conditions::toString);
        assertTrue(conditions.stream().anyMatch(condition -> condition.detail().contains("IllegalStateException 'wrapped'")), conditions::toString);
        add(command -> completedFuture(CommandResult.ok()), Map.of("pantograph.command", "good"));
        assertEquals(200, Await.result(dispatch(ONE, "good")).status(), "the device lives on");
    }

    // An Error is for the thread's end to deal with, but a device that stood still for it would never be heard of again.
    @Test
    void anErrorDoesNotStopTheDevice() {
        add(command -> {
            throw new AssertionError("planted");
        }, Map.of("pantograph.command", "bad"));
        add(command -> completedFuture(CommandResult.ok()), Map.of("pantograph.command", "good"));
        assertEquals(500, Await.result(dispatch(ONE, "bad")).status());
        assertEquals(200, Await.result(dispatch(ONE, "good")).status());
    }

    @Test
    void aHandlerThatCannotBeHadIs500() {
        handlers.add(() -> null, back -> {
            throw new AssertionError("nothing was fetched");
        }, Map.of("service.id", 77L));
        assertEquals(500, Await.result(dispatch(ONE, "a")).status());
        handlers.remove(Map.of("service.id", 77L));
    }

    @Test
    void anAnswerThatNeverComesIs504AndTheNextGoesOn() {
        CompletableFuture<CommandResult> never = new CompletableFuture<>();
        AtomicInteger calls = new AtomicInteger();
        add(command -> calls.getAndIncrement() == 0 ? never : completedFuture(CommandResult.ok()), Map.of());
        CompletionStage<CommandResult> first = dispatch(ONE, "slow");
        Await.until("the first is in hand", () -> calls.get() == 1);
        CompletionStage<CommandResult> second = lanes.dispatch(command(ONE, "slow", 60));
        clock.advance(Duration.ofSeconds(9));
        assertFalse(first.toCompletableFuture().isDone());
        clock.advance(Duration.ofSeconds(2));
        assertEquals(504, Await.result(first).status());
        assertEquals(200, Await.result(second).status());
        assertEquals(List.of(Kind.LATE), kinds());
        never.complete(CommandResult.ok());
        assertEquals(2, calls.get(), "no call runs twice");
    }

    @Test
    void aHandlerThatBlocksBeyondTheDeadlineKeepsItsDeviceOnly() {
        CountDownLatch gate = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        add(command -> {
            if (calls.getAndIncrement() == 0) {
                gate.await();
            }
            return completedFuture(CommandResult.ok());
        }, Map.of());
        CompletionStage<CommandResult> first = dispatch(ONE, "block");
        Await.until("the first is in hand", () -> calls.get() == 1);
        CompletionStage<CommandResult> second = dispatch(ONE, "block");
        CompletionStage<CommandResult> third = lanes.dispatch(command(ONE, "block", 60));
        clock.advance(Duration.ofSeconds(11));
        assertEquals(504, Await.result(first).status());
        assertEquals(504, Await.result(second).status(), "it was never begun, and nobody waits for it any more");
        assertEquals(1, calls.get(), "the thread is still in the handler: the device must not be in two at once");
        gate.countDown();
        assertEquals(200, Await.result(third).status());
        assertEquals(2, calls.get(), "what was answered 504 before it began is not begun");
    }

    // When all workers are blocked a command may pass its deadline on the way to its handler; the asker has had his 504 by then.
    @Test
    void whatIsOverdueIsNotBegun() {
        CountDownLatch gate = new CountDownLatch(1);
        List<String> begun = new CopyOnWriteArrayList<>();
        add(command -> {
            begun.add(command.device().name());
            gate.await();
            return completedFuture(CommandResult.ok());
        }, Map.of());
        for (int i = 0; i < 4; i++) {
            dispatch(new DeviceId("blocker", "b-" + i), "move");
        }
        Await.until("all workers are blocked", () -> begun.size() == 4);
        CompletionStage<CommandResult> fifth = dispatch(ONE, "move");
        clock.advance(Duration.ofSeconds(11));
        assertEquals(504, Await.result(fifth).status());
        gate.countDown();
        CompletionStage<CommandResult> sixth = dispatch(TWO, "move");
        assertEquals(200, Await.result(sixth).status());
        Await.until("all lanes are idle", () -> lanes.count() == 0);
        assertFalse(begun.contains("t-1"), begun::toString);
    }

    @Test
    void aHandlerThatLeavesFinishesWhatItHasInHand() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        List<String> seen = new CopyOnWriteArrayList<>();
        CommandHandler old = command -> {
            seen.add("old " + command.id());
            entered.countDown();
            gate.await();
            return completedFuture(CommandResult.ok());
        };
        Handlers<CommandHandler> patient = new Handlers<>("", false, Duration.ofSeconds(30), "pantograph.command");
        Lanes own = new Lanes(patient, new Outcomes(recorder(), clock), workers, clock.scheduler(), clock, 10);
        Given.add(patient, old, Map.of());
        CompletionStage<CommandResult> first = own.dispatch(command(ONE, "a", 60));
        CompletionStage<CommandResult> second = own.dispatch(command(ONE, "a", 60));
        entered.await();
        CompletableFuture<Void> gone = CompletableFuture.runAsync(() -> Given.remove(patient, old));
        Await.until("the old one takes no more", () -> {
            Handler<CommandHandler> still = patient.enterBest(TWO, "a");
            if (still != null) {
                still.leave();
            }
            return still == null;
        });
        assertFalse(gone.isDone());
        gate.countDown();
        Await.result(gone);
        assertEquals(200, Await.result(first).status());
        assertFalse(second.toCompletableFuture().isDone(), "it waits for the next handler");
        Given.add(patient, command -> {
            seen.add("new " + command.id());
            return completedFuture(CommandResult.ok());
        }, Map.of());
        own.handlersChanged();
        assertEquals(200, Await.result(second).status());
        assertEquals(List.of("old " + 0, "new " + 1), seen);
    }

    @Test
    void leavingIsBounded() {
        CompletableFuture<CommandResult> never = new CompletableFuture<>();
        CommandHandler stuck = command -> never;
        add(stuck, Map.of());
        CompletionStage<CommandResult> answer = dispatch(ONE, "a");
        Await.result(CompletableFuture.runAsync(() -> Given.remove(handlers, stuck)));
        never.complete(CommandResult.ok());
        assertEquals(200, Await.result(answer).status(), "an answer that still comes counts");
    }

    // Handlers come and go while commands flow: each command is answered once, by one handler.
    @Test
    void nothingIsLostOrRunTwiceWhileHandlersChange() {
        Map<String, AtomicInteger> runs = new java.util.concurrent.ConcurrentHashMap<>();
        List<CompletionStage<CommandResult>> answers = new ArrayList<>();
        CommandHandler current = null;
        for (int round = 0; round < 100; round++) {
            CommandHandler next = command -> {
                runs.computeIfAbsent(command.id(), id -> new AtomicInteger()).incrementAndGet();
                return completedFuture(CommandResult.ok());
            };
            if (current != null) {
                Given.remove(handlers, current);
            }
            for (int i = 0; i < 5; i++) {
                answers.add(lanes.dispatch(command(i % 2 == 0 ? ONE : TWO, "a", 600)));
            }
            add(next, Map.of());
            current = next;
            for (int i = 0; i < 5; i++) {
                answers.add(lanes.dispatch(command(i % 2 == 0 ? ONE : TWO, "a", 600)));
            }
        }
        answers.forEach(answer -> assertEquals(200, Await.result(answer).status()));
        assertEquals(1000, runs.size());
        assertTrue(runs.values().stream().allMatch(count -> count.get() == 1));
    }

    @Test
    void stoppingAnswersWhatWaits() {
        CompletionStage<CommandResult> waiting = dispatch(ONE, "a");
        lanes.close();
        assertEquals(503, Await.result(waiting).status());
        assertEquals(503, Await.result(dispatch(ONE, "a")).status());
    }

    private void add(CommandHandler handler, Map<String, Object> properties) {
        Given.add(handlers, handler, properties);
        lanes.handlersChanged();
    }

    private CompletionStage<CommandResult> dispatch(DeviceId device, String name) {
        return lanes.dispatch(command(device, name, 10));
    }

    private Command command(DeviceId device, String name, int seconds) {
        return new Command(String.valueOf(ids.getAndIncrement()), device, name, "json", Content.of(null).at(clock.instant()),
                clock.instant().plusSeconds(seconds));
    }

    private List<Kind> kinds() {
        return conditions.stream().map(Condition::kind).toList();
    }

    private News recorder() {
        return new News() {
            @Override
            public void status(DeviceId device, DeviceStatus status) {
                throw new AssertionError("commands change no status");
            }

            @Override
            public void condition(Condition condition) {
                conditions.add(condition);
            }

            @Override
            public long count(Kind kind) {
                return kinds().stream().filter(kind::equals).count();
            }
        };
    }
}
