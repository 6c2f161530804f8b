package io.pantograph.hub.mqtt;

import com.hivemq.bootstrap.netty.ChannelDependencies;
import io.pantograph.api.hub.HttpBackend;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What lies behind the door.
 *
 * @param prompters makes a new one for each connection
 * @param address the hub listens on
 * @param backend the HTTP server on a loopback port, while there is one
 * @param patience how long a newcomer may take to say what it wants
 * @param connections the most there may be at a time
 */
record House(ChannelDependencies mqtt, Supplier<Prompter> prompters, String address, Supplier<Optional<HttpBackend>> backend, Duration patience,
        int connections) {

    MqttEntrance entrance(Peer peer) {
        return new MqttEntrance(mqtt, prompters.get(), address, peer);
    }

    Optional<HttpBackend> http() {
        return backend.get();
    }
}
