package io.pantograph.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.Codecs;
import io.pantograph.api.core.Settings;
import io.pantograph.api.model.Content;
import io.pantograph.api.operator.Change;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.Deployments;
import io.pantograph.api.operator.Release;
import io.pantograph.api.operator.State;
import io.pantograph.api.operator.Trial;
import io.pantograph.codecs.CodecRegistry;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.PlainSettings;
import io.pantograph.testkit.TestFramework;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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

/** Releases in a real framework, with the real codecs' room, while messages flow. */
class DeployInFelixTest {

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

    private void open() throws Exception {
        felix = TestFramework.start(folder.resolve("felix"), true);
        felix.context().registerService(Settings.class, new PlainSettings(home).with(Deploy.CALLS, "200"), null);
        felix.add(TestFramework.jarOf(org.osgi.util.function.Function.class), TestFramework.jarOf(org.osgi.util.promise.Promise.class),
                TestFramework.jarOf(org.osgi.service.component.ComponentContext.class),
                TestFramework.jarOf(org.apache.felix.cm.PersistenceManager.class), TestFramework.jarOf(ScrInfo.class),
                TestFramework.jarOf(ArtifactInstaller.class), TestFramework.jarOf(com.fasterxml.jackson.core.JsonFactory.class),
                TestFramework.jarOf(CodecRegistry.class), TestFramework.packaged(Path.of("target"), "deploy"));
        deployments = felix.service(Deployments.class);
        codecs = felix.service(Codecs.class);
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
        List<Change> changes = new java.util.ArrayList<>();
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
        System.out.println(second.values());
    }
}
