package io.pantograph.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.operator.Change;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.RefusedException;
import io.pantograph.api.operator.Release;
import io.pantograph.api.operator.State;
import io.pantograph.api.operator.Trial;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineTest {

    private static final Trial BY_HAND = new Trial(0, Optional.empty(), 0, OptionalLong.empty(), 0, 0, Optional.empty(), true);
    private static final Trial SHADOW = new Trial(10, Optional.empty(), 0, OptionalLong.empty(), 0, 0, Optional.empty(), false);

    @TempDir
    Path folder;

    private final ManualClock clock = new ManualClock();
    private final List<Deployment> told = new ArrayList<>();
    private boolean closing;
    private Workshop workshop;
    private Journal journal;
    private Engine engine;

    @BeforeEach
    void open() throws IOException {
        workshop = new Workshop();
        journal = new Journal(folder);
        workshop.journal = journal;
        engine = new Engine(new House(clock.scheduler(), new Direct(), clock, journal, workshop, workshop, workshop, told::add, () -> closing));
    }

    @AfterEach
    void close() throws IOException {
        journal.close();
    }

    private static Change to(String name, String version) {
        return new Change.Install(Optional.of(name), Optional.of(version), new Change.Jar.Kept(Workshop.sha256(name, version)));
    }

    private Deployment deploy(Trial trial, Optional<Duration> deadline, Change... changes) {
        Deployment one = engine.deploy(new Release("shell", List.of(changes), trial, deadline));
        pass(Duration.ZERO);
        return now(one);
    }

    private Deployment deploy(Change... changes) {
        return deploy(Trial.USUAL, Optional.empty(), changes);
    }

    private void pass(Duration time) {
        clock.advance(time);
    }

    private Deployment now(Deployment one) {
        return engine.deployment(one.id()).orElseThrow();
    }

    private void judge(String title, boolean passed, String reason) {
        workshop.judge(title, passed, reason);
        pass(Duration.ZERO);
    }

    private void prove(String name, String version) {
        Deployment one = deploy(to(name, version));
        judge(name + ' ' + version, true, "");
        assertEquals(State.PROVEN, now(one).state());
    }

    private String set() {
        List<String> all = new ArrayList<>();
        journal.set().values().forEach(one -> all.add(one.title() + one.lastGood().map(kept -> " before " + kept.version()).orElse("")));
        return String.join(", ", all);
    }

    private interface Question {
        Deployment ask() throws RefusedException;
    }

    /** Asks on another thread, since the answer comes on the thread of the steps, which is this one here. */
    private Deployment ask(Question question) {
        CompletableFuture<Deployment> answer = CompletableFuture.supplyAsync(() -> {
            try {
                return question.ask();
            } catch (RefusedException e) {
                throw new CompletionException(e);
            }
        });
        Await.until("an answer", () -> {
            pass(Duration.ZERO);
            return answer.isDone();
        });
        pass(Duration.ZERO);
        return answer.join();
    }

    private String refusal(Question question) {
        try {
            return "not refused: " + ask(question);
        } catch (CompletionException e) {
            return e.getCause().getMessage();
        }
    }

    @Test
    void saysFromTheFirstWordOnHowManyCallsItTakes() {
        deploy(to("a", "1.0.0"));
        Deployment first = told.stream().filter(one -> one.state() == State.PROBATION).findFirst().orElseThrow();
        assertEquals(7, first.parts().get(0).evidence().wanted());
    }

    // Somebody promotes what has failed at that moment, of which nobody was told yet.
    @Test
    void whatFailsAtTheLastMomentIsNotProven() {
        prove("a", "1.0.0");
        prove("b", "1.0.0");
        Deployment both = deploy(BY_HAND, Optional.empty(), to("b", "2.0.0"), to("a", "2.0.0"));
        workshop.refused.add("commit a 2.0.0");
        ask(() -> engine.promote(both.id(), "rest"));
        assertEquals(State.ROLLED_BACK, now(both).state());
        assertEquals("a 2.0.0 has failed just now", now(both).reason());
        assertEquals("a 1.0.0, b 1.0.0", set());
        assertTrue(workshop.done.contains("withdraw b 2.0.0"), workshop.done.toString());
        assertFalse(workshop.done.contains("settle b 2.0.0"), workshop.done.toString());
    }

    @Test
    void aJarThatTakesTheMemoryEndsItsRelease() {
        Deployment bomb = deploy(to("bomb", "1.0.0"));
        assertEquals(State.REFUSED, bomb.state());
        assertTrue(bomb.reason().contains("OutOfMemoryError"), bomb.reason());
    }

    @Test
    void aPlanBearsWhatCannotBeRead() {
        assertEquals(List.of("its jars could not be taken in: java.lang.IllegalArgumentException: as odd as that"),
                engine.plan(new Release("rest", List.of(to("odd", "1.0.0")), Trial.USUAL, Optional.empty())).refusals());
    }

    @Test
    void takesNoMoreThanItCanLookAfter() {
        Deployment first = deploy(to("a0", "1.0.0"));
        for (int i = 1; i < Engine.MOST; i++) {
            assertEquals(State.PROBATION, deploy(to("a" + i, "1.0.0")).state());
        }
        Deployment tooMuch = deploy(to("b", "1.0.0"));
        assertEquals(State.REFUSED, tooMuch.state());
        assertTrue(tooMuch.reason().startsWith("100 releases are on their way already; wait"), tooMuch.reason());
        judge("a0 1.0.0", true, "");
        assertEquals(State.PROVEN, now(first).state());
        assertEquals(State.PROBATION, deploy(to("b", "1.0.0")).state());
    }

    @Test
    void takesAReleaseThroughItsSteps() {
        Deployment one = deploy(to("a", "1.0.0"));
        assertEquals(State.PROBATION, one.state());
        assertEquals("", set());
        judge("a 1.0.0", true, "");
        assertEquals(State.PROVEN, now(one).state());
        assertEquals(State.PROVEN, now(one).parts().get(0).state());
        assertEquals("a 1.0.0", set());
        assertEquals(List.of("place a 1.0.0", "verify a 1.0.0", "serve a 1.0.0", "settle a 1.0.0"), workshop.done);
        assertEquals(List.of(State.STAGED, State.STAGED, State.VERIFIED, State.PROBATION, State.PROVEN),
                told.stream().map(Deployment::state).toList());
        prove("a", "1.1.0");
        assertEquals("a 1.1.0 before 1.0.0", set());
        assertEquals("a", engine.bundles().get(0).name());
    }

    @Test
    void aLaterOneTakesAnEarlierOneBackFirst() {
        Deployment first = deploy(to("a", "1.0.0"), to("b", "1.0.0"));
        Deployment second = deploy(to("b", "2.0.0"));
        assertEquals(State.ROLLED_BACK, now(first).state());
        assertEquals("superseded by d-2", now(first).reason());
        assertTrue(workshop.done.indexOf("withdraw a 1.0.0") < workshop.done.indexOf("place b 2.0.0"), workshop.done.toString());
        assertEquals(State.PROBATION, now(second).state());
        judge("a 1.0.0", true, ""); // too late
        judge("b 2.0.0", true, "");
        assertEquals("b 2.0.0", set());
    }

    @Test
    void fiveWithinASecondEndInTheLast() {
        List<Deployment> all = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            all.add(engine.deploy(new Release("twin", List.of(to("a", i + ".0.0")), Trial.USUAL, Optional.empty())));
            pass(i % 2 == 0 ? Duration.ofMillis(100) : Duration.ZERO);
        }
        pass(Duration.ZERO);
        judge("a 5.0.0", true, "");
        assertEquals("a 5.0.0", set());
        assertEquals(List.of(State.ROLLED_BACK, State.ROLLED_BACK, State.ROLLED_BACK, State.ROLLED_BACK, State.PROVEN),
                all.stream().map(one -> now(one).state()).toList());
        List<String> there = new ArrayList<>();
        workshop.done.forEach(step -> {
            if (step.startsWith("place")) {
                there.add(step.substring(6));
            } else if (step.startsWith("withdraw")) {
                there.remove(step.substring(9));
            }
        });
        assertEquals(List.of("a 5.0.0"), there);
    }

    // A hub tells the desired state again after every reconnect.
    @Test
    void theSameAgainIsTheOneOnItsWay() {
        Deployment first = deploy(to("a", "1.0.0"));
        assertEquals(first.id(), deploy(to("a", "1.0.0")).id());
        assertEquals(State.PROBATION, now(first).state());
        // But not if another one has come in between.
        engine.deploy(new Release("shell", List.of(to("a", "2.0.0")), Trial.USUAL, Optional.empty()));
        Deployment again = deploy(to("a", "1.0.0"));
        assertEquals("d-3", again.id());
        assertEquals(State.PROBATION, again.state());
        assertEquals(2, engine.deployments().stream().filter(one -> one.state() == State.ROLLED_BACK).count());
    }

    @Test
    void othersGoOnSideBySide() {
        Deployment first = deploy(to("a", "1.0.0"));
        Deployment second = deploy(to("b", "1.0.0"));
        judge("b 1.0.0", true, "");
        assertEquals(State.PROVEN, now(second).state());
        assertEquals(State.PROBATION, now(first).state());
        judge("a 1.0.0", true, "");
        assertEquals("a 1.0.0, b 1.0.0", set());
    }

    // One of two that fails its probation takes the other with it, which had passed.
    @Test
    void allOrNothing() {
        prove("a", "1.0.0");
        prove("b", "1.0.0");
        workshop.done.clear();
        Deployment both = deploy(to("a", "2.0.0"), to("b", "2.0.0"));
        judge("a 2.0.0", true, "");
        assertEquals(State.PROBATION, now(both).state());
        judge("b 2.0.0", false, "3 of 5 calls failed");
        assertEquals(State.ROLLED_BACK, now(both).state());
        assertEquals("b 2.0.0: 3 of 5 calls failed", now(both).reason());
        assertEquals("a 1.0.0, b 1.0.0", set());
        assertEquals(List.of("place a 2.0.0", "verify a 2.0.0", "place b 2.0.0", "verify b 2.0.0", "serve a 2.0.0", "serve b 2.0.0",
                "withdraw b 2.0.0", "withdraw a 2.0.0"), workshop.done);
    }

    @Test
    void noneServesBeforeAllAreVerified() {
        workshop.refused.add("verify b 1.0.0");
        Deployment both = deploy(to("a", "1.0.0"), to("b", "1.0.0"));
        assertEquals(State.REFUSED, both.state());
        assertEquals("b 1.0.0 did not like verify", both.reason());
        assertFalse(workshop.done.contains("serve a 1.0.0"), workshop.done.toString());
        assertTrue(workshop.done.contains("withdraw a 1.0.0"), workshop.done.toString());
    }

    // It served, or might have: that is told apart from one that never did.
    @Test
    void whatFailsWhenItIsToServeIsRolledBack() {
        workshop.refused.add("serve b 1.0.0");
        Deployment both = deploy(to("a", "1.0.0"), to("b", "1.0.0"));
        assertEquals(State.ROLLED_BACK, both.state());
        assertTrue(workshop.done.contains("withdraw a 1.0.0"), workshop.done.toString());
    }

    @Test
    void whatThePlanRefusesDisturbsNobody() {
        Deployment first = deploy(to("a", "1.0.0"));
        workshop.against = "a 2.0.0 needs what is not there; bring it along";
        Deployment second = deploy(to("a", "2.0.0"));
        assertEquals(State.REFUSED, second.state());
        assertEquals("a 2.0.0 needs what is not there; bring it along", second.reason());
        assertEquals(State.PROBATION, now(first).state());
        assertFalse(workshop.done.contains("place a 2.0.0"), workshop.done.toString());
    }

    @Test
    void shadowComesFirstIfItIsWanted() {
        Deployment one = deploy(SHADOW, Optional.empty(), to("a", "1.0.0"));
        assertEquals(State.SHADOW, one.state());
        judge("a 1.0.0", true, "");
        assertEquals(State.PROBATION, now(one).state());
        judge("a 1.0.0", true, "");
        assertEquals(State.PROVEN, now(one).state());
        Deployment two = deploy(SHADOW, Optional.empty(), to("a", "2.0.0"));
        judge("a 2.0.0", false, "5 of 10 came out differently");
        assertEquals(State.ROLLED_BACK, now(two).state());
        assertFalse(workshop.done.contains("serve a 2.0.0"), workshop.done.toString());
    }

    @Test
    void aDeadlineTakesBackWhatIsLate() {
        Deployment shadow = deploy(SHADOW, Optional.empty(), to("a", "1.0.0"));
        Deployment patient = deploy(to("b", "1.0.0"));
        Deployment hurried = deploy(Trial.USUAL, Optional.of(Duration.ofSeconds(20)), to("c", "1.0.0"));
        pass(Duration.ofSeconds(21));
        assertEquals(State.ROLLED_BACK, now(hurried).state());
        assertEquals("it had not come to its end within 20 s", now(hurried).reason());
        assertEquals(State.SHADOW, now(shadow).state());
        pass(Duration.ofMinutes(15));
        assertEquals(State.ROLLED_BACK, now(shadow).state());
        // On a quiet gateway a trial takes long.
        pass(Duration.ofDays(30));
        assertEquals(State.PROBATION, now(patient).state());
    }

    // From its first moment to the last, also in the one in which it ends.
    @Test
    void isKnownThroughout() throws Exception {
        workshop.against = "it is broken";
        AtomicReference<String> latest = new AtomicReference<>();
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Long> looking = CompletableFuture.supplyAsync(() -> {
            long missed = 0;
            while (!over.get()) {
                String id = latest.get();
                missed += id == null || engine.deployment(id).isPresent() ? 0 : 1;
            }
            return missed;
        });
        for (int i = 0; i < 2_000; i++) {
            Deployment one = engine.deploy(new Release("shell", List.of(to("a", "1.0.0")), Trial.USUAL, Optional.empty()));
            latest.set(one.id());
            pass(Duration.ZERO);
            assertTrue(now(one).state().isEnd());
        }
        over.set(true);
        assertEquals(0, Await.result(looking));
    }

    @Test
    void isPromotedByHand() {
        Deployment one = deploy(BY_HAND, Optional.empty(), to("a", "1.0.0"));
        judge("a 1.0.0", true, "");
        assertEquals(State.PROBATION, now(one).state());
        assertEquals(State.PROVEN, ask(() -> engine.promote("a", "rest")).state());
        assertEquals("a 1.0.0", set());
        assertTrue(refusal(() -> engine.promote("a", "rest")).contains("no deployment and no bundle 'a' that is on trial; deployed are a"),
                refusal(() -> engine.promote("a", "rest")));
        Deployment two = deploy(SHADOW, Optional.empty(), to("a", "2.0.0"));
        assertEquals(State.PROVEN, ask(() -> engine.promote(two.id(), "rest")).state());
        assertEquals("a 2.0.0 before 1.0.0", set());
    }

    @Test
    void isTakenBackByHand() {
        Deployment one = deploy(to("a", "1.0.0"));
        ask(() -> engine.rollback("a", "shell", "it looks odd"));
        assertEquals(State.ROLLED_BACK, now(one).state());
        assertEquals("taken back by shell: it looks odd", now(one).reason());
        assertEquals("", set());
    }

    @Test
    void goesBackToWhatWasProvenBefore() {
        prove("a", "1.0.0");
        assertTrue(refusal(() -> engine.rollback("a", "shell", "")).contains("a 1.0.0 has no version before it to go back to; to take it out, remove it"));
        prove("a", "2.0.0");
        Deployment back = ask(() -> engine.rollback("a", "shell", "it looks odd"));
        assertEquals(State.PROVEN, now(back).state());
        assertEquals("a 1.0.0", set());
        assertTrue(refusal(() -> engine.rollback("b", "shell", "")).startsWith("there is no deployment and no bundle 'b' that is deployed"));
    }

    @Test
    void takesOut() {
        prove("a", "1.0.0");
        prove("b", "1.0.0");
        Deployment gone = deploy(new Change.Remove("a"));
        assertEquals(State.REMOVED, gone.state());
        assertEquals("b 1.0.0", set());
        // It goes only when what comes with it is proven.
        Deployment both = deploy(new Change.Remove("b"), to("c", "1.0.0"));
        assertEquals(State.PROBATION, both.state());
        assertEquals("b 1.0.0", set());
        judge("c 1.0.0", true, "");
        assertEquals(State.PROVEN, now(both).state());
        assertEquals(State.REMOVED, now(both).parts().get(0).state());
        assertEquals("c 1.0.0", set());
        assertEquals(State.REMOVED, deploy(new Change.Remove("nobody")).state());
    }

    @Test
    void whatIsHereAlreadyIsProven() {
        prove("a", "1.0.0");
        workshop.done.clear();
        Deployment again = deploy(to("a", "1.0.0"));
        assertEquals(State.PROVEN, again.state());
        assertEquals("there was nothing to do", again.history().get(1).said());
        assertEquals(List.of(), workshop.done);
        // To want what was there before takes back what is on its way.
        Deployment next = deploy(to("a", "2.0.0"));
        deploy(to("a", "1.0.0"));
        assertEquals(State.ROLLED_BACK, now(next).state());
        assertEquals("a 1.0.0", set());
    }

    // A full disk at the last moment: it is not proven if nobody would know it after a restart.
    @Test
    void whatCannotBeWrittenIsNotProven() throws IOException {
        Deployment one = deploy(to("a", "1.0.0"));
        journal.close();
        judge("a 1.0.0", true, "");
        assertEquals(State.ROLLED_BACK, now(one).state());
        assertTrue(workshop.done.contains("withdraw a 1.0.0"), workshop.done.toString());
        assertFalse(workshop.done.contains("settle a 1.0.0"), workshop.done.toString());
        assertEquals("", set());
    }

    // While the box goes down everything fails; that is no verdict on a release.
    @Test
    void whatFailsWhileTheBoxGoesDownIsLeftAsItIs() {
        Deployment one = deploy(to("a", "1.0.0"));
        closing = true;
        judge("a 1.0.0", false, "its bundle went");
        assertEquals(State.PROBATION, now(one).state());
        assertFalse(workshop.done.contains("withdraw a 1.0.0"), workshop.done.toString());
    }

    @Test
    void numbersGoOnAfterARestart() throws IOException {
        prove("a", "1.0.0");
        journal.close();
        told.clear();
        open();
        assertEquals("a 1.0.0", set());
        assertEquals("d-2", deploy(to("a", "2.0.0")).id());
        assertEquals(List.of("d-2", "d-1"), engine.deployments().stream().map(Deployment::id).toList());
    }

    /** Runs everything at once. */
    private static final class Direct extends AbstractExecutorService {

        @Override
        public void execute(Runnable command) {
            command.run();
        }

        @Override
        public void shutdown() {
        }

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }
}
