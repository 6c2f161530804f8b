package io.pantograph.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Provenance;
import io.pantograph.api.model.Values;
import io.pantograph.api.operator.CodecStatus;
import io.pantograph.api.operator.Deployed;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.Difference;
import io.pantograph.api.operator.Evidence;
import io.pantograph.api.operator.Parked;
import io.pantograph.api.operator.Part;
import io.pantograph.api.operator.Pending;
import io.pantograph.api.operator.Plan;
import io.pantograph.api.operator.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a terminal shows, to the letter. */
class TablesTest {

    private static final String SHA = "ab".repeat(32);
    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");
    static final Evidence SOME = new Evidence(3, 2, 7, 20, 1, 1, Duration.ofNanos(2_500), Duration.ofMillis(1), 5, 1,
            List.of(new Difference("custom", true, "$.x", "10", "\u001b[2J" + "1".repeat(60), 1)));

    private static void are(String expected, List<String> lines) {
        assertEquals(expected.stripTrailing(), String.join("\n", lines));
    }

    static Deployment deployment(State state, String reason) {
        return new Deployment("d-3", "rest", state, reason,
                List.of(new Part("org.example.codec", Optional.of("1.1.0"), Optional.of("1.0.0"), Optional.of(SHA), state, SOME, "")),
                List.of(new Deployment.Step(TIME, State.STAGED, "asked for by rest"), new Deployment.Step(TIME, state, "as it goes")), TIME,
                state.isEnd() ? Optional.of(TIME) : Optional.empty());
    }

    @Test
    void bundles() {
        Deployed proven = new Deployed("org.example.codec", "1.1.0", SHA, State.PROVEN, "d-3", "rest", Optional.of("1.0.0"), SOME, "");
        Deployed handler = new Deployed("h", "2", SHA, State.PROVEN, "d-10", "drop", Optional.empty(), Evidence.NONE, "");
        are("""
                BUNDLE             VERSION  STATE   CALLS    FAILED  DIFFERENT  P99     BEFORE  DEPLOYMENT
                org.example.codec  1.1.0    proven  7 of 20  1       1 of 5     1.0 ms  1.0.0   d-3 (rest)
                h                  2        proven  0        0       0                          d-10 (drop)
                """, Tables.bundles(List.of(proven.values(), handler.values())));
    }

    @Test
    void aDeployment() {
        are("""
                d-3 is probation
                  begun 2026-01-01T00:00:00Z by rest
                org.example.codec 1.1.0 in place of 1.0.0 is probation
                  tried on 3 vectors and 2 real messages
                  served 7 of 20 calls, 1 failed, 1 of these done by the version before; p50 2.5 us, p99 1.0 ms
                  1 of 5 messages came out differently
                  FORMAT  DIRECTION  FIELD  BEFORE  NOW                                       MESSAGES
                  custom  decode     $.x    10      \\u001b[2J1111111111111111111111111111...  1
                history
                  2026-01-01T00:00:00Z  staged     asked for by rest
                  2026-01-01T00:00:00Z  probation  as it goes
                """, Tables.deployment(deployment(State.PROBATION, "").values()));
    }

    @Test
    void aBundle() {
        are("""
                h 2 is proven
                  brought by d-10 (drop), kept to go back to: 1
                  sha256 %s
                """.formatted(SHA), Tables.bundle(new Deployed("h", "2", SHA, State.PROVEN, "d-10", "drop", Optional.of("1"), Evidence.NONE, "").values()));
    }

    // As clouds tell it, for which a whole one would be too long.
    @Test
    void aBriefDeployment() {
        Values brief = Values.of("id", "d-3", "state", "refused", "bundles", List.of(Values.of("name", "a", "state", "refused")));
        are("""
                DEPLOYMENT  STATE    BEGUN  BY  BUNDLES  REASON
                d-3         refused             a
                """, Tables.deployments(List.of(brief)));
        are("d-3 is refused", Tables.verdict(brief));
        assertEquals(List.of("d-3  a  refused"), new Course().news(brief));
    }

    @Test
    void aVerdictShowsWhereVersionsDiffer() {
        are("""
                d-3 is rolled back: 1 of 5 messages came out differently, none may
                  FORMAT  DIRECTION  FIELD  BEFORE  NOW                                       MESSAGES
                  custom  decode     $.x    10      \\u001b[2J1111111111111111111111111111...  1
                """, Tables.verdict(deployment(State.ROLLED_BACK, "1 of 5 messages came out differently, none may").values()));
    }

    @Test
    void aPlan() {
        are("""
                adds      a 1.0.0
                          b 1.0.0
                restarts  c
                devices   all devices that speak 'custom'
                refused   a exports a package; remove Export-Package
                """, Tables.plan(new Plan(List.of("a 1.0.0", "b 1.0.0"), List.of(), List.of(), List.of("c"), List.of("all devices that speak 'custom'"),
                List.of("a exports a package; remove Export-Package")).values()));
        are("nothing to do", Tables.plan(new Plan(List.of(), List.of(), List.of(), List.of(), List.of(), List.of()).values()));
    }

    @Test
    void codecsAndWhatWaitsForThem() {
        are("""
                FORMAT  BUNDLE             VERSION  PLACE        CALLS  FAILED  STRIKES  STUCK  REASON
                custom  org.example.codec  1.0.0    quarantined  9      3       3        1      it spins; tried again at noon
                """, Tables.codecs(List.of(new CodecStatus("custom", "org.example.codec", "1.0.0", SHA, "quarantined", 9, 3, 3, 1, "it spins; tried again at noon").values())));
        are("""
                SINCE                 DEVICE         SUBJECT  FORMAT  BYTES  REASON
                2026-01-01T00:00:00Z  meter/m-1  ->  read     custom  7      no codec for 'custom'
                """, Tables.parked(List.of(new Parked(new DeviceId("meter", "m-1"), true, "read", "custom", 7, TIME, "no codec for 'custom'").values())));
    }

    @Test
    void whatWaitsForTheHub() {
        DeviceId device = new DeviceId("meter", "m-1");
        are("""
                OLDEST                NEWEST                DEVICE     FORMAT  BUNDLE             VERSION  SHA256        EVENTS  BYTES
                2026-01-01T00:00:00Z  2026-01-01T00:00:09Z  meter/m-1  custom  org.example.codec  1.1.0    abababababab  7       91
                2026-01-01T00:00:00Z  2026-01-01T00:00:00Z  meter/m-1  raw     none                                      1       2
                """, Tables.waiting(List.of(new Pending(device, "custom", new Provenance("org.example.codec", "1.1.0", SHA), 7, 91, TIME, TIME.plusSeconds(9)).values(),
                new Pending(device, "raw", Provenance.NONE, 1, 2, TIME, TIME).values())));
    }

    @Test
    void aCourseTellsOnlyWhatIsNew() {
        Course course = new Course();
        assertEquals(List.of("d-3  org.example.codec 1.1.0  staged  7 of 20 calls, 1 failed, 1 of 5 different"), course.news(deployment(State.STAGED, "").values()));
        assertEquals(List.of(), course.news(deployment(State.STAGED, "").values()));
        assertEquals(List.of("d-3  org.example.codec 1.1.0  probation  7 of 20 calls, 1 failed, 1 of 5 different"), course.news(deployment(State.PROBATION, "").values()));
    }

    private static Values served(long calls, long errors) {
        Evidence evidence = new Evidence(0, 0, calls, 1_000, errors, 0, Duration.ZERO, Duration.ZERO, 0, 0, List.of());
        return new Deployment("d-1", "rest", State.PROBATION, "", List.of(new Part("a", Optional.empty(), Optional.empty(), Optional.empty(), State.PROBATION, evidence, "")),
                List.of(), TIME, Optional.empty()).values();
    }

    // A trial may take hours.
    @Test
    void aCourseTellsOfEveryTenthOfTheCallsAndOfEveryFailure() {
        Course course = new Course();
        assertEquals(1, course.news(served(1, 0)).size());
        assertEquals(List.of(), course.news(served(99, 0)));
        assertEquals(List.of("d-1  a  probation  100 of 1000 calls, 0 failed"), course.news(served(100, 0)));
        assertEquals(List.of("d-1  a  probation  101 of 1000 calls, 1 failed"), course.news(served(101, 1)));
    }

    @Test
    void endsAreKnown() {
        for (State state : State.values()) {
            assertEquals(state.isEnd(), Course.isEnd(deployment(state, "").values()), state.word());
        }
        assertTrue(Course.isGood(deployment(State.PROVEN, "").values()) && Course.isGood(deployment(State.REMOVED, "").values()));
        assertFalse(Course.isGood(deployment(State.REFUSED, "").values()) || Course.isGood(deployment(State.ROLLED_BACK, "").values()));
    }
}
