package io.pantograph.device;

import io.pantograph.api.core.SettingException;
import io.pantograph.api.core.Settings;
import io.pantograph.api.dialect.Defaults;
import io.pantograph.api.hub.HubEndpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Which host stands in for the clouds where a device's settings name none: {@code pantograph.gateway.host} if the operator set
 * it; else the hub in this box, as soon as it listens; else none, and devices go to the cloud itself.
 */
final class StandIn {

    static final String HOST = "pantograph.gateway.host";
    static final String PORT = "pantograph.gateway.port";
    static final String NAME = "pantograph.gateway.name";

    private final Optional<String> name;
    private final Optional<Defaults> set;
    private final BooleanSupplier hubExpected;
    private Optional<Defaults> hub = Optional.empty();

    /** @param hubExpected whether a hub is installed in this box, be it that it does not listen yet */
    StandIn(Settings settings, BooleanSupplier hubExpected) throws SettingException {
        this.hubExpected = hubExpected;
        name = settings.text(NAME).or(() -> machine(System.getenv()));
        int port = settings.port(PORT, 0);
        set = settings.text(HOST).map(host -> new Defaults(Optional.of(host),
                port == 0 ? OptionalInt.empty() : OptionalInt.of(port), OptionalInt.empty(), name));
    }

    /** A hub that goes away is kept in mind: it comes again, most likely where it was. */
    void listening(HubEndpoints endpoints) {
        hub = Optional.of(new Defaults(Optional.of(endpoints.host()), OptionalInt.of(endpoints.mqtts()), OptionalInt.of(endpoints.mqtt()), name));
    }

    Defaults now() {
        return set.or(() -> hub).orElseGet(() -> new Defaults(Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), name));
    }

    /** Whether it is known that there will be one, but not yet where. */
    boolean awaited() {
        return set.isEmpty() && hub.isEmpty() && hubExpected.getAsBoolean();
    }

    /** What this machine is called, without asking the network. */
    static Optional<String> machine(Map<String, String> environment) {
        return Stream.of(environment.get("HOSTNAME"), environment.get("COMPUTERNAME"), fileText(Path.of("/etc/hostname")), "gateway")
                .filter(text -> text != null && !text.isBlank()).map(String::trim).findFirst();
    }

    private static String fileText(Path file) {
        try {
            return Files.isReadable(file) ? Files.readString(file) : null;
        } catch (IOException e) {
            return null;
        }
    }
}
