package io.pantograph.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.command.CommandHandler;
import io.pantograph.api.core.Settings;
import io.pantograph.api.device.Gateway;
import io.pantograph.api.model.Values;
import io.pantograph.api.operator.DeploymentListener;
import io.pantograph.api.operator.Deployments;
import io.pantograph.api.twin.DesiredHandler;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.Felix;
import io.pantograph.testkit.PlainSettings;
import io.pantograph.testkit.PretendDeployments;
import io.pantograph.testkit.PretendDevice;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** The bundle as it is packaged: deployed, used, removed, deployed again. */
class InFrameworkTest {

    private final PretendDevice device = new PretendDevice("gateway", "g-1");

    private Felix start(Path storage, PlainSettings settings) throws Exception {
        Felix felix = Felix.start(storage.resolve("bundles"));
        felix.context().registerService(Settings.class, settings, null);
        felix.context().registerService(Gateway.class, device.gateway(), null);
        felix.context().registerService(Deployments.class, new PretendDeployments(), null);
        return felix;
    }

    @Test
    void theRoomComesAndGoes(@TempDir Path storage) throws Exception {
        try (Felix felix = start(storage, new PlainSettings(storage).with("pantograph.gateway.devices", "gateway/g-1"))) {
            Bundle room = felix.room("remote");
            for (int round = 0; round < 2; round++) {
                room.start();
                CommandHandler handler = felix.service(CommandHandler.class);
                ServiceReference<CommandHandler> reference = felix.context().getServiceReference(CommandHandler.class);
                assertEquals("g-1", reference.getProperty("pantograph.device.name"), "of this device only");
                assertEquals("gateway", reference.getProperty("pantograph.device.type"));
                assertEquals("deploy", ((String[]) reference.getProperty("pantograph.command"))[0]);
                assertEquals(Set.of("bundles", "deployment"), Arrays.stream(references(felix))
                        .map(one -> ((String[]) one.getProperty("pantograph.property"))[0]).collect(Collectors.toSet()));
                assertEquals(200, Await.result(handler.handle(device.command("deploy", Values.of("list", Values.EMPTY)))).status());
                assertTrue(felix.context().getServiceReference(DeploymentListener.class) != null);
                room.stop();
                assertNull(felix.context().getServiceReference(CommandHandler.class));
                assertNull(felix.context().getServiceReference(DesiredHandler.class));
                Await.until("no thread is left behind", () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("pantograph-remote")));
            }
        }
    }

    private static ServiceReference<?>[] references(Felix felix) throws InvalidSyntaxException {
        return felix.context().getServiceReferences(DesiredHandler.class.getName(), "(&(pantograph.device.name=g-1)(pantograph.component=))");
    }

    @Test
    void withoutDevicesOfItsOwnAGatewayHasNoSuchDoor(@TempDir Path storage) throws Exception {
        try (Felix felix = start(storage, new PlainSettings(storage))) {
            felix.room("remote").start();
            assertNull(felix.context().getServiceReference(CommandHandler.class));
            assertNull(felix.context().getServiceReference(DesiredHandler.class));
        }
    }

    @Test
    void aWrongSettingEndsTheBox(@TempDir Path storage) throws Exception {
        PlainSettings settings = new PlainSettings(storage).with("pantograph.gateway.devices", "a/b/c");
        try (Felix felix = start(storage, settings)) {
            felix.room("remote").start();
            assertEquals("pantograph.gateway.devices", Await.result(settings.failed()).setting());
        }
    }
}
