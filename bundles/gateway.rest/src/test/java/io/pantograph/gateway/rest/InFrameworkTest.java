package io.pantograph.gateway.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.core.Settings;
import io.pantograph.api.operator.CodecBoard;
import io.pantograph.api.operator.DeploymentListener;
import io.pantograph.api.operator.Deployments;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.Felix;
import io.pantograph.testkit.PlainDeployments;
import io.pantograph.testkit.PlainSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceRegistration;

/** The bundle as it is packaged: deployed, used, removed, deployed again. */
class InFrameworkTest {

    @Test
    void listensWhileThereIsAnInstaller(@TempDir Path home) throws Exception {
        Path file = home.resolve("gateway/rest.properties");
        try (Felix felix = Felix.start(home.resolve("framework"))) {
            felix.context().registerService(Settings.class, new PlainSettings(home), null);
            felix.library("jackson-core-").start();
            Bundle room = felix.room("gateway.rest");
            room.start();
            assertFalse(Files.exists(file));
            ServiceRegistration<Deployments> installer = felix.context().registerService(Deployments.class, new PlainDeployments(), null);
            Await.until("it listens", () -> Files.exists(file));
            Caller caller = new Caller(home);
            assertEquals("{\"bundles\":[]}", caller.ask("GET", "/bundles").body());
            assertEquals(503, caller.ask("GET", "/codecs").status());
            felix.context().registerService(CodecBoard.class, (CodecBoard) List::of, null);
            assertEquals("{\"codecs\":[]}", caller.ask("GET", "/codecs").body());
            assertTrue(felix.context().getServiceReference(DeploymentListener.class) != null);

            room.stop();
            assertFalse(Files.exists(file));
            room.start();
            Await.until("it listens again", () -> Files.exists(file));
            assertEquals("{\"bundles\":[]}", new Caller(home).ask("GET", "/bundles").body());
            installer.unregister();
            assertFalse(Files.exists(file));
            Await.until("no thread is left", () -> Thread.getAllStackTraces().keySet().stream().noneMatch(thread -> thread.getName().startsWith("pantograph-rest")));
        }
    }
}
