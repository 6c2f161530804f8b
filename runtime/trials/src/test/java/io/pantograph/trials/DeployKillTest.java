package io.pantograph.trials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.model.Values;
import io.pantograph.testkit.Await;
import io.pantograph.trials.KilledGateway.Kill;
import io.pantograph.trials.KilledGateway.Kind;
import io.pantograph.trials.StormJars.Manner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A gateway is killed while it deploys, and started again: what is deployed then is what it was before or what it was to be, of both bundles,
 * and serves. And of states that supersede one another the last holds. With {@code -Dtrials.long=true} it is killed a hundred times.
 */
@Timeout(value = 2_400, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeployKillTest {

    private static final boolean LONG = Boolean.getBoolean("trials.long");
    private static final int KILLS = Integer.getInteger("trials.kills", LONG ? 100 : 8);
    private static final String PREFIX = "storm.codec.";

    @Test
    void aKillAtAnyStepLeavesTheOldSetOrTheNew() throws Exception {
        try (KilledGateway gateway = new KilledGateway(TestHub.home("killed"))) {
            List<Kill> kills = LONG ? all() : some();
            for (int i = 0; i < KILLS; i++) {
                gateway.kill(kills.get(i % kills.size()));
            }
            System.out.println(gateway.ledger());
            assertEquals(List.of(), gateway.wrong());
        }
    }

    private static List<Kill> some() {
        return List.of(Kill.after(Kind.GOOD, 4), Kill.after(Kind.GOOD, 1), Kill.after(Kind.ON_TRIAL, 3), Kill.after(Kind.GOOD, 2),
                Kill.after(Kind.ONE_GOES, 4), Kill.after(Kind.BAD, 1), Kill.after(Kind.GOOD, 3), Kill.sometime(Kind.GOOD));
    }

    /** Every step of every kind in turn, and each fourth at a moment left to chance. */
    private static List<Kill> all() {
        List<Kill> all = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (int line = 0; line <= kind.lines; line++) {
                all.add(Kill.after(kind, line));
                if (all.size() % 4 == 3) {
                    all.add(Kill.sometime(Kind.values()[all.size() / 4 % Kind.values().length]));
                }
            }
        }
        return all;
    }

    @Test
    void ofFiveStatesWithinASecondTheLastHolds() throws Exception {
        Path home = TestHub.home("superseded");
        Path document = Files.createDirectories(home.resolve("conf")).resolve("deployment.json");
        try (GatewayBox gateway = GatewayBox.start(home, Map.of())) {
            List<String> ids = new ArrayList<>();
            Duration asked = Duration.ZERO;
            for (String state : states(gateway, home, 1)) {
                long begin = System.nanoTime();
                ids.add(gateway.deploy(state));
                asked = asked.plusNanos(System.nanoTime() - begin);
            }
            until("the end of all five", () -> gateway.deployments().stream().allMatch(one -> one.containsKey("ended")));
            System.out.printf("five states by the API within %d ms:%n%s", asked.toMillis(), told(gateway));
            assertTrue(asked.compareTo(Duration.ofSeconds(1)) < 0 || !LONG, "it took " + asked + " to ask for them");
            assertEquals("proven", gateway.deployment(ids.get(4)).text("state"));
            holds(gateway, "1.5.0");

            overwrite(document, states(gateway, home, 2));
            holds(gateway, "2.5.0");
            System.out.printf("five more by a file:%n%s", told(gateway));

            overwrite(document, states(gateway, home, 3));
            gateway.box.kill();
        }
        try (GatewayBox again = GatewayBox.start(home, Map.of())) {
            holds(again, "3.5.0");
            System.out.printf("five more by a file, and a kill:%n%s", told(again));
        }
    }

    /** Five states of two bundles: three that need no calls to be proven, and between them two that wait for calls which do not come. */
    private static List<String> states(GatewayBox gateway, Path home, int major) throws Exception {
        Path folder = Files.createDirectories(home.resolveSibling(home.getFileName() + "-jars"));
        List<String> states = new ArrayList<>();
        for (int minor = 1; minor <= 5; minor++) {
            String version = major + "." + minor + ".0";
            StringBuilder bundles = new StringBuilder();
            for (String format : List.of("f0", "f1")) {
                String sha256 = gateway.put(StormJars.jar(folder, format, version, Manner.GOOD));
                bundles.append(bundles.isEmpty() ? "" : ",")
                        .append("\"" + PREFIX + format + "\":{\"version\":\"" + version + "\",\"sha256\":\"" + sha256 + "\"}");
            }
            states.add("{\"bundles\":{" + bundles + "},\"trial\":{\"calls\":" + (minor % 2 == 1 ? 0 : 1_000) + "}}");
        }
        return states;
    }

    private static void overwrite(Path file, List<String> states) throws Exception {
        for (String state : states) {
            Files.writeString(file, state);
            TimeUnit.MILLISECONDS.sleep(150); // five within a second
        }
    }

    private static void holds(GatewayBox gateway, String version) {
        inService(gateway, Map.of(PREFIX + "f0", version, PREFIX + "f1", version));
    }

    private static String told(GatewayBox gateway) throws Exception {
        StringBuilder told = new StringBuilder();
        for (Values one : gateway.deployments()) {
            told.insert(0, String.format("  %-5s %-4s %s: %s%s%n", one.text("id"), one.text("door"), one.list("bundles").stream().map(Values.class::cast)
                    .map(part -> part.text("name") + ' ' + part.getOrDefault("version", "gone")).toList(), one.text("state"),
                    one.containsKey("reason") ? ", " + one.text("reason") : ""));
        }
        return told.toString();
    }

    @Test
    void whatIsInTheDropFolderIsInServiceAfterAKill() throws Exception {
        Path home = TestHub.home("dropped");
        Path jars = Files.createDirectories(home.resolveSibling(home.getFileName() + "-jars"));
        Path file = Files.createDirectories(home.resolve("drop")).resolve("codec.jar");
        Map<String, String> provenAtOnce = Map.of("pantograph.deploy.calls", "0");
        int rounds = LONG ? 20 : 3;
        GatewayBox gateway = GatewayBox.start(home, provenAtOnce);
        try {
            for (int round = 0; round < rounds; round++) {
                String version = "1." + round + ".0";
                Files.copy(StormJars.jar(jars, "f2", version, Manner.GOOD), file, StandardCopyOption.REPLACE_EXISTING);
                TimeUnit.MILLISECONDS.sleep(round * 1_500L / rounds);
                gateway.box.kill();
                gateway = GatewayBox.start(home, provenAtOnce);
                inService(gateway, Map.of(PREFIX + "f2", version));
            }
            Files.delete(file);
            gateway.box.kill();
            gateway = GatewayBox.start(home, provenAtOnce);
            inService(gateway, Map.of());
            System.out.println(rounds + " jars dropped, each with a kill: all were in service after the restart, and a deleted one was gone");
        } finally {
            gateway.close();
        }
    }

    private static void inService(GatewayBox gateway, Map<String, String> wanted) {
        until(wanted + " in service", () -> gateway.bundles().equals(wanted) && gateway.codecs(PREFIX).equals(wanted));
    }

    private static void until(String what, Callable<Boolean> so) {
        Await.until(what, Duration.ofSeconds(60), () -> {
            try {
                return so.call();
            } catch (Exception e) {
                throw new AssertionError(what, e);
            }
        });
    }
}
