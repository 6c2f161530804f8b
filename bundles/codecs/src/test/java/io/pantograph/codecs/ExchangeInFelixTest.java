package io.pantograph.codecs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.CodecExchange;
import io.pantograph.api.core.CodecExchange.Candidate;
import io.pantograph.api.core.CodecExchange.Verdict;
import io.pantograph.api.core.CodecRoute;
import io.pantograph.api.core.Codecs;
import io.pantograph.api.core.NoCodecException;
import io.pantograph.api.model.Content;
import io.pantograph.api.operator.CodecBoard;
import io.pantograph.api.operator.CodecStatus;
import io.pantograph.api.operator.Trial;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.TestFramework;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.apache.felix.scr.info.ScrInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;

/** Bundles of two versions side by side in a real framework, as the installer exchanges them. */
class ExchangeInFelixTest {

    // Each version of the stock codec writes its own number, so all they write is different.
    private static final Trial CHANGING = new Trial(0, Optional.empty(), 0, OptionalLong.empty(), 0, 1, Optional.empty(), false);
    private static final String HASH = "0123456789abcdef".repeat(4);

    @TempDir
    Path folder;

    private TestFramework felix;
    private Codecs codecs;
    private CodecExchange exchange;

    @BeforeEach
    void start() throws Exception {
        felix = TestFramework.start(folder.resolve("felix"), true,
                Map.of(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE));
        felix.add(TestFramework.jarOf(org.osgi.util.function.Function.class), TestFramework.jarOf(org.osgi.util.promise.Promise.class),
                TestFramework.jarOf(org.osgi.service.component.ComponentContext.class),
                TestFramework.jarOf(org.apache.felix.cm.PersistenceManager.class), TestFramework.jarOf(ScrInfo.class),
                TestFramework.packaged(Path.of("target"), "codecs"));
        codecs = felix.service(Codecs.class);
        exchange = felix.service(CodecExchange.class);
    }

    @AfterEach
    void stop() throws Exception {
        felix.close();
        System.getProperties().keySet().removeIf(key -> key.toString().startsWith("stock."));
    }

    private Bundle install(String version, String location) throws Exception {
        try (InputStream in = Files.newInputStream(StockJar.of(folder, "codec", version))) {
            return felix.context().installBundle(location, in);
        }
    }

    private Candidate hold(Bundle bundle) throws Exception {
        Candidate candidate = exchange.hold(bundle.getBundleId());
        bundle.start();
        assertEquals("[stock]", candidate.formats().toString());
        return candidate;
    }

    private String encode() throws CodecException {
        return codecs.route("stock").encode(Content.of("a")).text();
    }

    @Test
    void exchangesAHigherVersionByALower() throws Exception {
        Bundle old = install("2.0.0", "old");
        old.start();
        Bundle young = install("1.0.0", "young");
        Candidate candidate = hold(young);
        assertEquals("2.0.0 a", encode());
        assertEquals("[serving, held]", places());
        CompletableFuture<Verdict> verdict = new CompletableFuture<>();
        candidate.serve(CHANGING, 2, verdict::complete);
        assertEquals("1.0.0 a", encode());
        assertEquals("1.0.0 a", encode());
        assertTrue(Await.result(verdict).passed());
        assertEquals("[serving, standing by]", places());
        assertEquals("$", candidate.evidence().differences().get(0).field());
        candidate.settle();
        assertEquals("1.0.0 a", encode());
        old.uninstall();
        assertEquals("1.0.0 a", encode());
        assertEquals("[serving]", places());
        young.uninstall();
        candidate.close();
        assertTrue(codecs.formats().isEmpty());
    }

    private String places() {
        return felix.service(CodecBoard.class).codecs().stream().map(CodecStatus::place).toList().toString();
    }

    @Test
    void takesBackAndTriesAgain() throws Exception {
        install("1.0.0", "old").start();
        Bundle young = install("2.0.0", "young");
        Candidate candidate = hold(young);
        CompletableFuture<Verdict> verdict = new CompletableFuture<>();
        candidate.serve(Trial.USUAL, 2, verdict::complete);
        assertEquals("1.0.0 a", encode());
        assertEquals("1 of 1 messages came out otherwise than before, at most none may; when encoding 'stock' it was the field $",
                Await.result(verdict).reason());
        candidate.withdraw();
        young.uninstall();
        candidate.close();
        assertEquals("1.0.0 a", encode());
        Bundle again = install("2.1.0", "again");
        Candidate second = hold(again);
        second.settle();
        assertEquals("2.1.0 a", encode());
        second.close();
        assertEquals("2.1.0 a", encode());
    }

    @Test
    void tellsWhichJarAMessageCameFrom() throws Exception {
        Bundle bundle = install("1.0.0", "deploy:stock.codec@1.0.0#" + HASH);
        bundle.start();
        assertEquals(HASH, sha256());
        bundle.stop();
        bundle.start();
        assertEquals(HASH, sha256());
        // The location stays, but it is another jar now.
        try (InputStream in = Files.newInputStream(StockJar.of(folder, "codec", "1.0.1"))) {
            bundle.update(in);
        }
        assertEquals("", sha256());
    }

    private String sha256() throws CodecException {
        return codecs.route("stock").encode(null, Content.of("a")).by().sha256();
    }

    @Test
    void holdsTheOnlyOneOfItsFormat() throws Exception {
        Candidate candidate = hold(install("1.0.0", "young"));
        NoCodecException none = assertThrows(NoCodecException.class, this::encode);
        assertEquals("the codec for 'stock' (stock.codec 1.0.0) is held back until it has been tried", none.getMessage());
        assertEquals("1.0.0 a", candidate.guarded("stock").encode(Content.of("a")).text());
        candidate.close();
        assertThrows(NoCodecException.class, this::encode);
    }

    /** Swaps, every fifth of a version that breaks, and between them somebody who updates the one on trial in place. */
    @Test
    void losesNoMessageInAHundredSwaps() throws Exception {
        AtomicBoolean end = new AtomicBoolean();
        LongAdder encoded = new LongAdder();
        List<Throwable> failed = Collections.synchronizedList(new ArrayList<>());
        Bundle serving = install("1.0.0", "stock-0");
        serving.start();
        List<Thread> publishers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Thread publisher = new Thread(() -> {
                CodecRoute route = codecs.route("stock");
                while (!end.get()) {
                    try {
                        route.encode(Content.of("x"));
                        encoded.increment();
                    } catch (Exception | LinkageError e) {
                        failed.add(e);
                        return;
                    }
                }
            }, "publisher-" + i);
            publisher.start();
            publishers.add(publisher);
        }
        int bundles = felix.context().getBundles().length;
        int back = 0;
        for (int i = 1; i <= 100; i++) {
            boolean good = i % 5 != 0;
            String version = "1.0." + i % 10;
            if (!good) {
                System.getProperties().put("stock.breaks." + version, 300);
            }
            Bundle young = install(version, "stock-" + i);
            Candidate candidate = hold(young);
            CompletableFuture<Verdict> verdict = new CompletableFuture<>();
            candidate.serve(CHANGING, i % 10 == 1 ? 100_000 : 500, verdict::complete);
            if (i % 10 == 1) {
                try (InputStream in = Files.newInputStream(StockJar.of(folder, "codec", version))) {
                    young.update(in);
                }
            }
            assertEquals(good, Await.result(verdict).passed(), verdict.join().reason());
            if (good) {
                candidate.settle();
                serving.uninstall();
                serving = young;
            } else {
                back++;
                candidate.withdraw();
                young.uninstall();
                System.getProperties().remove("stock.breaks." + version);
            }
            candidate.close();
        }
        end.set(true);
        for (Thread publisher : publishers) {
            publisher.join(10_000);
        }
        System.out.printf("100 swaps side by side, %d taken back, under 2 threads: %d encoded, %d failed%n", back, encoded.sum(), failed.size());
        assertEquals(List.of(), failed.subList(0, Math.min(3, failed.size())));
        assertEquals(bundles, felix.context().getBundles().length);
        assertFalse(codecs.formats().isEmpty());
        assertEquals(20, back);
    }
}
