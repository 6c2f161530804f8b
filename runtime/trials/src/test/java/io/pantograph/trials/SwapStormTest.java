package io.pantograph.trials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.core.Codecs;
import io.pantograph.api.device.Device;
import io.pantograph.api.device.DeviceOptions;
import io.pantograph.api.device.Gateway;
import io.pantograph.api.dialect.Dialect;
import io.pantograph.api.operator.Change;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.Deployments;
import io.pantograph.api.operator.Release;
import io.pantograph.api.operator.State;
import io.pantograph.api.operator.Trial;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.InnerBox;
import io.pantograph.trials.StormJars.Manner;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;

/**
 * Codecs are exchanged again and again under load, four at a time, and everybody's account must come out: nothing lost, repeated, overtaken or
 * failed, nothing else started anew, and nothing left behind. Then the same with releases of every bad kind among the good ones. With
 * {@code -Dtrials.long=true} there are a thousand exchanges at 20,000 messages a second, and latencies are judged too.
 */
@Timeout(value = 7_200, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SwapStormTest {

    private static final boolean LONG = Boolean.getBoolean("trials.long");
    private static final List<String> FORMATS = List.of("f0", "f1", "f2", "f3");
    private static final int SWAPS = Integer.getInteger("trials.swaps", LONG ? 1_000 : 40);
    private static final int RATE = Integer.getInteger("trials.rate", LONG ? 20_000 : 4_000);
    private static final int WARM_UP_S = Integer.getInteger("trials.warm-up.s", LONG ? 30 : 2);
    private static final int STILL_S = Integer.getInteger("trials.still.s", LONG ? 60 : 3);
    /** From one round of four exchanges to the next at least; else as soon as all four have ended. */
    private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(Integer.getInteger("trials.pace.ms", 0));
    /** Of the time without exchanges. */
    private static final int SLICES = 5;
    /** One of so many is bad. */
    private static final int BAD = LONG ? 10 : 5;
    private static final Duration TAKEN_BACK = Duration.ofSeconds(3);

    private final Map<String, AtomicInteger> starts = new ConcurrentSkipListMap<>();
    private final Map<Manner, List<Duration>> takenBack = new TreeMap<>();
    private final List<StormLoad> loads = new ArrayList<>();
    private TestHub hub;
    private InnerBox box;
    private Path folder;
    private Overhearer watcher;

    @AfterEach
    void close() throws Exception {
        loads.forEach(StormLoad::abandon);
        if (watcher != null) {
            watcher.close();
        }
        if (box != null) {
            box.close();
        }
        if (hub != null) {
            hub.close();
        }
    }

    @Test
    void goodReleasesOnly() throws Exception {
        storm(SWAPS, false);
    }

    @Test
    void someReleasesAreBad() throws Exception {
        storm(SWAPS, true);
        takenBack.forEach((manner, times) -> System.out.printf("  %-12s %3d taken back, the slowest after %d ms%n", manner, times.size(),
                times.stream().mapToLong(Duration::toMillis).max().orElse(0)));
        takenBack.forEach((manner, times) -> times.forEach(time ->
                assertTrue(time.compareTo(TAKEN_BACK) < 0, manner + " was taken back only after " + time)));
    }

    private void storm(int swaps, boolean bad) throws Exception {
        hub = TestHub.start();
        folder = Files.createDirectories(TestHub.home("storm").resolve("jars"));
        box = InnerBox.start(TestHub.jar("gateway"), folder.resolveSibling("gateway"), Map.of());
        Deployments deployments = box.service(Deployments.class);
        for (String format : FORMATS) {
            Deployment first = settled(deployments, deployments.deploy(release(format, "1.0.0", Manner.GOOD, 0)));
            assertEquals(State.PROVEN, first.state(), first.reason());
        }
        connect();
        loads.forEach(StormLoad::start);

        TimeUnit.SECONDS.sleep(WARM_UP_S);
        loads.forEach(StormLoad::latencies);
        List<Duration> slices = new ArrayList<>();
        List<int[]> all = new ArrayList<>();
        for (int i = 0; i < SLICES; i++) { // the same run without exchanges
            TimeUnit.MILLISECONDS.sleep(STILL_S * 1_000L / SLICES);
            int[][] slice = loads.stream().map(StormLoad::latencies).toArray(int[][]::new);
            slices.add(StormLoad.quantile(0.999, slice));
            all.addAll(Arrays.asList(slice));
        }
        int[][] still = all.toArray(int[][]::new);
        box.context().addBundleListener(counter());
        Footprint begun = Footprint.now();
        TimeUnit.SECONDS.sleep(1);
        loads.forEach(StormLoad::latencies); // the footprint stops the world, and what waited then has not waited for an exchange

        int sentBefore = loads.stream().mapToInt(StormLoad::sent).sum();
        long start = System.nanoTime();
        exchange(deployments, swaps, bad);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        int[][] swapped = loads.stream().map(StormLoad::latencies).toArray(int[][]::new);
        int sent = loads.stream().mapToInt(StormLoad::sent).sum() - sentBefore;

        for (StormLoad load : loads) {
            load.stop();
        }
        for (StormLoad load : loads) {
            Await.until(() -> load.format + " to be heard: " + load.ledger, Duration.ofSeconds(30), () -> load.ledger.lost() == 0);
        }
        Footprint ended = Footprint.now();
        Duration calm = slices.stream().sorted().toList().get(SLICES / 2); // one moment at which all stood still excuses nothing
        Duration stormy = StormLoad.quantile(0.999, swapped);
        System.out.printf("%d exchanges%s in %.1f s, %,d messages (%,d/s, without exchanges %,d/s); p50 %d -> %d us, p99.9 %d -> %d us; %s -> %s%n", swaps,
                bad ? ", one of " + BAD + " bad" : "", took.toMillis() / 1e3, sent, sent * 1000L / Math.max(1, took.toMillis()),
                Arrays.stream(still).mapToInt(part -> part.length).sum() / STILL_S,
                StormLoad.quantile(0.5, still).toNanos() / 1000, StormLoad.quantile(0.5, swapped).toNanos() / 1000,
                calm.toNanos() / 1000, stormy.toNanos() / 1000, begun, ended);
        loads.forEach(load -> System.out.println("  " + load.format + ": " + load.ledger));

        assertEquals(null, watcher.failure.get(), "the watching application");
        for (StormLoad load : loads) {
            assertEquals(null, load.failure.get(), load.format);
            assertEquals(0, load.ledger.lost(), load.format);
            assertEquals(0, load.ledger.duplicated(), load.format);
            assertEquals(0, load.ledger.outOfOrder(), load.format);
        }
        starts.keySet().forEach(name -> assertTrue(name.startsWith("storm.codec."), name + " was started by an exchange"));
        ended.assertNotAbove(begun);
        if (LONG) {
            assertTrue(stormy.compareTo(Duration.ofMillis(5)) <= 0 || stormy.toNanos() <= 1.5 * calm.toNanos(),
                    "p99.9 is " + stormy + ", without exchanges it was " + calm);
        }
    }

    private void connect() throws Exception {
        box.service(Dialect.class);
        Codecs codecs = box.service(Codecs.class);
        Await.until("the codecs", () -> codecs.formats().containsAll(FORMATS));
        Gateway gateway = box.service(Gateway.class);
        for (String format : FORMATS) {
            hub.register("storm", "d-" + format);
            Device device = gateway.connect(DeviceOptions.dialect("watson").with("org", hub.org).with("type", "storm").with("id", "d-" + format)
                    .with("auth-method", "token").secret("auth-token", TestHub.TOKEN).with("domain", "localhost").with("port", hub.mqtt())
                    .with("tls", "false"));
            Await.result(device.connected());
            loads.add(new StormLoad(device, format, RATE / FORMATS.size()));
        }
        watcher = new Overhearer(hub, "ledger", "iot-2/type/storm/id/+/evt/n/fmt/+", (topic, payload) ->
                loads.get(topic.charAt(topic.length() - 1) - '0').heard(payload));
    }

    /** Four at a time, one of each format. */
    private void exchange(Deployments deployments, int swaps, boolean bad) throws Exception {
        int made = 0;
        long start = System.nanoTime();
        for (int round = 1; made < swaps; round++) {
            TimeUnit.NANOSECONDS.sleep(start + (round - 1) * PACE_NANOS - System.nanoTime());
            Map<Deployment, Manner> under = new java.util.LinkedHashMap<>();
            for (String format : FORMATS) {
                made++;
                Manner manner = bad && made % BAD == 0 ? Manner.values()[1 + made / BAD % (Manner.values().length - 1)] : Manner.GOOD;
                under.put(deployments.deploy(release(format, "1." + round + ".0", manner, bad ? 4_000 : 500)), manner);
            }
            for (Map.Entry<Deployment, Manner> one : under.entrySet()) {
                judge(settled(deployments, one.getKey()), one.getValue());
            }
        }
    }

    private void judge(Deployment ended, Manner manner) {
        if (manner == Manner.GOOD) {
            assertEquals(State.PROVEN, ended.state(), ended.values().toString());
            return;
        }
        assertTrue(ended.state() == State.REFUSED || ended.state() == State.ROLLED_BACK, manner + ": " + ended.values());
        takenBack.computeIfAbsent(manner, none -> new ArrayList<>()).add(Duration.between(ended.begun(), ended.ended().orElseThrow()));
    }

    private Release release(String format, String version, Manner manner, long calls) throws Exception {
        Change change = new Change.Install(Optional.of(StormJars.name(format)), Optional.empty(),
                new Change.Jar.Local(StormJars.jar(folder, format, version, manner)));
        return new Release("trial", List.of(change),
                new Trial(0, Optional.empty(), 0, OptionalLong.of(calls), 0, 0, Optional.empty(), false), Optional.empty());
    }

    private static Deployment settled(Deployments deployments, Deployment begun) {
        Await.until(() -> "the end of " + deployments.deployment(begun.id()), Duration.ofSeconds(60),
                () -> deployments.deployment(begun.id()).orElse(begun).state().isEnd());
        return deployments.deployment(begun.id()).orElseThrow();
    }

    private BundleListener counter() {
        return event -> {
            if (event.getType() == BundleEvent.STARTED) {
                starts.computeIfAbsent(event.getBundle().getSymbolicName(), name -> new AtomicInteger()).incrementAndGet();
            }
        };
    }

    /** What a leak would show in. */
    private record Footprint(int classes, int threads, long heapMib) {

        static Footprint now() throws InterruptedException {
            for (int i = 0; i < 3; i++) {
                System.gc();
                TimeUnit.MILLISECONDS.sleep(100);
            }
            return new Footprint(ManagementFactory.getClassLoadingMXBean().getLoadedClassCount(), Thread.activeCount(),
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20);
        }

        void assertNotAbove(Footprint before) {
            assertTrue(classes <= before.classes + 300, "classes: " + before + " -> " + this);
            assertTrue(threads <= before.threads + 16, "threads: " + before + " -> " + this);
            assertTrue(heapMib <= before.heapMib + 64, "heap: " + before + " -> " + this);
        }

        @Override
        public String toString() {
            return classes + " classes, " + threads + " threads, " + heapMib + " MiB";
        }
    }
}
