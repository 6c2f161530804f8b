package io.pantograph.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Provenance;
import io.pantograph.api.operator.Backlog;
import io.pantograph.api.operator.Change;
import io.pantograph.api.operator.Deployed;
import io.pantograph.api.operator.Evidence;
import io.pantograph.api.operator.Pending;
import io.pantograph.api.operator.Release;
import io.pantograph.api.operator.State;
import io.pantograph.testkit.PlainDeployments;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is typed, what the installer is asked, what is printed. */
class CommandsTest {

    @TempDir
    Path folder;
    private final PlainDeployments deployments = new PlainDeployments();
    private final Commands commands = new Commands(deployments);

    private String jar(String name) throws Exception {
        return Files.writeString(folder.resolve(name), "x").toString();
    }

    @Test
    void everyOptionReachesTheRelease() throws Exception {
        String jar = jar("a.jar");
        assertEquals("d-1 is staged", commands.add(jar, "--shadow", "100", "--canary-device", "meter/m-1", "--canary-type", "pump", "--canary-percent", "10",
                "--canary-calls", "50", "--calls", "20", "--errors", "0.01", "--differences", "1", "--p99-us", "5000", "--by-hand", "--deadline", "900", "--remove", "org.old"));
        Release release = deployments.releases.get(0);
        assertEquals("shell", release.door());
        assertEquals(List.of(new Change.Install(Optional.empty(), Optional.empty(), new Change.Jar.Local(Path.of(jar))), new Change.Remove("org.old")), release.changes());
        assertEquals(100, release.trial().shadowCalls());
        assertTrue(release.trial().canary().get().has(new DeviceId("meter", "m-1")) && release.trial().canary().get().has(new DeviceId("pump", "p")));
        assertEquals(10, release.trial().canary().get().percent());
        assertEquals(50, release.trial().canaryCalls());
        assertEquals(OptionalLong.of(20), release.trial().calls());
        assertEquals(List.of(0.01, 1.0), List.of(release.trial().errors(), release.trial().differences()));
        assertEquals(Optional.of(Duration.ofMillis(5)), release.trial().p99());
        assertTrue(release.trial().byHand());
        assertEquals(Optional.of(Duration.ofSeconds(900)), release.deadline());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "|name a jar; it takes FILE.jar...", "--by-hand|a release names at least one bundle", "--colour red|'--colour' is not known; it takes FILE.jar...", "JAR --calls|--calls needs a value after it",
            "JAR --calls many|--calls needs a whole number, not 'many'", "JAR --errors x|--errors needs a share such as 0.01, not 'x'",
            "JAR --errors 2|'errors' is a share and must be 0.0 to 1.0", "none.jar|none.jar is no file; name a jar", "JAR --deadline 0|--deadline 0 must be 1 to",
            "JAR --canary-percent 101|percent must be 0 to 100", "JAR --canary-calls 5|a canary needs devices, types or a percent above 0"})
    void whatIsWrongIsPrinted(String words, String sentence) throws Exception {
        String jar = jar("a.jar");
        String[] typed = words == null ? new String[0] : words.replace("JAR", jar).split(" ");
        assertTrue(commands.add(typed).contains(sentence), commands.add(typed));
        assertTrue(commands.plan(typed).contains(sentence), commands.plan(typed));
        assertEquals(List.of(), deployments.asked);
    }

    @Test
    void whoWaitsSeesTheEnd() throws Exception {
        deployments.listeners.add(deployment -> { });
        // It is over before it is looked at, so that nobody has to wait here.
        Commands quick = new Commands(new PlainEnd(deployments));
        assertEquals("d-1 is rolled back: it failed 1 of 3 calls", quick.add(jar("a.jar"), "--wait"));
    }

    @Test
    void whatIsHereIsShown() throws Exception {
        assertEquals("BUNDLE  VERSION  STATE  CALLS  FAILED  DIFFERENT  P99  BEFORE  DEPLOYMENT", commands.list());
        deployments.here.add(new Deployed("org.example", "1.0.0", "ab".repeat(32), State.PROVEN, "d-1", "drop", Optional.empty(), Evidence.NONE, ""));
        assertTrue(commands.show("org.example").startsWith("org.example 1.0.0 is proven\n"), commands.show("org.example"));
        assertTrue(commands.show("d-9").startsWith("there is no deployment and no deployed bundle 'd-9'"), commands.show("d-9"));
        commands.remove("org.example");
        assertEquals(List.of(new Change.Remove("org.example")), deployments.releases.get(0).changes());
        assertTrue(commands.show("d-1").startsWith("d-1 is staged\n") && commands.show().contains("d-1         staged"), commands.show());
        assertTrue(commands.remove("org.other").startsWith("no deployment brought a bundle 'org.other'"));
    }

    @Test
    void itIsPromotedOrTakenBack() throws Exception {
        commands.add(jar("a.jar"));
        assertEquals("d-1 is staged, not on trial; nothing is to be promoted", commands.promote("d-1"));
        deployments.now("d-1", State.SHADOW, Evidence.NONE, "looks on");
        assertEquals("d-1 is proven", commands.promote("d-1"));
        assertEquals("d-1 is rolled back: it smells bad", commands.rollback("d-1", "it", "smells", "bad"));
        assertTrue(deployments.asked.contains("promote d-1 by shell"), deployments.asked.toString());
    }

    @Test
    void codecsParkedAndWaitingWithoutTheirRooms() throws Exception {
        assertEquals("the room that knows the codecs is not here at this moment", commands.codecs());
        assertEquals("SINCE  DEVICE    SUBJECT  FORMAT  BYTES  REASON", commands.parked());
        assertEquals("OLDEST  NEWEST  DEVICE  FORMAT  BUNDLE  VERSION  SHA256  EVENTS  BYTES", commands.waiting());
    }

    private record Queue(Pending pending) implements Backlog {

        @Override
        public List<Pending> pending(int most) {
            return List.of(pending);
        }

        @Override
        public int count() {
            return pending.count();
        }
    }

    @Test
    void whatWaitsIsToldOldestFirst() throws Exception {
        Instant time = Instant.parse("2026-01-01T00:00:00Z");
        Queue young = new Queue(new Pending(new DeviceId("meter", "m-1"), "custom", Provenance.NONE, 1, 2, time.plusSeconds(1), time.plusSeconds(1)));
        Queue old = new Queue(new Pending(new DeviceId("meter", "m-2"), "custom", Provenance.NONE, 1, 2, time, time));
        commands.addBacklog(young);
        commands.addBacklog(old);
        assertEquals(List.of("meter/m-2", "meter/m-1"), commands.waiting().lines().skip(1).map(line -> line.split("  ")[2]).toList());
        commands.removeBacklog(old);
        assertEquals(2, commands.waiting().lines().count());
    }
}
