package io.pantograph.samples.demo;

import io.pantograph.api.core.Settings;
import io.pantograph.api.hub.Access;
import io.pantograph.api.hub.Registry;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Secret;
import io.pantograph.api.model.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The demo's Watson devices: registers them with the hub at the first start and leaves each one's credentials in a file. Later starts
 * find both and change nothing.
 */
@Component(service = Fleet.class)
public final class Fleet {

    static final DeviceId JSON = new DeviceId("thermostat", "t-1");
    static final DeviceId IOTF = new DeviceId("thermostat", "t-2");
    /** The gateway itself, so that it can be told over Watson's device management what to install. */
    static final DeviceId GATEWAY = new DeviceId("gateway", "g-1");
    static final DeviceId STRANGER = new DeviceId("meter", "m-1");

    private final Registry registry;
    private final String org;
    private final Path strangers;

    @Activate
    public Fleet(@Reference Settings settings, @Reference Registry registry, @Reference Access access) throws IOException {
        this.registry = registry;
        org = access.org();
        Path devices = settings.home().resolve("conf").resolve("devices");
        strangers = settings.home().resolve("demo");
        provide(JSON, devices);
        provide(IOTF, devices);
        provide(GATEWAY, devices);
        provide(STRANGER, strangers); // not for the gateway: this one connects by itself
    }

    String org() {
        return org;
    }

    /** The token that the stranger was given. */
    Secret strangersToken() throws IOException {
        return Files.readAllLines(file(STRANGER, strangers)).stream()
                .filter(line -> line.startsWith("auth-token"))
                .map(line -> Secret.of(line.substring(line.indexOf('=') + 1).trim()))
                .findFirst()
                .orElseThrow(() -> new IOException(file(STRANGER, strangers) + " has no line auth-token; delete the file and start again"));
    }

    private void provide(DeviceId device, Path folder) throws IOException {
        Path file = file(device, folder);
        if (registry.device(device).isPresent() && Files.exists(file)) {
            return;
        }
        registry.createType(device.type(), false, Values.of("description", "made by the demo"));
        registry.deleteDevice(device); // a token is told only once: without its file it is lost
        Registry.Created created = registry.createDevice(device, Optional.empty(), Values.EMPTY, Optional.empty(), "demo")
                .orElseThrow(() -> new IOException("device " + device + " could not be registered"));
        OwnFile.write(file, """
                [device]
                org = %s
                type = %s
                id = %s
                auth-method = token
                auth-token = %s
                clean-session = true
                """.formatted(org, device.type(), device.name(), created.token().reveal()));
    }

    private static Path file(DeviceId device, Path folder) {
        return folder.resolve(device.type() + '-' + device.name() + ".ini");
    }
}
