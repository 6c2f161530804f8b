package io.pantograph.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.core.Codecs;
import io.pantograph.api.core.Outbox;
import io.pantograph.api.core.Sessions;
import io.pantograph.api.core.Settings;
import io.pantograph.api.core.Twins;
import io.pantograph.api.device.Device;
import io.pantograph.api.device.DeviceOptions;
import io.pantograph.api.device.Gateway;
import io.pantograph.api.dialect.Dialect;
import io.pantograph.api.listener.DeviceListener;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.DeviceStatus;
import io.pantograph.api.model.Telemetry;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.Felix;
import io.pantograph.testkit.PlainSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** The bundle as it is packaged: deployed, used, removed, deployed again. */
class InFrameworkTest {

    private final Fakes.ScriptedSessions sessions = new Fakes.ScriptedSessions();
    private final Fakes.MemoryOutbox outbox = new Fakes.MemoryOutbox();

    @Test
    void eachBundleHasItsOwnGateway(@TempDir Path home) throws Exception {
        try (Felix felix = start(home)) {
            Bundle room = felix.room("device");
            room.start();
            Bundle author = felix.author("author");
            Bundle other = felix.author("other");
            Gateway gateway = Felix.service(author.getBundleContext(), Gateway.class);
            assertNotSame(gateway, Felix.service(other.getBundleContext(), Gateway.class));

            Device device = gateway.connect(DeviceOptions.dialect("plain").with("name", "one"));
            CompletionStage<Void> sent = device.publish(Telemetry.of("e", Content.of("hi")).format("text"));
            assertEquals(List.of("e hi"), sessions.last().drain());
            Await.result(sent);
            CompletionStage<Void> left = device.publish(Telemetry.of("e", Content.of("left")).format("text"));
            author.stop();
            assertEquals(0, sessions.open(), "closed with the bundle that opened it, without a line of its own");
            assertEquals(DeliveryException.Reason.CLOSED, Await.failure(DeliveryException.class, left).reason());

            author.start();
            Felix.service(author.getBundleContext(), Gateway.class).connect(DeviceOptions.dialect("plain").with("name", "one"));
            assertEquals(1, sessions.open());
            room.stop();
            assertEquals(0, sessions.open());
            room.start();
            Felix.service(author.getBundleContext(), Gateway.class).connect(DeviceOptions.dialect("plain").with("name", "one"));
            assertEquals(1, sessions.open());
        }
    }

    @Test
    void devicesComeFromFilesAndConfigurations(@TempDir Path home) throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        try (Felix felix = start(home)) {
            felix.library("org.apache.felix.configadmin-").start();
            felix.room("device").start();
            felix.context().registerService(DeviceListener.class, new DeviceListener() {
                @Override
                public void status(DeviceId device, DeviceStatus status) {
                    told.add(device + " " + status.state());
                }
            }, null);
            Device attached = Felix.service(felix.author("author").getBundleContext(), Gateway.class).attach(new DeviceId("plain", "configured"));
            attached.publish(Telemetry.of("e", Content.of("early")).format("text"));
            Await.until("the listener hears that it waits", () -> told.contains("plain/configured WAITING"));

            Configuration configuration = felix.service(ConfigurationAdmin.class).createFactoryConfiguration("io.pantograph.device", "?");
            Dictionary<String, Object> values = new Hashtable<>();
            values.put("dialect", "plain");
            values.put("name", "configured");
            values.put(":configurator:feature", "ignored");
            configuration.update(values);
            Await.until("the configured device is there", () -> sessions.open() == 1);
            assertEquals(List.of("e early"), sessions.last().drain());
            values.put("host", "elsewhere.example");
            configuration.update(values);
            Await.until("it goes elsewhere", () -> sessions.opened.size() == 2);
            assertEquals("elsewhere.example", sessions.last().profile.endpoint().host());

            Path file = home.resolve("conf/devices/filed.ini");
            Files.writeString(file, "[device]\ndialect=plain\nname=filed\n");
            Await.until("the filed device is there", () -> sessions.open() == 2);
            configuration.delete();
            Await.until("the configured one is closed", () -> sessions.open() == 1);
            Files.delete(file);
            Await.until("the filed one is closed", () -> sessions.open() == 0);
            Await.until("its lane is closed", () -> outbox.lanes.get(new DeviceId("plain", "filed")).closed);
        }
    }

    @Test
    void aDialectMayBeExchangedWhileItIsSpoken(@TempDir Path home) throws Exception {
        try (Felix felix = start(home)) {
            felix.room("device").start();
            Bundle author = felix.author("author");
            Device device = Felix.service(author.getBundleContext(), Gateway.class).connect(DeviceOptions.dialect("plain").with("name", "one"));
            plain.unregister();
            assertEquals(0, sessions.open());
            assertTrue(device.status().detail().contains("dialect 'plain' is not installed"), device.status().detail());
            CompletionStage<Void> between = device.publish(Telemetry.of("e", Content.of("between")).format("text"));
            register(felix);
            assertEquals(List.of("e between"), sessions.last().drain());
            Await.result(between);
        }
    }

    private ServiceRegistration<Dialect> plain;

    private Felix start(Path home) throws Exception {
        Felix felix = Felix.start(home.resolve("framework"));
        felix.context().registerService(Settings.class, new PlainSettings(home), null);
        felix.context().registerService(Outbox.class, outbox, null);
        felix.context().registerService(Twins.class, new Fakes.RecordedTwins(), null);
        felix.context().registerService(Sessions.class, sessions, null);
        felix.context().registerService(Codecs.class, Fakes.codecs(), null);
        register(felix);
        return felix;
    }

    private void register(Felix felix) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("pantograph.dialect.name", "plain");
        plain = felix.context().registerService(Dialect.class, new Fakes.PlainDialect(), properties);
    }
}
