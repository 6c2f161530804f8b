package io.pantograph.samples.demo;

import io.pantograph.api.core.Settings;
import io.pantograph.api.hub.HubEndpoints;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import io.pantograph.api.model.Secret;
import io.pantograph.api.transport.Transport;
import io.pantograph.api.wire.Endpoint;
import io.pantograph.api.wire.Frame;
import io.pantograph.api.wire.Login;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** An application, logged in with the API key as any application does, that turns the thermostats up and down. */
@Component(service = {})
public final class Operator {

    private final PlainClient client;
    private final AtomicInteger sent = new AtomicInteger();

    @Activate
    public Operator(@Reference Settings settings, @Reference Fleet fleet, @Reference HubEndpoints hub,
            @Reference Transport transport) throws IOException {
        Properties keys = new Properties();
        Path file = settings.home().resolve("hub").resolve("credentials").resolve("watson.properties");
        try (Reader reader = Files.newBufferedReader(file)) {
            keys.load(reader);
        }
        Login login = new Login("a:" + fleet.org() + ":demo", Optional.of(keys.getProperty("api-key")),
                Optional.of(Secret.of(keys.getProperty("api-token"))), true, Duration.ofSeconds(60), Optional.empty());
        client = new PlainClient("operator", transport, new Endpoint(Endpoint.Scheme.TCP, hub.host(), hub.mqtt(), ""), login);
        client.every(Duration.ofSeconds(10), this::next);
    }

    private Frame next() {
        int n = sent.getAndIncrement();
        String device = (n % 2 == 0 ? Fleet.JSON : Fleet.IOTF).name();
        return new Frame("iot-2/type/thermostat/id/" + device + "/cmd/set-point/fmt/json",
                Bytes.utf8("{\"celsius\":" + (19 + n % 4) + ".5}"), Qos.AT_LEAST_ONCE);
    }

    @Deactivate
    void close() {
        client.close();
    }
}
