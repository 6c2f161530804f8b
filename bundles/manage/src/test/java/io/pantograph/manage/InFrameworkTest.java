package io.pantograph.manage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.command.CommandHandler;
import io.pantograph.api.command.CommandResult;
import io.pantograph.api.core.Codecs;
import io.pantograph.api.core.CommandDispatcher;
import io.pantograph.api.core.DeviceManagement;
import io.pantograph.api.core.Managements;
import io.pantograph.api.core.Settings;
import io.pantograph.api.dialect.Defaults;
import io.pantograph.api.dialect.ManagementGrammar;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.operator.Deployments;
import io.pantograph.dialect.watson.WatsonDialect;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.Felix;
import io.pantograph.testkit.PlainSettings;
import io.pantograph.testkit.PretendDeployments;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceRegistration;

/** The bundle as it is packaged: deployed, used, removed, deployed again. */
class InFrameworkTest {

    private static final DeviceId OWN = new DeviceId("gw", "g-1");
    private static final ManagementGrammar GRAMMAR = new WatsonDialect().profile(Map.of("org", "edge01", "type", "gw", "id", "g-1", "auth-token", "secret"),
            new Defaults(Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), Optional.empty())).management().orElseThrow();

    private final List<String> sent = new CopyOnWriteArrayList<>();

    private static Felix start(Path storage, PlainSettings settings) throws Exception {
        Felix felix = Felix.start(storage.resolve("bundles"));
        felix.context().registerService(Settings.class, settings, null);
        felix.context().registerService(Deployments.class, new PretendDeployments(), null);
        felix.context().registerService(Codecs.class, JsonCodec.codecs(), null);
        felix.context().registerService(CommandDispatcher.class, command -> CompletableFuture.completedFuture(CommandResult.ok()), null);
        return felix;
    }

    @Test
    void theRoomComesAndGoes(@TempDir Path storage) throws Exception {
        try (Felix felix = start(storage, new PlainSettings(storage).with("pantograph.gateway.devices", "gw/g-1"))) {
            Bundle room = felix.room("manage");
            for (int round = 0; round < 2; round++) {
                sent.clear();
                room.start();
                Managements managements = felix.service(Managements.class);
                assertFalse(managements.of(new DeviceId("gw", "g-2")).isPresent(), "only the gateway's own devices");
                DeviceManagement device = managements.of(OWN).orElseThrow();
                device.connected(GRAMMAR, frame -> {
                    sent.add(frame.payload().text());
                    return CompletableFuture.completedFuture(null);
                });
                Await.until("it says what it can", () -> sent.size() == 1);
                assertTrue(sent.get(0).contains("\"deviceActions\":false"), sent.get(0));

                Dictionary<String, Object> reboot = new Hashtable<>(Map.of("pantograph.command", new String[] {"reboot"}));
                ServiceRegistration<CommandHandler> author = felix.context().registerService(CommandHandler.class,
                        command -> CompletableFuture.completedFuture(CommandResult.ok()), reboot);
                Await.until("it says so again", () -> sent.size() == 2);
                assertTrue(sent.get(1).contains("\"deviceActions\":true"), sent.get(1));
                author.unregister();
                Await.until("and again", () -> sent.size() == 3);
                room.stop();
                assertNull(felix.context().getServiceReference(Managements.class));
                Await.until("no thread is left behind", () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("pantograph-manage")));
            }
        }
    }

    @Test
    void aWrongSettingEndsTheBox(@TempDir Path storage) throws Exception {
        PlainSettings settings = new PlainSettings(storage).with("pantograph.gateway.devices", "a/b/c");
        try (Felix felix = start(storage, settings)) {
            felix.room("manage").start();
            assertEquals("pantograph.gateway.devices", Await.result(settings.failed()).setting());
        }
    }
}
