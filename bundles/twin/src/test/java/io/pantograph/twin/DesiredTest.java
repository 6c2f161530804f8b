package io.pantograph.twin;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.model.Condition;
import io.pantograph.api.model.Condition.Kind;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeliveryException.Reason;
import io.pantograph.api.model.Values;
import io.pantograph.api.twin.Desired;
import io.pantograph.api.twin.DesiredHandler;
import io.pantograph.api.twin.DesiredResult;
import io.pantograph.api.twin.Twin;
import io.pantograph.api.wire.Frame;
import io.pantograph.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DesiredTest {

    private static final Duration LONG = Duration.ofSeconds(61);

    private final Bench bench = new Bench();
    private final List<String> given = new CopyOnWriteArrayList<>();
    private final DesiredHandler noting = desired -> {
        note(desired);
        return completedFuture(DesiredResult.applied());
    };

    private void note(Desired desired) {
        given.add(desired.component().map(component -> component + '.').orElse("") + desired.property() + '=' + desired.value() + '@' + desired.version());
    }

    private List<String> given() {
        List<String> all = List.copyOf(given);
        given.clear();
        return all;
    }

    // --- whole and difference

    @Test
    void givesEverythingOnceAndThenOnlyWhatDiffers() {
        bench.add(noting, Map.of());
        bench.connect("{\"a\":1,\"b\":{\"x\":1},\"c\":{\"__c\":true,\"p\":\"q\"}}", 4);
        assertEquals(List.of("a=1@4", "b={x=1}@4", "c.p=q@4"), given());

        bench.twin.disconnected();
        bench.connect("{\"a\":1,\"b\":{\"x\":1},\"c\":{\"__c\":true,\"p\":\"q\"}}", 4);
        assertEquals(List.of(), given());

        bench.twin.disconnected();
        bench.connect("{\"a\":1,\"b\":{\"x\":2},\"d\":true}", 7);
        assertEquals(List.of("c.p=null@7", "b={x=2}@7", "d=true@7"), given());
    }

    @Test
    void aPatchIsGivenAsTheValueItMakes() {
        bench.add(noting, Map.of());
        bench.connect("{\"a\":1,\"b\":{\"x\":1},\"c\":{\"__c\":true,\"p\":1,\"q\":2}}", 1);
        given();
        bench.patch("{\"b\":{\"y\":2}}", 2);
        assertEquals(List.of("b={x=1, y=2}@2"), given());
        bench.patch("{\"c\":{\"p\":3}}", 3);
        assertEquals(List.of("c.p=3@3"), given());
        bench.patch("{\"c\":null,\"a\":null,\"never\":null}", 4);
        assertEquals(List.of("a=null@4", "c.p=null@4", "c.q=null@4"), given().stream().sorted().toList());
        // Said again: whoever wants it waits for an answer to this version.
        bench.patch("{\"b\":{\"y\":2}}", 5);
        assertEquals(List.of("b={x=1, y=2}@5"), given());
    }

    @Test
    void oldAndRepeatedPatchesAreDropped() {
        bench.add(noting, Map.of());
        bench.connect("{\"a\":5}", 5);
        given();
        bench.patch("{\"a\":4}", 4);
        bench.patch("{\"a\":5}", 5);
        assertEquals(List.of(), given());
        bench.patch("{\"a\":6}", 6);
        bench.patch("{\"a\":6}", 6);
        assertEquals(List.of("a=6@6"), given());
    }

    @Test
    void aGapMeansToReadAgain() {
        bench.add(noting, Map.of());
        bench.connect("{\"a\":5}", 5);
        bench.sent.clear();
        given();
        bench.patch("{\"a\":7}", 7);
        assertEquals(List.of(), given(), "what 6 said is not known");
        bench.patch("{\"b\":8}", 8);
        bench.answerRead("{\"a\":7,\"z\":6}", 7);
        assertEquals(List.of("a=7@7", "z=6@7", "b=8@8"), given());
        bench.patch("{\"a\":9}", 9);
        assertEquals(List.of("a=9@9"), given());
    }

    // The hub may have looked the twin up before a change and told the change first.
    @Test
    void patchesThatOvertakeTheReadAreHeldBack() {
        bench.add(noting, Map.of());
        bench.connect();
        bench.patch("{\"a\":7}", 7);
        bench.patch("{\"a\":6}", 6);
        bench.patch("{\"a\":5}", 5);
        assertEquals(List.of(), given());
        bench.answerRead("{\"a\":5}", 5);
        assertEquals(List.of("a=5@5", "a=7@7"), given(), "6 was replaced while 5 was in hand");
    }

    @Test
    void aGapAmongThoseHeldBackIsReadToo() {
        bench.add(noting, Map.of());
        bench.connect();
        bench.patch("{\"b\":7}", 7);
        bench.answerRead("{\"a\":5}", 5);
        assertEquals(List.of("a=5@5"), given());
        bench.sent.clear();
        bench.clock.advance(Duration.ofSeconds(1));
        bench.answerRead("{\"a\":6,\"b\":7}", 7);
        assertEquals(List.of("a=6@7", "b=7@7"), given());
    }

    @Test
    void manyPatchesDuringOneReadAreNotAllKept() {
        bench.add(noting, Map.of("pantograph.property", "n"));
        bench.connect();
        int many = 2 * Sync.HELD_BACK;
        for (int i = 2; i <= many; i++) {
            bench.patch("{\"n\":" + i + "}", i);
        }
        bench.answerRead("{\"n\":1}", 1);
        assertEquals("n=" + (Sync.HELD_BACK + 1) + '@' + (Sync.HELD_BACK + 1), given.get(given.size() - 1));
        bench.sent.removeIf(frame -> frame.topic().startsWith("patch"));
        bench.clock.advance(Duration.ofSeconds(1));
        bench.answerRead("{\"n\":" + many + "}", many);
        assertEquals("n=" + many + '@' + many, given.get(given.size() - 1));
    }

    @Test
    void whatComesBetweenConnectionsIsLeftToTheNextRead() {
        bench.add(noting, Map.of());
        bench.connect("{\"a\":1}", 1);
        bench.twin.disconnected();
        bench.patch("{\"a\":2}", 2);
        given();
        bench.connect("{\"a\":3}", 3);
        assertEquals(List.of("a=3@3"), given());
    }

    // A read is never older than what was known before it was asked; if it is, twice, the device was deleted and made anew.
    @Test
    void aTwinThatWasMadeAnewIsTakenOnTheSecondLook() {
        bench.add(noting, Map.of());
        bench.connect("{\"a\":9}", 9);
        bench.twin.disconnected();
        given();
        bench.connect("{\"a\":1}", 1);
        assertEquals(List.of(), given());
        bench.sent.clear();
        bench.clock.advance(Duration.ofSeconds(1));
        bench.answerRead("{\"a\":1}", 1);
        assertEquals(List.of("a=1@1"), given());
        bench.patch("{\"a\":2}", 2);
        assertEquals(List.of("a=2@2"), given());
    }

    @Test
    void aReadThatGoesUnansweredIsAskedAgainUnderAnotherName() {
        bench.add(noting, Map.of());
        bench.connect();
        Frame first = bench.next("get");
        bench.clock.advance(Sync.PATIENCE.minusMillis(1));
        assertTrue(bench.sent.isEmpty());
        bench.clock.advance(Duration.ofMillis(1));
        Frame second = bench.sent.peek();
        assertNotEquals(first.topic(), second.topic());
        bench.answer(first, 200, "{\"desired\":{\"v\":3,\"a\":3},\"reported\":{\"v\":1}}");
        assertEquals(List.of(), given(), "given up, so it is nobody's answer");
        bench.answerRead("{\"a\":4}", 4);
        assertEquals(List.of("a=4@4"), given());
        bench.clock.advance(LONG);
        bench.sent.removeIf(frame -> frame.topic().startsWith("patch"));
        assertTrue(bench.sent.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 503, 404})
    void aReadThatIsRefusedIsAskedAgainWithGrowingPauses(int status) {
        bench.add(noting, Map.of());
        bench.connect();
        for (int i = 0; i < 10; i++) {
            bench.answer(bench.next("get"), status);
            long most = Math.min(60_000, 1000L << i);
            bench.clock.advance(Duration.ofMillis(most / 2 - 1));
            assertTrue(bench.sent.isEmpty(), "after " + (i + 1) + " refusals");
            for (long past = 0; bench.sent.isEmpty() && past <= most / 2 + 1; past += 50) {
                bench.clock.advance(Duration.ofMillis(50));
            }
        }
        bench.answerRead("{\"a\":4}", 4);
        assertEquals(List.of("a=4@4"), given());
    }

    @Test
    void aReadThatCannotBeSentIsTriedAgain() {
        bench.add(noting, Map.of());
        bench.sending = CompletableFuture.failedFuture(new IllegalStateException("planted"));
        bench.connect();
        bench.next("get");
        bench.sending = completedFuture(null);
        bench.clock.advance(Duration.ofSeconds(1));
        bench.answerRead("{\"a\":4}", 4);
        assertEquals(List.of("a=4@4"), given());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "nonsense", "{}", "{\"desired\":{},\"reported\":{}}", "{\"desired\":{\"v\":\"x\"},\"reported\":{\"v\":1}}"})
    void whatCannotBeReadIsToldAndAskedForAgain(String body) {
        bench.add(noting, Map.of());
        bench.connect();
        bench.answer(bench.next("get"), 200, body);
        assertEquals(List.of(Kind.UNREADABLE), bench.conditions.stream().map(Condition::kind).toList());
        bench.clock.advance(Duration.ofSeconds(1));
        bench.answerRead("{\"a\":4}", 4);
        bench.sent.clear();
        bench.twin.changed(new io.pantograph.api.dialect.Inbound.Changed(java.util.OptionalLong.empty(), io.pantograph.api.model.Bytes.utf8(body)));
        assertEquals(2, bench.conditions.size());
        bench.answerRead("{\"a\":5}", 5);
        assertEquals(List.of("a=4@4", "a=5@5"), given());
    }

    @Test
    void aCodecThatIsAwayIsWaitedFor() {
        bench.add(noting, Map.of());
        bench.connect();
        bench.codecThere = false;
        bench.answer(bench.next("get"), 200, "{}");
        bench.codecThere = true;
        bench.clock.advance(Duration.ofSeconds(1));
        bench.answerRead("{\"a\":4}", 4);
        assertEquals(List.of("a=4@4"), given());
    }

    // --- authors who read

    @Test
    void anAuthorReadsTheTwin() {
        CompletionStage<Twin> early = bench.twin.read();
        bench.connect();
        Frame first = bench.next("get");
        CompletionStage<Twin> during = bench.twin.read();
        bench.answer(first, 200, "{\"desired\":{\"v\":4,\"a\":4},\"reported\":{\"v\":2,\"r\":1}}");
        assertEquals(new Twin(Values.of("a", 4), 4, Values.of("r", 1), 2), Await.result(early));
        assertFalse(during.toCompletableFuture().isDone(), "what it wants to see may be newer than this answer");
        bench.answerRead("{\"a\":5}", 5);
        assertEquals(5, Await.result(during).desiredVersion());
    }

    @Test
    void aPatchDuringAnAuthorsReadIsNotTakenBackByIt() {
        bench.add(noting, Map.of());
        bench.connect("{\"a\":1}", 1);
        bench.sent.clear();
        CompletionStage<Twin> author = bench.twin.read();
        bench.patch("{\"a\":2}", 2);
        bench.answerRead("{\"a\":1}", 1);
        assertEquals(1, Await.result(author).desiredVersion());
        bench.patch("{\"a\":3}", 3);
        assertEquals(List.of("a=1@1", "a=2@2", "a=3@3"), given());
    }

    @Test
    void anAuthorDoesNotWaitForEver() {
        CompletionStage<Twin> alone = bench.twin.read();
        bench.clock.advance(KeptTwin.READ_PATIENCE);
        DeliveryException why = Await.failure(DeliveryException.class, alone);
        assertEquals(Reason.EXPIRED, why.reason());
        assertTrue(why.getMessage().contains("there is no connection"), why::getMessage);
        bench.connect();
        CompletionStage<Twin> unanswered = bench.twin.read();
        bench.clock.advance(KeptTwin.READ_PATIENCE);
        assertEquals(Reason.EXPIRED, Await.failure(DeliveryException.class, unanswered).reason());
        CompletionStage<Twin> refused = bench.twin.read();
        bench.answer(bench.sent.peekLast(), 429);
        bench.sent.clear();
        bench.clock.advance(Duration.ofSeconds(1));
        bench.answer(bench.next("get"), 403);
        assertEquals(Reason.REFUSED, Await.failure(DeliveryException.class, refused).reason());
        CompletionStage<Twin> closed = bench.twin.read();
        bench.twin.close();
        assertEquals(Reason.CLOSED, Await.failure(DeliveryException.class, closed).reason());
        assertEquals(Reason.CLOSED, Await.failure(DeliveryException.class, bench.twin.read()).reason());
    }

    @Test
    void readsAreBounded() {
        for (int i = 0; i < KeptTwin.MOST_READS; i++) {
            bench.twin.read();
        }
        assertEquals(Reason.OVERFLOW, Await.failure(DeliveryException.class, bench.twin.read()).reason());
        bench.twin.speaks(Optional.empty());
        DeliveryException none = Await.failure(DeliveryException.class, bench.twin.read());
        assertEquals(Reason.UNSUPPORTED, none.reason());
        assertEquals("the cloud of thermostat/t-1 has no device twins; publish an event instead", none.getMessage());
    }

    // --- handlers

    @Test
    void valuesWaitForTheirHandler() {
        bench.connect("{\"a\":1,\"b\":1}", 1);
        bench.patch("{\"a\":2}", 2);
        bench.patch("{\"a\":3,\"c\":3}", 3);
        bench.patch("{\"c\":null}", 4);
        bench.add(noting, Map.of("pantograph.property", new String[] {"a", "c"}));
        assertEquals(List.of("a=3@3"), given(), "the newest only, and nothing of what came and went");
        bench.add(noting, Map.of());
        assertEquals(List.of("b=1@1"), given());
        assertEquals(List.of(), bench.conditions);
    }

    // A bundle is updated: the new handler begins with nothing, and the twin says that all is applied.
    @Test
    void whoeverComesInAPlaceIsGivenWhatTheOneBeforeHad() {
        bench.add(noting, Map.of("pantograph.property", "stays"));
        long old = bench.add(noting, Map.of("pantograph.property", new String[] {"a", "b", "c"}));
        bench.connect("{\"a\":1,\"b\":1,\"c\":1,\"stays\":1}", 1);
        bench.patch("{\"a\":2}", 2);
        bench.patch("{\"c\":null}", 3);
        given();
        bench.handlers.remove(Map.of("service.id", old));
        bench.patch("{\"b\":4}", 4);
        assertEquals(List.of(), given());
        bench.add(noting, Map.of("pantograph.property", new String[] {"a", "b", "c"}));
        assertEquals(List.of("a=2@2", "b=4@4"), given(), "the newest of each, and nothing of what the other has");
        bench.add(noting, Map.of());
        assertEquals(List.of(), given(), "nobody went");
    }

    @Test
    void theAnswerIsReported() {
        bench.add(desired -> completedFuture(switch (desired.property()) {
            case "a" -> DesiredResult.applied();
            case "b" -> DesiredResult.applied("warm");
            default -> DesiredResult.refused(400, "at most 5", 5);
        }), Map.of());
        bench.connect("{\"a\":1,\"b\":2,\"c\":{\"__c\":true,\"p\":9}}", 3);
        Frame first = bench.next("patch");
        assertEquals("{\"a\":{\"value\":1,\"ac\":200,\"av\":3}}", first.payload().text());
        assertTrue(bench.sent.isEmpty(), "one at a time");
        bench.answer(first, 204);
        assertEquals("{\"b\":{\"value\":2,\"ac\":200,\"av\":3,\"ad\":\"warm\"},\"c\":{\"__c\":true,\"p\":{\"value\":5,\"ac\":400,\"av\":3,\"ad\":\"at most 5\"}}}",
                bench.next("patch").payload().text());
    }

    // What is reported is merged with what was: a name that is no more must be taken away.
    @Test
    void anObjectIsReportedAsItIsNow() {
        bench.add(noting, Map.of());
        bench.connect("{\"a\":{\"x\":1,\"y\":{\"z\":1}}}", 1);
        bench.answer(bench.next("patch"), 204);
        bench.patch("{\"a\":{\"x\":null,\"y\":{\"z\":null,\"w\":2}}}", 2);
        Frame second = bench.next("patch");
        assertEquals(Bench.json("{\"a\":{\"value\":{\"x\":null,\"y\":{\"z\":null,\"w\":2}},\"ac\":200,\"av\":2}}"), Bench.json(second.payload().text()));
        bench.answer(second, 204);
        bench.patch("{\"a\":7}", 3);
        assertEquals("{\"a\":{\"value\":7,\"ac\":200,\"av\":3}}", bench.next("patch").payload().text());
    }

    @Test
    void aHandlerThatFailsIs500AndTold() {
        List<DesiredHandler> broken = List.of(
                desired -> {
                    throw new IllegalArgumentException("planted");
                },
                desired -> {
                    throw new NoClassDefFoundError("half/Gone");
                },
                desired -> null,
                desired -> completedFuture(null),
                desired -> failedFuture(new IllegalStateException("later")));
        bench.connect("{}", 1);
        for (int i = 0; i < broken.size(); i++) {
            bench.add(broken.get(i), Map.of("pantograph.property", "p" + i));
            bench.patch("{\"p" + i + "\":1}", i + 2);
            Frame report = bench.next("patch");
            assertTrue(report.payload().text().contains("\"ac\":500"), report.payload().text());
            bench.answer(report, 204);
            assertEquals(Kind.HANDLER_FAILED, bench.conditions.get(i).kind());
        }
        assertEquals(broken.size(), bench.conditions.size());
        assertTrue(bench.conditions.get(0).detail().contains("IllegalArgumentException 'planted'"), bench.conditions::toString);
    }

    @Test
    void anErrorDoesNotStopTheDevice() {
        ExecutorService workers = Executors.newFixedThreadPool(2, task -> {
            Thread thread = new Thread(task);
            thread.setUncaughtExceptionHandler((one, error) -> { });
            return thread;
        });
        try {
            Bench own = new Bench(workers);
            own.connect("{\"a\":1}", 1);
            own.add(desired -> {
                if (desired.property().equals("a")) {
                    throw new AssertionError("planted");
                }
                note(desired);
                return completedFuture(DesiredResult.applied());
            }, Map.of());
            own.patch("{\"b\":2}", 2);
            Await.until("the next is given", () -> given.size() == 1);
        } finally {
            workers.shutdownNow();
        }
    }

    // One after the other, the newest of each property, versions only growing.
    @Test
    void whatWaitsIsReplacedByTheNewest() {
        List<CompletableFuture<DesiredResult>> answers = new ArrayList<>();
        bench.add(desired -> {
            note(desired);
            answers.add(new CompletableFuture<>());
            return answers.get(answers.size() - 1);
        }, Map.of());
        bench.connect("{\"a\":1,\"b\":1}", 1);
        bench.patch("{\"a\":2}", 2);
        bench.patch("{\"b\":3}", 3);
        bench.patch("{\"a\":4}", 4);
        assertEquals(List.of("a=1@1"), given());
        answers.get(0).complete(DesiredResult.applied());
        assertEquals(List.of("b=3@3"), given());
        answers.get(1).complete(DesiredResult.applied());
        assertEquals(List.of("a=4@4"), given());
        answers.get(2).complete(DesiredResult.applied());
        assertEquals(List.of(), given());
    }

    @Test
    void aHandlerThatIsLateHoldsNobodyUpForLonger() {
        List<CompletableFuture<DesiredResult>> answers = new ArrayList<>();
        bench.add(desired -> {
            note(desired);
            answers.add(new CompletableFuture<>());
            return answers.get(answers.size() - 1);
        }, Map.of());
        bench.connect("{\"a\":1,\"b\":1}", 1);
        bench.clock.advance(Deliveries.PATIENCE.minusMillis(1));
        assertEquals(List.of("a=1@1"), given());
        bench.clock.advance(Duration.ofMillis(1));
        assertEquals(List.of("b=1@1"), given());
        assertEquals(List.of(Kind.LATE), bench.conditions.stream().map(Condition::kind).toList());
        answers.get(0).complete(DesiredResult.applied());
        Frame late = bench.next("patch");
        assertTrue(late.payload().text().startsWith("{\"a\":"), "late, but nothing newer was given: " + late.payload().text());
        bench.answer(late, 204);
        bench.patch("{\"b\":2}", 2);
        bench.clock.advance(Deliveries.PATIENCE);
        assertEquals(List.of("b=2@2"), given());
        answers.get(1).complete(DesiredResult.applied());
        assertTrue(bench.sent.isEmpty(), "an answer to what was replaced meanwhile is no news");
        answers.get(2).complete(DesiredResult.applied());
        assertEquals("{\"b\":{\"value\":2,\"ac\":200,\"av\":2}}", bench.next("patch").payload().text());
    }

    @Test
    void aHandlerThatBlocksKeepsItsDeviceOnly() throws Exception {
        ExecutorService workers = Executors.newFixedThreadPool(2);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        try {
            Bench own = new Bench(workers);
            own.add(desired -> {
                note(desired);
                entered.countDown();
                gate.await();
                return completedFuture(DesiredResult.applied());
            }, Map.of());
            own.connect("{\"a\":1,\"b\":1}", 1);
            entered.await();
            own.clock.advance(Deliveries.PATIENCE);
            assertEquals(1, own.conditions.size());
            assertEquals(1, given.size(), "its thread is still in there");
            gate.countDown();
            Await.until("the next is given", () -> given.size() == 2);
        } finally {
            gate.countDown();
            workers.shutdownNow();
        }
    }

    // A handler that reports and waits for it must not wait for its own thread.
    @Test
    void aHandlerMayWaitForWhatItReports() {
        ExecutorService workers = Executors.newSingleThreadExecutor();
        CountDownLatch reporting = new CountDownLatch(1);
        try {
            Bench own = new Bench(workers);
            own.add(desired -> {
                CompletionStage<Void> report = own.twin.report(Optional.empty(), Values.of("r", 1));
                reporting.countDown();
                Await.result(report);
                return completedFuture(DesiredResult.applied());
            }, Map.of());
            own.connect("{\"a\":1}", 1);
            Await.until("the handler reports", () -> reporting.getCount() == 0 && own.sent.stream().anyMatch(frame -> frame.topic().startsWith("patch")));
            own.answer(own.next("patch"), 204);
            Await.until("its answer is reported", () -> !own.sent.isEmpty());
        } finally {
            workers.shutdownNow();
        }
    }

    @Test
    void theMostExactHandlerIsChosen() {
        Map<String, Map<String, Object>> offers = Map.of(
                "any", Map.of(),
                "type", Map.of("pantograph.device.type", "thermostat"),
                "name", Map.of("pantograph.device.name", "t-1"),
                "no component", Map.of("pantograph.component", ""),
                "component", Map.of("pantograph.component", List.of("c")),
                "property", Map.of("pantograph.property", "p"),
                "other type", Map.of("pantograph.property", "x", "pantograph.device.type", "valve"));
        offers.forEach((name, properties) -> bench.add(desired -> {
            given.add(name);
            return completedFuture(DesiredResult.applied());
        }, properties));
        bench.connect("{\"p\":1,\"x\":1,\"c\":{\"__c\":true,\"x\":1},\"d\":{\"__c\":true,\"x\":1}}", 1);
        assertEquals(List.of("property", "no component", "component", "name"), given());
    }

    @Test
    void nothingIsGivenAfterTheEnd() {
        CompletableFuture<DesiredResult> answer = new CompletableFuture<>();
        bench.add(desired -> {
            note(desired);
            return answer;
        }, Map.of());
        bench.connect("{\"a\":1,\"b\":1}", 1);
        bench.twin.close();
        bench.sent.clear();
        answer.complete(DesiredResult.applied());
        bench.patch("{\"a\":2}", 2);
        assertEquals(List.of("a=1@1"), given());
        assertTrue(bench.sent.isEmpty());
    }

    // Azure's 202 means that another answer follows.
    @Test
    void whatBecameOfAValueIsToldLater() {
        List<Desired> desired = new ArrayList<>();
        bench.add(one -> {
            desired.add(one);
            return completedFuture(new DesiredResult(202, Optional.empty(), Optional.empty()));
        }, Map.of());
        bench.connect("{\"a\":1}", 4);
        Frame first = bench.next("patch");
        assertTrue(first.payload().text().contains("\"ac\":202"), first.payload().text());
        bench.answer(first, 204);

        CompletionStage<Void> told = bench.twin.became(desired.get(0), DesiredResult.applied("there"));
        Frame then = bench.next("patch");
        assertEquals("{\"a\":{\"value\":1,\"ac\":200,\"av\":4,\"ad\":\"there\"}}", then.payload().text());
        bench.answer(then, 204);
        Await.result(told);

        bench.patch("{\"a\":2}", 5);
        bench.answer(bench.next("patch"), 204);
        Await.result(bench.twin.became(desired.get(0), DesiredResult.applied("too late")));
        assertEquals(0, bench.sent.size(), "the value that replaced it is not there yet");
    }
}
