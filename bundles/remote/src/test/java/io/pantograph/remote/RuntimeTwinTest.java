package io.pantograph.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.model.Values;
import io.pantograph.api.operator.Change;
import io.pantograph.api.operator.Evidence;
import io.pantograph.api.operator.State;
import io.pantograph.api.twin.Desired;
import io.pantograph.api.twin.DesiredResult;
import io.pantograph.api.twin.Twin;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.ManualClock;
import io.pantograph.testkit.PretendDeployments;
import io.pantograph.testkit.PretendDevice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimeTwinTest {

    private static final String ONE = "1".repeat(64);
    private static final String TWO = "2".repeat(64);
    private static final String CODEC = "org:example:codec";

    @TempDir
    Path home;
    private final ManualClock clock = new ManualClock();
    private final PretendDeployments deployments = new PretendDeployments();
    private PretendDevice device;
    private RuntimeTwin twin;
    private long version;

    private void start(Values desired, Values reported) {
        device = new PretendDevice("gateway", "g-1").with(new Twin(desired, version, reported, 1));
        twin = new RuntimeTwin(device, deployments, new Memory(home), clock.scheduler());
        twin.begin();
        settle();
    }

    private void start() {
        start(Values.EMPTY, Values.EMPTY);
        deployments.listener(deployment -> twin.changed(deployment));
    }

    private void settle() {
        clock.advance(Duration.ofSeconds(2));
    }

    private DesiredResult wants(Object bundles) {
        DesiredResult result = Await.result(twin.bundles(new Desired(device.id(), Optional.empty(), "bundles", bundles, ++version)));
        clock.advance(Duration.ZERO);
        return result;
    }

    private static Values codec(String version, String sha256) {
        return Values.of(CODEC, Values.of("version", version, "url", "https://hub/artifacts/" + sha256, "sha256", sha256));
    }

    private DesiredResult became() {
        return device.results().remove(device.results().size() - 1);
    }

    /** What the twin has of it, all reports merged. */
    private Values reported(String key) {
        Values last = null;
        for (Values report : device.reported()) {
            if (report.values("bundles").containsKey(key)) {
                last = (Values) report.values("bundles").get(key);
            }
        }
        return last;
    }

    @Test
    void makesWhatIsDesiredSo() {
        start();
        assertEquals(202, wants(codec("1.0.0", ONE)).status());
        assertEquals(0, deployments.releases().size(), "what is said at once may belong together");
        settle();
        Change.Install install = (Change.Install) deployments.releases().get(0).changes().get(0);
        assertEquals(Optional.of("org.example.codec"), install.name());
        assertEquals("twin", deployments.releases().get(0).door());
        assertEquals(202, became().status());
        assertEquals("staged", reported(CODEC).text("state"));

        deployments.become("d-1", State.PROBATION, "", new Evidence(3, 0, 20, 1000, 0, 0, Duration.ZERO, Duration.ofNanos(54_321), 0, 0, List.of()));
        settle();
        assertEquals("probation", reported(CODEC).text("state"));
        assertEquals("{calls=20, wanted=1000, errors=0, p99-us=54, compared=0, different=0}", reported(CODEC).values("evidence").toString());
        assertTrue(device.results().isEmpty(), "under way is told once");

        deployments.become("d-1", State.PROVEN, "");
        settle();
        assertEquals("proven", reported(CODEC).text("state"));
        assertEquals(ONE, reported(CODEC).text("sha256"));
        DesiredResult done = became();
        assertEquals(200, done.status());
        assertEquals(Values.of(CODEC, "1.0.0"), done.value().orElseThrow().data());
    }

    // All that is desired comes again after every start.
    @Test
    void nothingIsDeployedTwice() {
        start();
        wants(codec("1.0.0", ONE));
        settle();
        deployments.become("d-1", State.PROVEN, "");
        settle();
        start(Values.of("bundles", codec("1.0.0", ONE)), Values.EMPTY);
        wants(codec("1.0.0", ONE));
        settle();
        assertEquals(200, became().status());
        assertEquals(1, deployments.releases().size());
    }

    @Test
    void whatWasTakenBackIsTriedAgainWhenTheDocumentChanges() {
        start();
        wants(codec("1.0.0", ONE));
        settle();
        deployments.become("d-1", State.PROVEN, "");
        wants(codec("1.1.0", TWO));
        settle();
        deployments.become("d-2", State.PROBATION, "");
        deployments.become("d-2", State.ROLLED_BACK, "20 of 100 calls failed");
        settle();
        DesiredResult failed = became();
        assertEquals(500, failed.status());
        assertEquals("d-2 rolled back: 20 of 100 calls failed", failed.note().orElseThrow());
        assertEquals("rolled back", reported(CODEC).text("state"));
        assertEquals("1.1.0", reported(CODEC).text("version"));
        assertEquals("1.0.0", reported(CODEC).text("serving"));
        assertEquals("20 of 100 calls failed", reported(CODEC).text("reason"));

        start(Values.of("bundles", codec("1.1.0", TWO)), Values.EMPTY);
        wants(codec("1.1.0", TWO));
        settle();
        assertEquals(2, deployments.releases().size(), "not for a restart");
        assertEquals(500, became().status());
        assertEquals("rolled back", reported(CODEC).text("state"), "and that is what is told again");

        Await.result(twin.deployment(new Desired(device.id(), Optional.empty(), "deployment", Values.of("trial", Values.of("calls", 5)), ++version)));
        settle();
        assertEquals(OptionalLong.of(5), deployments.releases().get(2).trial().calls());
    }

    @Test
    void whatIsDesiredNoLongerGoesIfThisDoorBroughtIt() {
        deployments.has("org.example.dropped", "1.0.0", ONE, "drop");
        start();
        wants(codec("1.0.0", TWO));
        settle();
        deployments.become("d-1", State.PROVEN, "");
        settle();
        assertEquals("proven", reported("org:example:dropped").text("state"), "all that is here is told");

        wants(Values.EMPTY);
        settle();
        assertEquals(List.of(new Change.Remove("org.example.codec")), deployments.releases().get(1).changes());
        deployments.become("d-2", State.REMOVED, "");
        settle();
        assertNull(reported(CODEC), "deleted");
        assertEquals(200, became().status());
    }

    // Nobody is told of a property that was deleted while the gateway was off.
    @Test
    void whatWasDeletedMeanwhileGoes() {
        start();
        wants(codec("1.0.0", ONE));
        settle();
        deployments.become("d-1", State.PROVEN, "");
        start(Values.of("interval", 3), Values.EMPTY);
        assertEquals(List.of(new Change.Remove("org.example.codec")), deployments.releases().get(1).changes());
    }

    @Test
    void reportsOfEarlierTimesAreTakenOut() {
        start(Values.EMPTY, Values.of("bundles", Values.builder().put("old:one", Values.of("state", "proven"))
                .put("value", Values.of("old:one", "1.0.0")).put("ac", 200).build()));
        assertEquals(1, device.reported().size());
        assertEquals(Values.of("bundles", Values.of("old:one", null)), device.reported().get(0));
        wants(codec("1.0.0", ONE));
        settle();
        assertEquals(Values.of("old:one", null), became().value().orElseThrow().data());
    }

    @Test
    void theLastOfManyWishesCounts() {
        start();
        wants(codec("1.0.0", ONE));
        settle();
        for (int i = 0; i < 5; i++) {
            wants(codec("1." + i, String.valueOf(i).repeat(64)));
        }
        settle();
        assertEquals(2, deployments.releases().size());
        assertEquals(State.ROLLED_BACK, deployments.deployment("d-1").orElseThrow().state());
        assertEquals(Optional.of("1.4"), ((Change.Install) deployments.releases().get(1).changes().get(0)).version());
        DesiredResult told = became();
        assertEquals("under way as d-2", told.note().orElseThrow());
    }

    @Test
    void theTrialBesideTheBundlesHoldsBeItToldAfterThem() {
        start();
        wants(codec("1.0.0", ONE));
        assertEquals(200, Await.result(twin.deployment(new Desired(device.id(), Optional.empty(), "deployment",
                Values.of("trial", Values.of("calls", 7), "deadline-s", 60), version))).status());
        settle();
        assertEquals(1, deployments.releases().size());
        assertEquals(OptionalLong.of(7), deployments.releases().get(0).trial().calls());
        assertEquals(Optional.of(Duration.ofMinutes(1)), deployments.releases().get(0).deadline());
    }

    @Test
    void aWrongDocumentChangesNothing() {
        start();
        DesiredResult wrong = wants(Values.of("a b", Values.of("sha256", ONE)));
        assertEquals(400, wrong.status());
        assertEquals("'a b' is no Bundle-SymbolicName; it is written as in org.example.codec", wrong.note().orElseThrow());
        assertEquals(400, wants(Values.of("org.example", Values.of("sha256", ONE), "org:example", Values.of("sha256", ONE))).status());
        assertEquals(400, wants(Values.of("value", Values.of("sha256", ONE))).status());
        assertEquals(400, wants("latest").status());
        assertEquals(400, Await.result(twin.deployment(new Desired(device.id(), Optional.empty(), "deployment", Values.of("trail", 1), 1))).status());
        settle();
        assertTrue(deployments.releases().isEmpty());
        assertTrue(device.results().isEmpty());
    }

    @Test
    void reportsAtMostOnceASecond() {
        start();
        wants(codec("1.0.0", ONE));
        settle();
        int before = device.reported().size();
        for (int i = 0; i < 10; i++) {
            deployments.become("d-1", State.PROBATION, "", new Evidence(0, 0, i, 100, 0, 0, Duration.ZERO, Duration.ZERO, 0, 0, List.of()));
            clock.advance(Duration.ofMillis(100));
        }
        settle();
        assertEquals(2, device.reported().size() - before);
        assertEquals(9L, reported(CODEC).values("evidence").integer("calls"));
    }

    @Test
    void aRefusedDocumentSaysWhy() {
        start();
        deployments.refusing("it exports packages; export none");
        wants(codec("1.0.0", ONE));
        settle();
        DesiredResult told = became();
        assertEquals(400, told.status());
        assertEquals("d-1 refused: it exports packages; export none", told.note().orElseThrow());
        assertEquals("refused", reported(CODEC).text("state"));
        assertFalse(reported(CODEC).containsKey("history"));
    }

    @Test
    void keepsWithinWhatATwinHolds() {
        for (int i = 0; i < 200; i++) {
            deployments.has("org.example.a.rather.long.name.of.a.bundle.number." + i, "1.0.0." + "x".repeat(30), ONE, "drop");
        }
        start();
        assertTrue(Answers.size(device.reported().get(0)) < 20_000, "it has " + Answers.size(device.reported().get(0)) + " characters");
    }
}
