package io.pantograph.codecs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.CodecRoute;
import io.pantograph.api.core.Codecs;
import io.pantograph.api.core.NoCodecException;
import io.pantograph.api.model.Content;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.TestFramework;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.apache.felix.scr.info.ScrInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.service.cm.ConfigurationAdmin;

/** Codecs come, go and are exchanged in a real framework, by Declarative Services, while messages flow. */
class CodecsInFelixTest {

    @TempDir
    Path folder;

    private TestFramework felix;
    private Codecs codecs;

    @BeforeEach
    void start() throws Exception {
        felix = TestFramework.start(folder.resolve("felix"), true);
        felix.add(TestFramework.jarOf(org.osgi.util.function.Function.class), TestFramework.jarOf(org.osgi.util.promise.Promise.class),
                TestFramework.jarOf(org.osgi.service.component.ComponentContext.class),
                TestFramework.jarOf(org.apache.felix.cm.PersistenceManager.class), TestFramework.jarOf(ScrInfo.class),
                TestFramework.packaged(Path.of("target"), "codecs"));
        codecs = felix.service(Codecs.class);
    }

    @AfterEach
    void stop() throws Exception {
        felix.close();
        System.getProperties().keySet().removeIf(key -> key.toString().startsWith("stock."));
    }

    private Path jar(String name, String version) throws Exception {
        return StockJar.of(folder, name, version);
    }

    private Bundle deploy(String name, String version) throws Exception {
        return felix.add(jar(name, version)).get(0);
    }

    private void update(Bundle bundle, String version) throws Exception {
        try (InputStream in = Files.newInputStream(jar("codec", version))) {
            bundle.update(in);
        }
    }

    private String encode(String text) throws Exception {
        return codecs.route("stock").encode(Content.of(text)).text();
    }

    @Test
    void deploysUsesRemovesAndDeploysAgain() throws Exception {
        CodecRoute route = codecs.route("stock");
        assertFalse(route.ready());
        NoCodecException never = assertThrows(NoCodecException.class, () -> encode("a"));
        assertEquals("no codec for format 'stock'; installed are none; put a codec bundle for it into the drop folder", never.getMessage());
        long before = codecs.generation();
        Bundle bundle = deploy("codec", "1.0.0");
        assertTrue(route.ready());
        assertEquals("1.0.0 a", encode("a"));
        assertEquals("[stock]", codecs.formats().toString());
        assertEquals(before + 1, codecs.generation());
        bundle.uninstall();
        assertFalse(route.ready());
        assertEquals("[]", codecs.formats().toString());
        assertEquals(before + 2, codecs.generation());
        deploy("codec", "1.1.0");
        assertEquals("1.1.0 a", encode("a"));
        // Rooms keep the route and never look it up again.
        assertSame(route, codecs.route("stock"));
    }

    /** The reason for all this: somebody updates a bundle in place, and no message notices. */
    @Test
    void losesNoMessageWhileItsBundleIsUpdatedFiftyTimes() throws Exception {
        Bundle bundle = deploy("codec", "1.0.0");
        for (int i = 1; i <= 50; i++) {
            jar("codec", "1.0." + i);
        }
        AtomicBoolean end = new AtomicBoolean();
        LongAdder encoded = new LongAdder();
        LongAdder failed = new LongAdder();
        AtomicLong longest = new AtomicLong();
        SortedMap<String, LongAdder> versions = new ConcurrentSkipListMap<>();
        Map<String, Throwable> first = new ConcurrentSkipListMap<>();
        List<Thread> publishers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Thread publisher = new Thread(() -> {
                CodecRoute route = codecs.route("stock");
                Content content = Content.of("x");
                while (!end.get()) {
                    long begin = System.nanoTime();
                    try {
                        String text = route.encode(content).text();
                        versions.computeIfAbsent(text, none -> new LongAdder()).increment();
                        encoded.increment();
                    } catch (Exception | LinkageError e) {
                        failed.increment();
                        first.putIfAbsent(e.toString(), e);
                    }
                    long took = System.nanoTime() - begin;
                    longest.accumulateAndGet(took, Math::max);
                }
            }, "publisher-" + i);
            publisher.start();
            publishers.add(publisher);
        }
        long begin = System.nanoTime();
        for (int i = 1; i <= 50; i++) {
            long seen = encoded.sum();
            Await.until("messages between two updates", () -> encoded.sum() + failed.sum() > seen + 1_000);
            update(bundle, "1.0." + i);
        }
        String last = "1.0.50 x";
        Await.until("messages by the last version", () -> versions.containsKey(last));
        end.set(true);
        for (Thread publisher : publishers) {
            publisher.join(10_000);
        }
        System.out.printf("50 updates in place under 2 threads: %d encoded by %d versions, %d failed, longest call %.1f ms, %.1f ms an update%n",
                encoded.sum(), versions.size(), failed.sum(), longest.get() / 1e6, (System.nanoTime() - begin) / 50e6);
        assertEquals(new TreeMap<>(), new TreeMap<>(first));
        assertEquals(0, failed.sum());
        assertEquals(51, versions.size());
    }

    @Test
    void waitsForACodecThatIsBeingReplaced() throws Exception {
        Bundle bundle = deploy("codec", "1.0.0");
        configure(60_000);
        bundle.stop();
        CompletableFuture<String> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return encode("a");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        Await.until("a caller that waits", () -> somebodyIsIn(Route.class, "await"));
        assertFalse(waiting.isDone());
        bundle.start();
        assertEquals("1.0.0 a", Await.result(waiting));
    }

    @Test
    void failsWithAReasonWhenNoneComesInTime() throws Exception {
        Bundle bundle = deploy("codec", "1.0.0");
        configure(300);
        deploy("other", "1.0.0").start();
        for (Bundle each : felix.context().getBundles()) {
            if (each.getSymbolicName().startsWith("stock.")) {
                each.stop();
            }
        }
        NoCodecException late = assertThrows(NoCodecException.class, () -> encode("a"));
        assertTrue(late.getMessage().startsWith("no codec for format 'stock'; installed are none;"), late.getMessage());
        // The wait is reckoned from the departure: later callers do not wait again.
        assertThrows(NoCodecException.class, () -> encode("b"));
        bundle.start();
        assertEquals("1.0.0 c", encode("c"));
    }

    private void configure(long millis) throws Exception {
        felix.service(ConfigurationAdmin.class).getConfiguration("io.pantograph.codecs", "?")
                .update(new Hashtable<>(Map.of("wait.ms", millis)));
        Await.until("the setting to arrive", () -> waitOf(codecs) == millis * 1_000_000);
    }

    private static long waitOf(Codecs codecs) {
        try {
            var patience = codecs.getClass().getDeclaredField("patience");
            patience.setAccessible(true);
            var nanos = patience.get(codecs).getClass().getDeclaredField("nanos");
            nanos.setAccessible(true);
            return nanos.getLong(patience.get(codecs));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void letsACallFinishBeforeItsBundleStops() throws Exception {
        Bundle bundle = deploy("codec", "1.0.0");
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        inTheMiddleOf("slow", context -> {
            inside.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        CompletableFuture<String> slow = CompletableFuture.supplyAsync(this::slow);
        inside.await();
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> stop(bundle));
        Await.until("the one who stops it to wait", () -> somebodyIsIn(Slot.class, "close"));
        assertFalse(codecs.route("stock").ready());
        assertEquals(Bundle.STOPPING, bundle.getState());
        go.countDown();
        assertEquals("1.0.0 slow", Await.result(slow));
        Await.result(stopped);
        assertEquals(Bundle.RESOLVED, bundle.getState());
    }

    private static boolean somebodyIsIn(Class<?> type, String method) {
        return Thread.getAllStackTraces().values().stream().flatMap(Arrays::stream)
                .anyMatch(frame -> frame.getClassName().equals(type.getName()) && frame.getMethodName().equals(method));
    }

    private String slow() {
        try {
            return encode("slow");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    // Waiting for a call from inside that very call would take the whole five seconds.
    @Test
    void doesNotWaitForTheCallThatStopsTheBundle() throws Exception {
        deploy("codec", "1.0.0");
        AtomicLong took = new AtomicLong();
        inTheMiddleOf("stop", context -> {
            long begin = System.nanoTime();
            stop(context.getBundle());
            took.set(System.nanoTime() - begin);
        });
        configure(0);
        // It ended during the call, by its own doing, and nobody else has the format.
        assertThrows(NoCodecException.class, () -> encode("stop"));
        assertTrue(took.get() > 0 && took.get() < 4_000_000_000L, took + " ns");
    }

    private static void inTheMiddleOf(String text, Consumer<BundleContext> what) {
        System.getProperties().put("stock." + text, what);
    }

    private static void stop(Bundle bundle) {
        try {
            bundle.stop();
        } catch (BundleException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void knowsHowMuchMemoryACodecAsksFor() throws Exception {
        deploy("codec", "1.0.0");
        inTheMiddleOf("greedy", context -> {
            for (int i = 0; i < 100; i++) {
                System.getProperties().put("stock.chunk", new byte[1 << 20]);
            }
        });
        CodecException greedy = assertThrows(CodecException.class, () -> encode("greedy"));
        // "asked for", or "is in quarantine since it asked for" if it was looked at in the middle of it
        assertTrue(greedy.getMessage().startsWith("the codec for 'stock' (stock.codec 1.0.0) "), greedy.getMessage());
        assertTrue(greedy.getMessage().matches(".* asked for \\d+ MiB of memory for one message, .*"), greedy.getMessage());
    }

    @Test
    void keepsNoClassesOfCodecsThatCameAndWent() throws Exception {
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            Bundle bundle = deploy("codec", "1.0." + i);
            inTheMiddleOf("look", context -> loaders.add(new WeakReference<>(context.getBundle().adapt(BundleWiring.class).getClassLoader())));
            encode("look");
            inTheMiddleOf("throw", context -> {
                throw new IllegalStateException();
            });
            assertThrows(CodecException.class, () -> encode("throw"));
            bundle.uninstall();
        }
        // What lies on stacks and in caches of the framework is of the last ones.
        Await.until("the classes to be free", () -> {
            System.gc();
            return loaders.stream().filter(loader -> loader.get() != null).count() <= 2;
        });
    }

    // A map with one place for each format would forget the older one here.
    @Test
    void keepsAllAndPrefersTheNewerVersion() throws Exception {
        Bundle newer = deploy("codec", "2.0.0");
        deploy("other", "1.0.0");
        assertEquals("2.0.0 a", encode("a"));
        newer.stop();
        assertEquals("1.0.0 a", encode("a"));
        newer.start();
        assertEquals("2.0.0 a", encode("a"));
        assertEquals("[stock]", codecs.formats().toString());
    }
}
