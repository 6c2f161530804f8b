package io.pantograph.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aQute.bnd.osgi.Builder;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.Codecs;
import io.pantograph.api.core.Settings;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Values;
import io.pantograph.api.operator.Deployments;
import io.pantograph.api.operator.State;
import io.pantograph.codecs.CodecRegistry;
import io.pantograph.deploy.stock.BrokenCodec;
import io.pantograph.samples.codec.custom.CustomCodec;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.PlainSettings;
import io.pantograph.testkit.TestFramework;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.apache.felix.scr.info.ScrInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** The folder as an operator meets it: real File Install, real Declarative Services, the sample's own jar. */
class DropInFelixTest {

    private static final Content EXAMPLE = Content.of(Values.of("hello", "world", "x", 10L));

    private static final String WORN_OUT = "stock.meter.worn.out";

    @TempDir
    Path folder;

    private Path home;
    private Path drop;
    private Path dropped;
    private Path refused;
    private TestFramework felix;
    private Codecs codecs;

    @BeforeEach
    void start() throws Exception {
        home = Files.createDirectories(folder.resolve("home"));
        drop = home.resolve("drop");
        dropped = drop.resolve("codec.custom.jar");
        refused = drop.resolve("REFUSED.txt");
        start(true);
    }

    private void start(boolean clean) throws Exception {
        felix = TestFramework.start(folder.resolve("felix"), clean);
        felix.context().registerService(Settings.class, new PlainSettings(home).with(Deploy.CALLS, "20"), null);
        felix.add(TestFramework.jarOf(org.osgi.util.function.Function.class), TestFramework.jarOf(org.osgi.util.promise.Promise.class),
                TestFramework.jarOf(org.osgi.service.component.ComponentContext.class),
                TestFramework.jarOf(org.apache.felix.cm.PersistenceManager.class), TestFramework.jarOf(ScrInfo.class),
                TestFramework.jarOf(ArtifactInstaller.class), TestFramework.jarOf(com.fasterxml.jackson.core.JsonFactory.class),
                TestFramework.jarOf(CodecRegistry.class), TestFramework.packaged(Path.of("target"), "deploy"));
        codecs = felix.service(Codecs.class);
        Await.until("the folder", () -> Files.isDirectory(drop));
    }

    @AfterEach
    void stop() throws Exception {
        System.clearProperty(WORN_OUT);
        felix.close();
    }

    private static Path sample() {
        return TestFramework.jarOf(CustomCodec.class);
    }

    private static Jars sample(String version) throws IOException {
        return Jars.like(sample()).header("Bundle-Version", version);
    }

    /** It alone, and so proven: some messages are on their way meanwhile. */
    private void awaitVersion(String version) {
        Await.until(() -> "version " + version + " in service, there are " + bundles() + "; " + refusals(), Await.USUAL,
                () -> speaks() && bundles().equals(List.of(version)));
    }

    private List<String> bundles() {
        return Arrays.stream(felix.context().getBundles())
                .filter(bundle -> bundle.getLocation().startsWith("deploy:") && bundle.getState() == Bundle.ACTIVE)
                .map(bundle -> bundle.getVersion().toString()).toList();
    }

    private boolean speaks() {
        if (!codecs.route("custom").ready()) {
            return false;
        }
        try {
            for (int i = 0; i < 20; i++) {
                codecs.route("custom").encode(EXAMPLE);
            }
            return true;
        } catch (CodecException e) {
            throw new IllegalStateException(e);
        }
    }

    private void roundTrip() throws CodecException {
        Bytes bytes = codecs.route("custom").encode(EXAMPLE);
        assertEquals("world,10", bytes.text());
        assertEquals(EXAMPLE, codecs.route("custom").decode(bytes));
    }

    private void awaitRefusal(String... words) {
        Await.until("a refusal with " + List.of(words), () -> Arrays.stream(words).allMatch(refusals()::contains));
    }

    private String refusals() {
        try {
            return Files.exists(refused) ? Files.readString(refused) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aJarComesIsOverwrittenAndGoes() throws Exception {
        Files.copy(sample(), dropped);
        Await.until("the codec", this::speaks);
        roundTrip();
        // Overwritten while messages flow: nobody notices.
        AtomicBoolean end = new AtomicBoolean();
        LongAdder decoded = new LongAdder();
        AtomicReference<Exception> failed = new AtomicReference<>();
        Thread traffic = new Thread(() -> {
            while (!end.get()) {
                try {
                    codecs.route("custom").decode(Bytes.utf8("world,10"));
                    decoded.increment();
                } catch (CodecException e) {
                    failed.compareAndSet(null, e);
                }
            }
        }, "traffic");
        traffic.start();
        for (String version : List.of("7.0.0", "7.1.0", "6.0.0")) {
            sample(version).write(dropped);
            awaitVersion(version);
        }
        end.set(true);
        traffic.join(10_000);
        assertEquals(null, failed.get());
        System.out.println("3 files overwritten under load: " + decoded.sum() + " decoded, 0 failed");
        Files.delete(dropped);
        Await.until("the codec to go", () -> !codecs.route("custom").ready() && bundles().isEmpty());
        assertFalse(Files.exists(refused));
        Files.copy(sample(), dropped);
        Await.until("the codec to come again", this::speaks);
        roundTrip();
    }

    // A copy over a slow line rests half-way: it is refused, and taken when it is whole.
    @Test
    void aHalfCopiedJarIsTriedAgain() throws Exception {
        byte[] whole = Files.readAllBytes(sample());
        Files.write(dropped, Arrays.copyOf(whole, whole.length / 2));
        awaitRefusal("codec.custom.jar is no whole jar; copy it again");
        assertEquals(List.of(), bundles());
        Files.write(dropped, whole);
        Await.until("the codec", this::speaks);
        roundTrip();
        Await.until("the refusal to be settled", () -> !Files.exists(refused));
    }

    @Test
    void aRefusedJarLeavesTheOneBeforeAtWork() throws Exception {
        sample("1.0.0").write(dropped);
        awaitVersion("1.0.0");
        sample("2.0.0").header("Export-Package", "io.pantograph.samples.codec.custom").write(dropped);
        awaitRefusal("exports packages", "Version 1.0.0, which was there before, goes on working");
        roundTrip();
        assertEquals(List.of("1.0.0"), bundles());
        // A restart finds the refused one only, and remembers the one that worked.
        felix.close();
        start(true);
        awaitVersion("1.0.0");
        awaitRefusal("exports packages", "Version 1.0.0, which was there before, goes on working");
        roundTrip();
        sample("2.0.1").write(dropped);
        awaitVersion("2.0.1");
        Await.until("the refusal to be settled", () -> !Files.exists(refused));
        assertEquals(List.of("2.0.1"), bundles());
    }

    // These pass every look from outside; only running them shows.
    @Test
    void aJarThatDoesNotWorkIsTakenBack() throws Exception {
        sample("1.0.0").write(dropped);
        awaitVersion("1.0.0");
        sample("2.0.0").header("Import-Package", "io.pantograph.api.codec,io.pantograph.api.model,com.example.missing").write(dropped);
        awaitRefusal("imports com.example.missing, which no bundle here exports", "Version 1.0.0, which was there before, goes on working");
        roundTrip();
        broken().write(dropped);
        awaitRefusal("this codec cannot be made", "Version 1.0.0, which was there before, goes on working");
        roundTrip();
        sample("3.0.0").header("Service-Component", null).write(dropped);
        awaitRefusal("promises a codec for 'custom' but registers none", "goes on working");
        roundTrip();
        assertEquals(List.of("1.0.0"), bundles());
        Files.delete(dropped);
        Await.until("the codec to go", () -> !codecs.route("custom").ready() && !Files.exists(refused));
    }

    private Jars broken() throws Exception {
        try (Builder builder = new Builder()) {
            builder.setClasspath(new File[] {new File("target/test-classes"), TestFramework.jarOf(Content.class).toFile()});
            builder.setBundleSymbolicName("io.pantograph.samples.codec.custom");
            builder.setBundleVersion("5.0.0");
            builder.setProperty("-privatepackage", BrokenCodec.class.getPackageName());
            Path file = folder.resolve("broken.jar");
            builder.build().write(file.toFile());
            return Jars.like(file);
        }
    }

    @Test
    void aJarIsTakenOutInTheMiddleOfItsTrial() throws Exception {
        Files.copy(sample(), dropped);
        Deployments deployments = felix.service(Deployments.class);
        Await.until("the probation", () -> !deployments.deployments().isEmpty() && deployments.deployments().get(0).state() == State.PROBATION);
        Files.delete(dropped);
        Await.until("it to be gone", () -> !codecs.route("custom").ready() && bundles().isEmpty());
    }

    @Test
    void aNewJarThatDoesNotWorkLeavesNothing() throws Exception {
        broken().write(dropped);
        awaitRefusal("this codec cannot be made");
        Await.until("it to be gone", () -> !codecs.route("custom").ready() && bundles().isEmpty());
    }

    // The file's name is the operator's; the bundle's name counts.
    @Test
    void theNewerFileOfOneBundleCounts() throws Exception {
        sample("1.0.0").write(drop.resolve("custom-1.0.0.jar"));
        awaitVersion("1.0.0");
        sample("1.1.0").write(drop.resolve("custom-1.1.0.jar"));
        awaitVersion("1.1.0");
        Files.delete(drop.resolve("custom-1.1.0.jar"));
        awaitVersion("1.0.0");
        roundTrip();
    }

    @Test
    void aRestartTakesWhatLiesInTheFolder() throws Exception {
        sample("1.0.0").write(dropped);
        awaitVersion("1.0.0");
        felix.close();
        start(true);
        awaitVersion("1.0.0");
        roundTrip();
        // Also when the framework's storage was kept, and the file was exchanged or deleted while the box was off.
        felix.close();
        sample("1.1.0").write(dropped);
        start(false);
        awaitVersion("1.1.0");
        felix.close();
        Files.delete(dropped);
        start(false);
        Await.until("the deleted one to be gone", () -> !codecs.route("custom").ready() && bundles().isEmpty());
    }

    // Bytes that worked once are gone when their file is, and what was refused is not in the way of what comes.
    @Test
    void aJarThatFailsOnProbationIsTakenBack() throws Exception {
        Shop shop = new Shop(Files.createDirectories(folder.resolve("shop")));
        Path meter = drop.resolve("meter.jar");
        shop.meter("1.0.0", "").write(meter);
        awaitMeter("1.0.0");
        shop.meter("1.1.0", "if " + WORN_OUT).write(meter);
        Deployments deployments = felix.service(Deployments.class);
        Await.until("the probation", () -> deployments.deployments().get(0).state() == State.PROBATION);
        System.setProperty(WORN_OUT, "true"); // good at its self-test, and not any more
        awaitMeterRefusal("meter.jar: ", "stock.meter 1.1.0", "Version 1.0.0, which was there before, goes on working");
        awaitMeter("1.0.0");
        felix.close();
        start(true);
        awaitMeter("1.0.0");
        awaitRefusal("meter.jar: ", "stock.meter 1.1.0");
        shop.meter("1.2.0", "").write(meter);
        awaitMeter("1.2.0");
        Await.until("the refusal to be settled", () -> !Files.exists(refused));
    }

    private boolean measures() {
        try {
            for (int i = 0; i < 20 && codecs.route("meter").ready(); i++) {
                assertEquals("7", codecs.route("meter").encode(Content.of(7)).text());
            }
            return codecs.route("meter").ready();
        } catch (CodecException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitMeter(String version) {
        Await.until(() -> "version " + version + " in service, there are " + bundles() + "; " + refusals(), Await.USUAL,
                () -> measures() && bundles().equals(List.of(version)));
    }

    private void awaitMeterRefusal(String... words) {
        Await.until(() -> "a refusal with " + List.of(words) + ": " + refusals(), Await.USUAL,
                () -> measures() && Arrays.stream(words).allMatch(refusals()::contains));
    }

    @Test
    void aDocumentDeploysWhatWasHandedIn() throws Exception {
        Path document = Files.createDirectories(home.resolve("conf")).resolve("deployment.json");
        String sha256 = felix.service(Deployments.class).take(new ByteArrayInputStream(sample("1.0.0").bytes()));
        Files.writeString(document, "{\"bundles\": {\"io.pantograph.samples.codec.custom\": {\"sha256\": \"" + sha256 + "\"}}}");
        awaitVersion("1.0.0");
        felix.close();
        start(true);
        awaitVersion("1.0.0");
        Files.writeString(document, "{\"bundles\": {}}");
        Await.until("the codec to go", () -> !codecs.route("custom").ready() && bundles().isEmpty());
    }

    @Test
    void otherFilesAreLeftAlone() throws Exception {
        Files.writeString(drop.resolve("notes.txt"), "hello");
        Files.writeString(drop.resolve(".hidden.jar"), "hello");
        Files.copy(sample(), drop.resolve("codec.custom.jar.part"));
        Files.createDirectory(drop.resolve("folder.jar"));
        new Shop(Files.createDirectories(folder.resolve("shop"))).meter("1.0.0", "").write(drop.resolve("b.jar"));
        awaitMeter("1.0.0");
        assertFalse(Files.exists(refused));
        // The usual way to bring a file in one step.
        Files.move(drop.resolve("codec.custom.jar.part"), dropped, StandardCopyOption.ATOMIC_MOVE);
        Await.until("the second one", () -> bundles().size() == 2);
        assertTrue(Files.exists(drop.resolve("notes.txt")));
    }
}
