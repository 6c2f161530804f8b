package io.pantograph.twin;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeliveryException.Reason;
import io.pantograph.api.model.Values;
import io.pantograph.api.wire.Frame;
import io.pantograph.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportsTest {

    private final Bench bench = new Bench();

    @BeforeEach
    void speak() {
        bench.twin.speaks(Optional.of(bench.grammar));
    }

    private CompletionStage<Void> report(String patch) {
        return bench.twin.report(Optional.empty(), Bench.json(patch));
    }

    private static boolean done(CompletionStage<?> stage) {
        return stage.toCompletableFuture().isDone();
    }

    private static Reason reason(CompletionStage<?> stage) {
        return Await.failure(DeliveryException.class, stage).reason();
    }

    private Frame sent() {
        return bench.next("patch");
    }

    private void connect() {
        bench.connect("{}", 1);
    }

    @Test
    void oneWriteAtATimeAndTheRestMerged() {
        connect();
        CompletionStage<Void> first = report("{\"a\":1}");
        CompletionStage<Void> second = report("{\"a\":2,\"b\":{\"x\":1}}");
        CompletionStage<Void> third = report("{\"a\":3,\"b\":{\"y\":2},\"c\":null}");
        Frame one = sent();
        assertEquals("{\"a\":1}", one.payload().text());
        assertTrue(bench.sent.isEmpty());
        assertFalse(done(first));
        bench.answer(one, 204);
        Await.result(first);
        assertFalse(done(second));
        Frame two = sent();
        assertNotEquals(one.topic(), two.topic());
        assertEquals("{\"a\":3,\"b\":{\"x\":1,\"y\":2},\"c\":null}", two.payload().text());
        bench.answer(two, 204);
        Await.result(second);
        Await.result(third);
        assertTrue(bench.sent.isEmpty());
    }

    @Test
    void aThousandReportsBecomeOne() {
        List<CompletionStage<Void>> all = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            all.add(report("{\"p" + i % 10 + "\":" + i + "}"));
        }
        connect();
        Frame one = sent();
        assertEquals("{\"p0\":990,\"p1\":991,\"p2\":992,\"p3\":993,\"p4\":994,\"p5\":995,\"p6\":996,\"p7\":997,\"p8\":998,\"p9\":999}", one.payload().text());
        bench.answer(one, 204);
        all.forEach(Await::result);
        assertTrue(bench.sent.isEmpty());
    }

    @Test
    void whatIsTooLargeForOneBecomesSeveral() {
        Values whole = Values.EMPTY;
        List<CompletionStage<Void>> all = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            Values patch = Bench.json("{\"p" + i % 100 + "\":\"" + "x".repeat(20) + i + "\"}");
            whole = Merge.apply(whole, patch);
            all.add(bench.twin.report(Optional.empty(), patch));
        }
        connect();
        Values hub = Values.EMPTY;
        int writes = 0;
        while (!bench.sent.isEmpty()) {
            Frame write = sent();
            writes++;
            assertTrue(write.payload().length() <= bench.grammar.mostBytes);
            hub = Merge.apply(hub, Bench.json(write.payload().text()));
            bench.answer(write, 204);
        }
        all.forEach(Await::result);
        assertEquals(whole, hub);
        assertTrue(writes <= 10, writes + " writes");
    }

    // An object after null is more than both merged: the hub would keep what null deletes.
    @Test
    void whatCannotBeMergedGoesAfterIt() {
        CompletionStage<Void> first = report("{\"o\":null,\"a\":1}");
        report("{\"o\":{\"x\":1}}");
        CompletionStage<Void> third = report("{\"o\":{\"y\":2},\"a\":2}");
        connect();
        Frame one = sent();
        assertEquals("{\"o\":null}", one.payload().text());
        bench.answer(one, 204);
        assertFalse(done(first), "a newer value goes in its place, and is not there yet");
        Frame two = sent();
        assertEquals("{\"o\":{\"x\":1,\"y\":2},\"a\":2}", two.payload().text());
        bench.answer(two, 204);
        Await.result(first);
        Await.result(third);
    }

    @Test
    void changingOnesMindForLongNeedsNoMoreRoom() {
        for (int i = 0; i < 1000; i++) {
            report("{\"o\":null}");
            report("{\"o\":{\"x\":" + i + "}}");
        }
        connect();
        Frame one = sent();
        assertEquals("{\"o\":null}", one.payload().text());
        bench.answer(one, 204);
        assertEquals("{\"o\":{\"x\":999}}", sent().payload().text());
    }

    @Test
    void whatIsLeftUnansweredIsSentAgainUnderWhatIsNewer() {
        connect();
        CompletionStage<Void> first = report("{\"a\":1,\"b\":1}");
        CompletionStage<Void> second = report("{\"a\":2}");
        Frame lost = sent();
        bench.twin.disconnected();
        assertFalse(done(first));
        bench.connect();
        bench.next("get");
        Frame again = sent();
        assertEquals("{\"a\":2,\"b\":1}", again.payload().text());
        bench.answer(lost, 204);
        assertFalse(done(first), "that is over");
        bench.answer(again, 204);
        Await.result(first);
        Await.result(second);
    }

    @Test
    void aWriteUnansweredOnALivingConnectionIsSentAgain() {
        connect();
        CompletionStage<Void> first = report("{\"a\":1}");
        sent();
        report("{\"b\":1}");
        bench.clock.advance(Reports.PATIENCE);
        Frame again = sent();
        assertEquals("{\"a\":1,\"b\":1}", again.payload().text());
        bench.answer(again, 204);
        Await.result(first);
        bench.clock.advance(Duration.ofMinutes(5));
        assertTrue(bench.sent.isEmpty());
    }

    @Test
    void aWriteThatCannotBeSentIsTriedAgain() {
        connect();
        bench.sending = CompletableFuture.failedFuture(new IllegalStateException("planted"));
        CompletionStage<Void> first = report("{\"a\":1}");
        sent();
        assertTrue(bench.sent.isEmpty());
        bench.sending = completedFuture(null);
        bench.clock.advance(Duration.ofSeconds(1));
        bench.answer(sent(), 204);
        Await.result(first);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 503})
    void aBusyHubIsAskedAgainWithPauses(int status) {
        connect();
        CompletionStage<Void> first = report("{\"a\":1}");
        for (int i = 0; i < 8; i++) {
            bench.answer(sent(), status);
            long most = Math.min(60_000, 1000L << i);
            report("{\"a\":" + (i + 2) + "}");
            bench.clock.advance(Duration.ofMillis(most / 2 - 1));
            assertTrue(bench.sent.isEmpty(), "after " + (i + 1) + " refusals");
            for (long past = 0; bench.sent.isEmpty() && past <= most / 2 + 1; past += 50) {
                bench.clock.advance(Duration.ofMillis(50));
            }
        }
        Frame last = sent();
        assertEquals("{\"a\":9}", last.payload().text());
        bench.answer(last, 204);
        Await.result(first);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 413})
    void whatTheHubRefusesIsDropped(int status) {
        connect();
        CompletionStage<Void> first = report("{\"a\":1}");
        CompletionStage<Void> second = report("{\"b\":1}");
        bench.answer(sent(), status);
        DeliveryException why = Await.failure(DeliveryException.class, first);
        assertEquals(Reason.REFUSED, why.reason());
        assertTrue(why.getMessage().contains(String.valueOf(status)), why::getMessage);
        Frame next = sent();
        assertEquals("{\"b\":1}", next.payload().text());
        bench.answer(next, 204);
        Await.result(second);
    }

    @Test
    void whatNoCloudWouldTakeIsRefusedAtOnce() {
        assertEquals(Reason.TOO_LARGE, reason(report("{\"a\":\"" + "x".repeat(500) + "\"}")));
        assertEquals(Reason.NOT_ENCODABLE, reason(bench.twin.report(Optional.empty(), Values.of("a", "\0"))));
        bench.codecThere = false;
        assertEquals(Reason.NO_CODEC, reason(report("{\"a\":1}")));
        bench.codecThere = true;
        Await.result(report("{}"));
        assertThrows(IllegalArgumentException.class, () -> bench.twin.outcome("c", new Object()));
        connect();
        assertTrue(bench.sent.isEmpty());
    }

    @Test
    void waitingIsBounded() {
        List<CompletionStage<Void>> all = new ArrayList<>();
        for (int i = 0; i < KeptTwin.MOST_REPORTS; i++) {
            all.add(report("{\"a\":" + i + "}"));
        }
        assertEquals(Reason.OVERFLOW, reason(report("{\"a\":-1}")));
        connect();
        Frame one = sent();
        assertEquals("{\"a\":9999}", one.payload().text());
        bench.answer(one, 204);
        all.forEach(Await::result);
        assertFalse(done(report("{\"a\":-1}")), "there is room again");
    }

    @Test
    void whatWaitsIsBoundedInBytesToo() {
        String text = "x".repeat(400);
        for (int i = 0; i < Reports.MOST_PATCHES; i++) {
            assertFalse(done(report("{\"p" + i + "\":\"" + text + "\"}")));
        }
        assertEquals(Reason.OVERFLOW, reason(report("{\"other\":\"" + text + "\"}")));
        assertFalse(done(report("{\"p" + (Reports.MOST_PATCHES - 1) + "\":\"y\"}")), "what only replaces is taken");
    }

    @Test
    void whatIsReportedBeforeTheCloudIsKnownWaits() {
        Bench own = new Bench();
        CompletionStage<Void> plain = own.twin.report(Optional.empty(), Bench.json("{\"a\":1}"));
        CompletionStage<Void> component = own.twin.report(Optional.of("c"), Bench.json("{\"p\":1}"));
        CompletionStage<Void> outcome = own.twin.outcome("run", "fine");
        assertFalse(done(plain));
        own.connect("{}", 1);
        Frame one = own.next("patch");
        assertEquals("{\"a\":1,\"c\":{\"__c\":true,\"p\":1},\"run\":{\"value\":\"fine\"}}", one.payload().text());
        own.answer(one, 204);
        Await.result(plain);
        Await.result(component);
        Await.result(outcome);
    }

    @Test
    void aCloudWithoutTwinsSaysSo() {
        Bench own = new Bench();
        CompletionStage<Void> early = own.twin.report(Optional.empty(), Bench.json("{\"a\":1}"));
        own.twin.speaks(Optional.empty());
        assertEquals(Reason.UNSUPPORTED, reason(early));
        assertEquals(Reason.UNSUPPORTED, reason(own.twin.outcome("c", 1)));
        own.twin.speaks(Optional.of(own.grammar));
        assertFalse(done(own.twin.report(Optional.empty(), Bench.json("{\"a\":1}"))), "it has another configuration now");
    }

    @Test
    void whatWaitsForAConfigurationIsBounded() {
        Bench own = new Bench();
        Values large = Values.of("a", "x".repeat(100_000));
        CompletionStage<Void> first = own.twin.report(Optional.empty(), large);
        for (int i = 1; i < 10; i++) {
            assertFalse(done(own.twin.report(Optional.empty(), large)));
        }
        assertEquals(Reason.OVERFLOW, reason(own.twin.report(Optional.empty(), large)));
        own.twin.speaks(Optional.of(own.grammar));
        assertEquals(Reason.TOO_LARGE, reason(first));
    }

    @Test
    void theEndFailsWhatIsLeft() {
        Bench own = new Bench();
        CompletionStage<Void> early = own.twin.report(Optional.empty(), Bench.json("{\"a\":1}"));
        own.twin.close();
        assertEquals(Reason.CLOSED, reason(early));
        connect();
        CompletionStage<Void> underWay = report("{\"a\":1}");
        CompletionStage<Void> waiting = report("{\"a\":2}");
        bench.twin.close();
        assertEquals(Reason.CLOSED, reason(underWay));
        assertEquals(Reason.CLOSED, reason(waiting));
        assertEquals(Reason.CLOSED, reason(report("{\"a\":3}")));
        bench.twin.close();
        assertEquals(0, bench.clock.waiting(), "no timer is left");
    }
}
