package io.pantograph.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.Codecs;
import io.pantograph.api.core.HandlerWork;
import io.pantograph.api.core.Settings;
import io.pantograph.api.model.Content;
import io.pantograph.api.operator.Change;
import io.pantograph.api.operator.Deployed;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.DeploymentListener;
import io.pantograph.api.operator.Deployments;
import io.pantograph.api.operator.Evidence;
import io.pantograph.api.operator.RefusedException;
import io.pantograph.api.operator.Release;
import io.pantograph.api.operator.State;
import io.pantograph.api.operator.Trial;
import io.pantograph.codecs.CodecRegistry;
import io.pantograph.deploy.stock.MeterLamp;
import io.pantograph.deploy.stock.StuckLamp;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.PlainSettings;
import io.pantograph.testkit.TestFramework;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.apache.felix.scr.info.ScrInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;

/** Releases in a real framework, with the real codecs' room, while messages flow. */
class DeployInFelixTest {

    private static final int SWAPS = Integer.getInteger("swaps", 40);

    @TempDir
    Path folder;

    private Path home;
    private Shop shop;
    private TestFramework felix;
    private Deployments deployments;
    private Codecs codecs;
    private final AtomicBoolean end = new AtomicBoolean();
    private final LongAdder done = new LongAdder();
    private final AtomicReference<Exception> failed = new AtomicReference<>();
    private Thread traffic;

    @BeforeEach
    void start() throws Exception {
        home = Files.createDirectories(folder.resolve("home"));
        shop = new Shop(Files.createDirectories(folder.resolve("shop")));
        open();
    }

    private void open(Path... before) throws Exception {
        prepare();
        felix.add(before);
        felix.add(TestFramework.packaged(Path.of("target"), "deploy"));
        deployments = felix.service(Deployments.class);
        codecs = felix.service(Codecs.class);
    }

    /** All but the room itself. */
    private void prepare() throws Exception {
        felix = TestFramework.start(folder.resolve("felix"), true);
        felix.context().registerService(Settings.class, new PlainSettings(home).with(Deploy.CALLS, "200"), null);
        felix.add(TestFramework.jarOf(org.osgi.util.function.Function.class), TestFramework.jarOf(org.osgi.util.promise.Promise.class),
                TestFramework.jarOf(org.osgi.service.component.ComponentContext.class),
                TestFramework.jarOf(org.apache.felix.cm.PersistenceManager.class), TestFramework.jarOf(ScrInfo.class),
                TestFramework.jarOf(ArtifactInstaller.class), TestFramework.jarOf(com.fasterxml.jackson.core.JsonFactory.class),
                TestFramework.jarOf(CodecRegistry.class));
    }

    @AfterEach
    void stop() throws Exception {
        quiet();
        felix.close();
    }

    /** A number goes there and back, again and again. */
    private void traffic() {
        traffic = new Thread(() -> {
            for (long i = 0; !end.get(); i = (i + 1) % 1_000) {
                try {
                    Content back = codecs.route("meter").decode(codecs.route("meter").encode(Content.of(i)));
                    if (!back.equals(Content.of(i))) {
                        throw new CodecException(i + " came back as " + back);
                    }
                    done.increment();
                } catch (CodecException | RuntimeException e) {
                    failed.compareAndSet(null, e);
                }
            }
        }, "traffic");
        traffic.start();
    }

    private void quiet() throws InterruptedException {
        end.set(true);
        if (traffic != null) {
            traffic.join(10_000);
        }
    }

    private Deployment deploy(Jars... jars) throws Exception {
        return deploy(Trial.USUAL, jars);
    }

    private Deployment deploy(Trial trial, Jars... jars) throws Exception {
        List<Change> changes = new ArrayList<>();
        for (Jars one : jars) {
            changes.add(new Change.Install(Optional.empty(), Optional.empty(),
                    new Change.Jar.Kept(deployments.take(new ByteArrayInputStream(one.bytes())))));
        }
        return deployments.deploy(new Release("shell", changes, trial, Optional.empty()));
    }

    private Deployment ended(Deployment one) {
        Await.until(() -> one.id() + " to end: " + now(one), Await.USUAL, () -> now(one).state().isEnd());
        return now(one);
    }

    private Deployment now(Deployment one) {
        return deployments.deployment(one.id()).orElseThrow();
    }

    private List<String> bundles() {
        return Arrays.stream(felix.context().getBundles()).filter(bundle -> bundle.getLocation().startsWith("deploy:"))
                .map(bundle -> bundle.getSymbolicName() + ' ' + bundle.getVersion() + (bundle.getState() == Bundle.ACTIVE ? "" : " state " + bundle.getState()))
                .toList();
    }

    @Test
    void aReleaseIsProvenWhileMessagesFlow() throws Exception {
        Deployment first = deploy(shop.meter("1.0.0", ""));
        assertEquals(State.STAGED, first.state());
        Await.until("the codec", () -> codecs.route("meter").ready());
        traffic();
        Deployment proven = ended(first);
        assertEquals(State.PROVEN, proven.state(), proven.toString());
        Deployment second = ended(deploy(shop.meter("1.1.0", "")));
        assertEquals(State.PROVEN, second.state(), second.toString());
        assertEquals(Optional.of("1.0.0"), second.parts().get(0).before());
        assertTrue(second.parts().get(0).evidence().vectors() == 2, second.toString());
        assertEquals(List.of("stock.meter 1.1.0"), bundles());
        quiet();
        assertEquals(null, failed.get());
    }

    private static Trial calls(long number) {
        return new Trial(0, Optional.empty(), 0, OptionalLong.of(number), 0, 0, Optional.empty(), false);
    }

    private static final Trial BY_HAND = new Trial(0, Optional.empty(), 0, OptionalLong.empty(), 0, 0, Optional.empty(), true);

    /** The first version serves, and is being used. */
    private void begin() throws Exception {
        Deployment first = deploy(calls(0), shop.meter("1.0.0", ""));
        assertEquals(State.PROVEN, ended(first).state(), () -> now(first).toString());
        traffic();
        Await.until("the last messages to be known", () -> done.sum() > 500);
    }

    private void unharmed(String... bundles) throws Exception {
        long before = done.sum();
        Await.until("messages to flow", () -> done.sum() > before + 100);
        assertEquals(null, failed.get());
        assertEquals(List.of(bundles), bundles());
    }

    // Whatever is wrong with a release, the one before goes on, and no message is lost or changed.
    @Test
    void aBadReleaseIsTakenBackAndNobodyNotices() throws Exception {
        begin();
        Map<String, Jars> bad = new LinkedHashMap<>();
        bad.put("needs something", shop.meter("2.0.0", "").header("Import-Package", "io.pantograph.api.codec,io.pantograph.api.model,com.example.missing"));
        bad.put("cannot be made", shop.meter("2.0.1", "constructor"));
        bad.put("registers nothing", shop.meter("2.0.2", "").header("Service-Component", null));
        bad.put("fails its vectors", shop.meter("2.0.3", "wrong from 0"));
        bad.put("makes something else of real messages", shop.meter("2.0.4", "wrong from 2"));
        bad.put("wears out", shop.meter("2.0.5", "after 6000"));
        bad.put("spins at once", shop.meter("2.0.6", "spins after 5"));
        bad.put("spins later", shop.meter("2.0.7", "spins after 6000"));
        bad.put("has no good vectors", shop.meter("2.0.8", "").entry("OSGI-INF/vectors/meter.json", new byte[] {'{'}));
        for (Map.Entry<String, Jars> one : bad.entrySet()) {
            long begin = System.nanoTime();
            Deployment at = ended(deploy(calls(100_000), one.getValue()));
            System.out.println(one.getKey() + ": " + at.state().word() + " after " + (System.nanoTime() - begin) / 1_000_000 + " ms: " + at.reason());
            boolean served = one.getKey().equals("wears out") || one.getKey().equals("spins later");
            assertEquals(served ? State.ROLLED_BACK : State.REFUSED, at.state(), at.toString());
            unharmed("stock.meter 1.0.0");
        }
        byte[] whole = shop.meter("2.1.0", "").bytes();
        assertThrows(RefusedException.class, () -> deployments.take(new ByteArrayInputStream(whole, 0, whole.length / 2)));
        unharmed("stock.meter 1.0.0");
    }

    @Test
    void severalAreAllOrNothing() throws Exception {
        begin();
        Jars other = shop.meter("1.0.0", "constructor").header("Bundle-SymbolicName", "stock.other");
        assertEquals(State.REFUSED, ended(deploy(shop.meter("1.1.0", ""), other)).state());
        unharmed("stock.meter 1.0.0");
        assertEquals(State.PROVEN, ended(deploy(calls(0), shop.meter("1.1.0", ""), shop.lamp("1.0.0"))).state());
        unharmed("stock.meter 1.1.0", "stock.lamp 1.0.0");
    }

    @Test
    void goesBackAndIsTakenOut() throws Exception {
        begin();
        assertEquals(State.PROVEN, ended(deploy(shop.meter("1.1.0", ""))).state());
        assertEquals(Optional.of("1.0.0"), deployments.bundles().get(0).lastGood());
        Deployment back = ended(deployments.rollback("stock.meter", "shell", "it looks odd"));
        assertEquals(State.PROVEN, back.state(), back.toString());
        unharmed("stock.meter 1.0.0");
        Deployment tried = deploy(BY_HAND, shop.meter("1.2.0", ""));
        Await.until("probation", () -> now(tried).state() == State.PROBATION);
        assertEquals(State.ROLLED_BACK, deployments.rollback("stock.meter", "shell", "enough").state());
        unharmed("stock.meter 1.0.0");
        quiet();
        Deployment gone = deployments.deploy(new Release("shell", List.of(new Change.Remove("stock.meter")), Trial.USUAL, Optional.empty()));
        assertEquals(State.REMOVED, ended(gone).state());
        assertEquals(List.of(), bundles());
        assertEquals(List.of(), deployments.bundles());
        assertFalse(codecs.route("meter").ready());
    }

    // The box's own bundle is not taken out, since it would be back at the next start.
    @Test
    void theBoxesOwnBundleStepsAside() throws Exception {
        Path own = shop.meter("0.9.0", "").write(folder.resolve("own.jar"));
        Bundle box = felix.add(own).get(0);
        traffic();
        Deployment one = ended(deploy(shop.meter("1.0.0", "")));
        assertEquals(State.PROVEN, one.state(), one.toString());
        assertEquals(Optional.of("0.9.0"), one.parts().get(0).before());
        assertEquals(Bundle.RESOLVED, box.getState());
        unharmed("stock.meter 1.0.0");
        Deployment back = ended(deployments.rollback("stock.meter", "shell", ""));
        assertEquals(State.REMOVED, back.state(), back.toString());
        assertEquals(Bundle.ACTIVE, box.getState());
        unharmed();
    }

    // As after a kill at each of these moments: only what is on the disk counts, and that is the old or the new whole set.
    @Test
    void aRestartFindsTheOldOrTheNewWholeSet() throws Exception {
        begin();
        Map<State, Path> moments = new EnumMap<>(State.class);
        felix.context().registerService(DeploymentListener.class, deployment -> {
            if (deployment.id().equals("d-2")) {
                moments.computeIfAbsent(deployment.state(), state -> copy("after-" + state));
            }
        }, null);
        Deployment both = deploy(BY_HAND, shop.meter("1.1.0", ""), shop.lamp("1.0.0"));
        Await.until("the news of the trial", () -> moments.containsKey(State.PROBATION));
        deployments.promote(both.id(), "shell");
        assertEquals(State.PROVEN, ended(both).state());
        Await.until("the news of its end", () -> moments.containsKey(State.PROVEN));
        quiet();
        felix.close();
        assertEquals(List.of(State.STAGED, State.VERIFIED, State.PROBATION, State.PROVEN), List.copyOf(moments.keySet()));
        for (Map.Entry<State, Path> moment : moments.entrySet()) {
            home = moment.getValue();
            open();
            boolean proven = moment.getKey() == State.PROVEN;
            assertEquals(proven ? List.of("stock.lamp 1.0.0", "stock.meter 1.1.0") : List.of("stock.meter 1.0.0"), bundles().stream().sorted().toList());
            assertTrue(codecs.route("meter").ready());
            Optional<Deployment> cut = deployments.deployment("d-2");
            if (!proven && cut.isPresent()) { // at first there is nothing about it on the disk
                assertEquals(State.ROLLED_BACK, cut.get().state());
                assertEquals("the box ended in the middle of it", cut.get().reason());
            }
            assertEquals(proven ? Optional.of("1.0.0") : Optional.empty(), deployments.bundles().stream()
                    .filter(one -> one.name().equals("stock.meter")).findFirst().orElseThrow().lastGood());
            felix.close();
        }
    }

    // A box is brought up level by level, and meanwhile the framework puts off what others start.
    @Test
    void whatWasDeployedIsBackWhenTheInstallerIsOffered() throws Exception {
        begin();
        quiet();
        felix.close();
        prepare();
        codecs = felix.service(Codecs.class);
        CompletableFuture<Boolean> ready = new CompletableFuture<>();
        felix.context().addServiceListener(event -> {
            if (event.getType() == ServiceEvent.REGISTERED) {
                ready.complete(codecs.route("meter").ready());
            }
        }, "(objectClass=" + Deployments.class.getName() + ")");
        Bundle room = felix.context().installBundle(TestFramework.packaged(Path.of("target"), "deploy").toUri().toString());
        room.adapt(BundleStartLevel.class).setStartLevel(2);
        room.start();
        assertFalse(ready.isDone());
        felix.context().getBundle(0).adapt(FrameworkStartLevel.class).setStartLevel(2);
        assertTrue(Await.result(ready));
    }

    // By its version alone the box's other codec for the format would come first.
    @Test
    void whatWasProvenIsPreferredAfterARestartToo() throws Exception {
        Path other = shop.meter("9.0.0", "wrong from 5").header("Bundle-SymbolicName", "stock.other").write(folder.resolve("other.jar"));
        felix.add(other);
        assertEquals(State.PROVEN, ended(deploy(calls(0), shop.meter("1.0.0", ""))).state());
        assertEquals("7", codecs.route("meter").encode(Content.of(7)).text());
        felix.close();
        open(other);
        assertEquals("7", codecs.route("meter").encode(Content.of(7)).text());
    }

    @Test
    void manySwapsLeaveNothingBehind() throws Exception {
        begin();
        ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
        long before = 0;
        int threads = 0;
        for (int i = 1; i <= SWAPS; i++) {
            if (i == SWAPS / 2) {
                before = loaded(classes);
                threads = Thread.activeCount();
            }
            Deployment one = ended(deploy(shop.meter("1.0." + i, "")));
            assertEquals(State.PROVEN, one.state(), one.toString());
        }
        unharmed("stock.meter 1.0." + SWAPS);
        // The half of the swaps had 2 classes each.
        long after = loaded(classes);
        System.out.println(SWAPS + " swaps, " + done.sum() + " messages, none failed; classes " + before + " -> " + after
                + ", threads " + threads + " -> " + Thread.activeCount());
        assertTrue(after - before < SWAPS / 2, before + " classes became " + after);
        assertTrue(Thread.activeCount() < threads + 5, threads + " threads became " + Thread.activeCount());
    }

    private static long loaded(ClassLoadingMXBean classes) throws InterruptedException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            Thread.sleep(50);
            least = Math.min(least, classes.getLoadedClassCount());
        }
        return least;
    }

    @Test
    void aJarThatIsSpoiltOnTheDiskIsNotStarted() throws Exception {
        assertEquals(State.PROVEN, ended(deploy(calls(0), shop.meter("1.0.0", ""))).state());
        Deployment second = ended(deploy(calls(0), shop.meter("1.1.0", "")));
        felix.close();
        spoil(second.parts().get(0).sha256().orElseThrow());
        open();
        assertEquals(List.of("stock.meter 1.0.0"), bundles());
        assertEquals("1.0.0", deployments.bundles().get(0).version());
        Deployment told = deployments.deployments().get(0);
        assertEquals("restart", told.door());
        assertTrue(told.reason().startsWith("stock.meter 1.1.0 could not be put back ("), told.reason());
        assertTrue(told.reason().endsWith("), so it is as before d-2: stock.meter 1.0.0"), told.reason());
    }

    private void spoil(String sha256) throws IOException {
        Path jar = home.resolve("deploy/artifacts/" + sha256 + ".jar");
        byte[] bytes = Files.readAllBytes(jar);
        bytes[bytes.length / 2] ^= 1;
        Files.write(jar, bytes);
    }

    // What came together was tried together; half of it with half of what was before was never.
    @Test
    void ofWhatCameTogetherAllIsAsBeforeIfOneIsSpoilt() throws Exception {
        assertEquals(State.PROVEN, ended(deploy(calls(0), shop.meter("1.0.0", ""))).state());
        assertEquals(State.PROVEN, ended(deploy(calls(0), shop.lamp("1.0.0"))).state());
        Deployment both = ended(deploy(calls(0), shop.lamp("1.1.0"), shop.meter("1.1.0", ""), shop.mill("1.1.0", "")));
        assertEquals(State.PROVEN, both.state());
        felix.close();
        spoil(both.parts().get(1).sha256().orElseThrow());
        for (int again = 0; again < 2; again++) {
            open();
            assertEquals(List.of("stock.lamp 1.0.0", "stock.meter 1.0.0"), bundles().stream().sorted().toList());
            assertEquals(Map.of("stock.lamp", "1.0.0", "stock.meter", "1.0.0"),
                    deployments.bundles().stream().collect(Collectors.toMap(Deployed::name, Deployed::version)));
            assertEquals("7", codecs.route("meter").encode(Content.of(7)).text());
            assertTrue(deployments.deployments().get(0).reason().endsWith("so it is as before d-3: stock.lamp 1.0.0, stock.meter 1.0.0"),
                    deployments.deployments().get(0).reason());
            felix.close();
        }
        open();
    }

    // Half of it would serve as if it were the whole.
    @Test
    void ofWhatCameTogetherNothingIsThereIfOneIsSpoiltAndNothingWasBefore() throws Exception {
        assertEquals(State.PROVEN, ended(deploy(calls(0), shop.meter("1.0.0", ""))).state());
        Deployment both = ended(deploy(calls(0), shop.lamp("1.0.0"), shop.mill("1.0.0", "")));
        assertEquals(State.PROVEN, both.state());
        felix.close();
        spoil(both.parts().get(1).sha256().orElseThrow());
        open();
        assertEquals(List.of("stock.meter 1.0.0"), bundles());
        assertEquals(State.PROVEN, ended(deploy(calls(0), shop.lamp("1.0.0"), shop.mill("1.0.0", ""))).state());
        assertEquals(List.of("stock.lamp 1.0.0", "stock.meter 1.0.0", "stock.mill 1.0.0"), bundles().stream().sorted().toList());
    }

    private Path copy(String name) {
        Path to = folder.resolve(name);
        try (var files = Files.walk(home)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(home.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
            return to;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void handlersAreExchangedFromOneCallToTheNext() throws Exception {
        Rota rota = new Rota();
        felix.context().registerService(HandlerWork.class, rota, null);
        assertEquals(State.PROVEN, ended(deploy(calls(0), shop.lamp("1.0.0"))).state());
        long old = bundle("stock.lamp").getBundleId();
        Deployment second = deploy(calls(5), shop.lamp("1.1.0"));
        Await.until("probation", () -> now(second).state() == State.PROBATION && rota.retired.containsKey(old));
        long fresh = Arrays.stream(felix.context().getBundles()).filter(one -> one.getVersion().toString().equals("1.1.0")).findFirst().orElseThrow().getBundleId();
        rota.work.put(fresh, evidence(3, 0));
        Await.until("the calls to be seen", () -> now(second).parts().get(0).evidence().calls() == 3);
        // It stops when its last call is done, and not before.
        assertEquals(Bundle.ACTIVE, felix.context().getBundle(old).getState());
        rota.retired.get(old).complete(null);
        Await.until("the old one to stop", () -> felix.context().getBundle(old).getState() == Bundle.RESOLVED);
        rota.work.put(fresh, evidence(4, 0));
        Await.until("the calls to be seen", () -> now(second).parts().get(0).evidence().calls() == 4);
        assertEquals(State.PROBATION, now(second).state());
        rota.work.put(fresh, evidence(5, 0));
        assertEquals(State.PROVEN, ended(second).state());
        assertEquals(null, felix.context().getBundle(old));
        // One that fails is taken back, and the one before works again.
        Deployment third = deploy(calls(5), shop.lamp("1.2.0"));
        Await.until("probation", () -> now(third).state() == State.PROBATION && rota.retired.containsKey(fresh));
        rota.retired.get(fresh).complete(null);
        Await.until("the old one to stop", () -> felix.context().getBundle(fresh).getState() == Bundle.RESOLVED);
        long bad = Arrays.stream(felix.context().getBundles()).filter(one -> one.getVersion().toString().equals("1.2.0")).findFirst().orElseThrow().getBundleId();
        rota.work.put(bad, evidence(2, 1));
        assertEquals(State.ROLLED_BACK, ended(third).state());
        assertEquals("stock.lamp 1.2.0: 1 of 2 calls of its handlers failed, 0.0 of all are allowed", now(third).reason());
        assertEquals(List.of("stock.lamp 1.1.0"), bundles());
        assertFalse(rota.retired.containsKey(fresh));
    }

    // Whoever waits for it must not be the one who does everything.
    @Test
    void oneThatIsNeverMadeKeepsNobodyElseWaiting() throws Exception {
        try {
            Deployment stuck = deploy(calls(5), shop.bundle("stock.lamp", "1.0.0", StuckLamp.class));
            Deployment other = deploy(calls(0), shop.meter("1.0.0", ""));
            assertEquals(State.PROVEN, ended(other).state());
            assertEquals(State.ROLLED_BACK, ended(stuck).state());
            assertTrue(now(stuck).reason().contains("that cannot be made: it did not make its services within 10 s"), now(stuck).reason());
        } finally {
            System.setProperty("stock.freed", "true");
        }
        Await.until("the bundle to go", () -> bundles().equals(List.of("stock.meter 1.0.0")));
        System.clearProperty("stock.freed");
    }

    @Test
    void aListenerThatHangsSilencesNoOther() throws Exception {
        CountDownLatch freed = new CountDownLatch(1);
        List<State> heard = new CopyOnWriteArrayList<>();
        felix.context().registerService(DeploymentListener.class, deployment -> {
            try {
                freed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }, null);
        felix.context().registerService(DeploymentListener.class, deployment -> heard.add(deployment.state()), null);
        try {
            assertEquals(State.PROVEN, ended(deploy(calls(0), shop.meter("1.0.0", ""))).state());
            Await.until(() -> "the end instead of " + heard, Await.USUAL, () -> heard.contains(State.PROVEN));
        } finally {
            freed.countDown();
        }
    }

    // What was refused, or taken back, has no command to carry out while it goes.
    @Test
    void handlersOfWhatIsTakenBackGetNothingMore() throws Exception {
        Rota rota = new Rota();
        felix.context().registerService(HandlerWork.class, rota, null);
        Deployment refused = ended(deploy(calls(5), shop.bundle("stock.both", "1.0.0", MeterLamp.class)));
        assertEquals(State.REFUSED, refused.state(), refused.toString());
        long both = rota.log.get(0).bundle();
        assertEquals(List.of(new Rota.Entry(both, true, true), new Rota.Entry(both, false, false)),
                rota.log.stream().distinct().toList());
        assertEquals(State.PROVEN, ended(deploy(calls(0), shop.lamp("1.0.0"))).state());
        long old = bundle("stock.lamp").getBundleId();
        Deployment bad = deploy(calls(5), shop.lamp("1.1.0"));
        Await.until("probation", () -> now(bad).state() == State.PROBATION && rota.retired.containsKey(old));
        long fresh = Arrays.stream(felix.context().getBundles()).filter(one -> one.getVersion().toString().equals("1.1.0")).findFirst().orElseThrow().getBundleId();
        rota.log.clear();
        rota.work.put(fresh, evidence(2, 1));
        assertEquals(State.ROLLED_BACK, ended(bad).state());
        assertEquals(List.of(new Rota.Entry(fresh, true, true), new Rota.Entry(old, false, true), new Rota.Entry(fresh, false, false)), rota.log);
    }

    // The messages alone would have it proven; it is one bundle, and comes or goes as one.
    @Test
    void aHandlerThatFailsTakesTheCodecBesideItBack() throws Exception {
        Rota rota = new Rota();
        felix.context().registerService(HandlerWork.class, rota, null);
        assertEquals(State.PROVEN, ended(deploy(calls(0), shop.both("1.0.0", ""))).state());
        long old = bundle("stock.both").getBundleId();
        traffic();
        Deployment bad = deploy(BY_HAND, shop.both("1.1.0", ""));
        Await.until("probation", () -> now(bad).state() == State.PROBATION && rota.retired.containsKey(old));
        long fresh = Arrays.stream(felix.context().getBundles()).filter(one -> one.getVersion().toString().equals("1.1.0")).findFirst().orElseThrow().getBundleId();
        rota.work.put(fresh, evidence(3, 0));
        Await.until("all that was asked of it", () -> now(bad).history().stream().anyMatch(step -> step.said().contains("waits to be promoted")));
        rota.work.put(fresh, evidence(4, 1));
        assertEquals(State.ROLLED_BACK, ended(bad).state());
        assertEquals("stock.both 1.1.0: 1 of 4 calls of its handlers failed, 0.0 of all are allowed", now(bad).reason());
        unharmed("stock.both 1.0.0");
        assertFalse(rota.retired.containsKey(old));
        // And the other way round.
        Deployment worn = deploy(calls(100_000), shop.both("1.2.0", "after 6000"));
        assertEquals(State.ROLLED_BACK, ended(worn).state());
        unharmed("stock.both 1.0.0");
        assertFalse(rota.retired.containsKey(old));
    }

    // One device has one program: the old one ends before the new one begins, and is back if that one does not.
    @Test
    void programsComeOneAfterTheOther() throws Exception {
        assertEquals(State.PROVEN, ended(deploy(shop.mill("1.0.0", ""))).state());
        assertEquals(State.PROVEN, ended(deploy(shop.mill("1.1.0", ""))).state());
        assertEquals("1.1.0", System.getProperty("stock.mill"));
        Deployment bad = ended(deploy(shop.mill("1.2.0", "broken")));
        assertEquals(State.ROLLED_BACK, bad.state());
        assertTrue(bad.reason().contains("this mill cannot be built"), bad.reason());
        assertEquals("1.1.0", System.getProperty("stock.mill"));
        assertEquals(List.of("stock.mill 1.1.0"), bundles());
        Deployment gone = deployments.deploy(new Release("shell", List.of(new Change.Remove("stock.mill")), Trial.USUAL, Optional.empty()));
        assertEquals(State.REMOVED, ended(gone).state());
        assertEquals(null, System.getProperty("stock.mill"));
    }

    private Bundle bundle(String name) {
        return Arrays.stream(felix.context().getBundles()).filter(one -> name.equals(one.getSymbolicName())).findFirst().orElseThrow();
    }

    private static Evidence evidence(long calls, long errors) {
        return new Evidence(0, 0, calls, 0, errors, 0, Duration.ZERO, Duration.ZERO, 0, 0, List.of());
    }

    /** A room that gives handlers work, played by the test. */
    private final class Rota implements HandlerWork {

        /** @param retired else restored @param there whether the bundle was still there */
        record Entry(long bundle, boolean retired, boolean there) {
        }

        private final List<Entry> log = new CopyOnWriteArrayList<>();
        private final Map<Long, Evidence> work = new ConcurrentHashMap<>();
        private final Map<Long, CompletableFuture<Void>> retired = new ConcurrentHashMap<>();

        @Override
        public Map<Long, Evidence> work() {
            return work;
        }

        @Override
        public CompletionStage<Void> retire(long bundle) {
            log.add(new Entry(bundle, true, felix.context().getBundle(bundle) != null));
            return retired.computeIfAbsent(bundle, id -> new CompletableFuture<>());
        }

        @Override
        public void restore(long bundle) {
            log.add(new Entry(bundle, false, felix.context().getBundle(bundle) != null));
            retired.remove(bundle);
        }
    }
}
