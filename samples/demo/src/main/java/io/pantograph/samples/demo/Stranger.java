package io.pantograph.samples.demo;

import io.pantograph.api.hub.HubEndpoints;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import io.pantograph.api.transport.Transport;
import io.pantograph.api.wire.Endpoint;
import io.pantograph.api.wire.Frame;
import io.pantograph.api.wire.Login;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * A device that is no part of the gateway: a plain MQTT program that sends bytes in a format of its own, {@code custom}, for
 * which the demo has no codec until somebody drops one in.
 */
@Component(service = {})
public final class Stranger {

    private final PlainClient client;
    private final AtomicInteger sent = new AtomicInteger();

    @Activate
    public Stranger(@Reference Fleet fleet, @Reference HubEndpoints hub, @Reference Transport transport) throws IOException {
        Login login = new Login("d:" + fleet.org() + ':' + Fleet.STRANGER.type() + ':' + Fleet.STRANGER.name(),
                Optional.of("use-token-auth"), Optional.of(fleet.strangersToken()), true, Duration.ofSeconds(60), Optional.empty());
        client = new PlainClient("stranger", transport, new Endpoint(Endpoint.Scheme.TCP, hub.host(), hub.mqtt(), ""), login);
        client.every(Duration.ofSeconds(1), () -> new Frame("iot-2/evt/reading/fmt/custom",
                Bytes.utf8("world," + sent.incrementAndGet()), Qos.AT_LEAST_ONCE));
    }

    @Deactivate
    void close() {
        client.close();
    }
}
