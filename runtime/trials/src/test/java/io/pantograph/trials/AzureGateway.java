package io.pantograph.trials;

import io.pantograph.api.command.CommandHandler;
import io.pantograph.api.core.Codecs;
import io.pantograph.api.device.Device;
import io.pantograph.api.device.DeviceOptions;
import io.pantograph.api.device.Gateway;
import io.pantograph.api.dialect.Dialect;
import io.pantograph.api.twin.DesiredHandler;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.InnerBox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Hashtable;
import java.util.Map;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/** The gateway box, in the test's own JVM, which trusts a cloud's authority. */
final class AzureGateway implements AutoCloseable {

    final InnerBox box;
    final Gateway gateway;
    final Path home;

    private AzureGateway(InnerBox box, Path home) throws Exception {
        this.box = box;
        this.home = home;
        gateway = box.service(Gateway.class);
        Codecs codecs = box.service(Codecs.class);
        Await.until("the codec", () -> codecs.formats().contains("json"));
        Await.until("the dialect", this::speaks);
    }

    static AzureGateway start(AzureCloud cloud) throws Exception {
        return start(cloud, TestHub.home("gateway"), Map.of());
    }

    /** @param home may be that of an earlier one, and may have devices */
    static AzureGateway start(AzureCloud cloud, Path home, Map<String, String> settings) throws Exception {
        Files.createDirectories(home.resolve("conf"));
        Files.copy(cloud.authority(), home.resolve("conf").resolve("ca.pem"), StandardCopyOption.REPLACE_EXISTING);
        return new AzureGateway(InnerBox.start(TestHub.jar("gateway"), home, settings), home);
    }

    private boolean speaks() {
        try {
            return !box.context().getServiceReferences(Dialect.class, "(pantograph.dialect.name=azure)").isEmpty();
        } catch (org.osgi.framework.InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static DeviceOptions options(String id, String key, int port) {
        return DeviceOptions.dialect("azure").secret("connection-string", AzureCloud.connection(id, key)).with("port", port);
    }

    /** Connected. */
    Device connect(DeviceOptions options) {
        Device device = gateway.connect(options);
        Await.result(device.connected());
        return device;
    }

    ServiceRegistration<CommandHandler> commands(String device, String command, CommandHandler handler) {
        return box.context().registerService(CommandHandler.class, handler,
                new Hashtable<>(Map.of("pantograph.command", command, "pantograph.device.name", device)));
    }

    ServiceRegistration<DesiredHandler> desired(Map<String, Object> which, DesiredHandler handler) {
        return box.context().registerService(DesiredHandler.class, handler, new Hashtable<>(which));
    }

    /** Gives a part of the gateway other settings, and waits until it has them. */
    void configure(String pid, Map<String, Object> settings) throws Exception {
        ServiceReference<?> reference = box.context().getAllServiceReferences("org.osgi.service.cm.ConfigurationAdmin", null)[0];
        Object admin = box.context().getService(reference);
        Object configuration = admin.getClass().getMethod("getConfiguration", String.class, String.class).invoke(admin, pid, "?");
        configuration.getClass().getMethod("update", java.util.Dictionary.class).invoke(configuration, new Hashtable<>(settings));
    }

    @Override
    public void close() throws Exception {
        box.close();
    }
}
