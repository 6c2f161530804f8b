package io.pantograph.bench.load;

import io.pantograph.api.command.CommandHandler;
import io.pantograph.api.command.CommandResult;
import io.pantograph.api.core.Codecs;
import io.pantograph.api.device.Device;
import io.pantograph.api.device.DeviceOptions;
import io.pantograph.api.device.Gateway;
import io.pantograph.api.dialect.Dialect;
import io.pantograph.api.model.Qos;
import io.pantograph.api.model.Telemetry;
import io.pantograph.bench.azure.Devices;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.InnerBox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;

/** The gateway box as it is shipped, with devices of Azure. */
public final class OurDevices implements Devices {

    private static final Telemetry READING = Telemetry.of("load", Ours.CONTENT).qos(Qos.AT_LEAST_ONCE);

    private final InnerBox box;
    private final Gateway gateway;
    private final List<Device> devices = new ArrayList<>();

    public OurDevices() throws Exception {
        Path home = Files.createTempDirectory("bench-gateway");
        Files.createDirectories(home.resolve("conf"));
        Files.copy(Path.of(System.getProperty("target.ca")), home.resolve("conf").resolve("ca.pem"));
        box = InnerBox.start(Path.of(System.getProperty("boxes"), "pantograph-gateway.jar"), home, Map.of());
        gateway = box.service(Gateway.class);
        Codecs codecs = box.service(Codecs.class);
        Await.until("Azure's dialect", () -> isThere(box.context(), "(pantograph.dialect.name=azure)"));
        Await.until("the codec for JSON", () -> codecs.formats().contains("json"));
    }

    private static boolean isThere(BundleContext context, String dialect) {
        try {
            return !context.getServiceReferences(Dialect.class, dialect).isEmpty();
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(dialect, e);
        }
    }

    @Override
    public void open(List<String> connectionStrings) throws Exception {
        List<CompletableFuture<Void>> opening = new ArrayList<>();
        for (String connection : connectionStrings) {
            Device device = gateway.connect(DeviceOptions.dialect("azure").secret("connection-string", connection));
            devices.add(device);
            opening.add(device.connected().toCompletableFuture());
        }
        CompletableFuture.allOf(opening.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
    }

    @Override
    public int window() {
        return 1000; // the session has its own window of 100; this is what waits in the outbox
    }

    @Override
    public void publish(Runnable done) {
        devices.get(0).publish(READING).whenComplete((nothing, failure) -> {
            if (failure != null) {
                failure.printStackTrace();
            }
            done.run();
        });
    }

    @Override
    public void answer() {
        Dictionary<String, Object> properties = new Hashtable<>(Map.of("pantograph.command", "*"));
        CommandHandler handler = command -> CompletableFuture.completedFuture(new CommandResult(200, command.content()));
        box.context().registerService(CommandHandler.class, handler, properties);
    }

    @Override
    public void close() throws Exception {
        devices.forEach(Device::close);
        box.close();
    }
}
