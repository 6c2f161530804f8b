package io.pantograph.hub.mqtt;

import com.hivemq.bootstrap.netty.ChannelDependencies;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * What lies behind the door.
 *
 * @param address the hub listens on
 * @param backend the loopback port of the HTTP server, while there is one
 * @param patience how long a newcomer may take to say what it wants
 * @param connections the most there may be at a time
 */
record House(ChannelDependencies mqtt, String address, Supplier<OptionalInt> backend, Duration patience, int connections) {

    MqttEntrance entrance(Peer peer) {
        return new MqttEntrance(mqtt, address, peer);
    }

    OptionalInt http() {
        return backend.get();
    }
}
