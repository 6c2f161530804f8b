package io.pantograph.samples.demo;

import io.pantograph.api.transport.Connection;
import io.pantograph.api.transport.ConnectionEvents;
import io.pantograph.api.transport.Incoming;
import io.pantograph.api.transport.Transport;
import io.pantograph.api.transport.TransportException;
import io.pantograph.api.wire.Endpoint;
import io.pantograph.api.wire.Frame;
import io.pantograph.api.wire.Login;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * An MQTT program as anybody might write it: connects, sends something every few seconds, tries again after a cut. It knows
 * nothing of gateways and codecs.
 */
final class PlainClient implements AutoCloseable, ConnectionEvents {

    private final Transport transport;
    private final Endpoint endpoint;
    private final Login login;
    private final ScheduledExecutorService clock;
    private volatile Connection connection;

    PlainClient(String name, Transport transport, Endpoint endpoint, Login login) {
        this.transport = transport;
        this.endpoint = endpoint;
        this.login = login;
        clock = Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "demo-" + name));
        clock.execute(this::connect);
    }

    void every(Duration pause, Supplier<Frame> frames) {
        clock.scheduleWithFixedDelay(() -> {
            Connection now = connection;
            if (now != null) {
                now.publish(frames.get());
            }
        }, pause.toMillis() / 2, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void connect() {
        try {
            transport.connect(endpoint, login, SSLContext.getDefault(), this).whenComplete((made, failure) -> {
                connection = made;
                if (failure != null) {
                    again();
                } else if (clock.isShutdown()) {
                    made.close(); // closed while this connect was under way
                }
            });
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    private void again() {
        if (!clock.isShutdown()) {
            clock.schedule(this::connect, 1, TimeUnit.SECONDS);
        }
    }

    @Override
    public void arrived(Incoming message) {
        message.acknowledge();
    }

    @Override
    public void lost(TransportException cause) {
        connection = null;
        again();
    }

    @Override
    public void close() {
        clock.shutdownNow();
        Connection last = connection;
        if (last != null) {
            last.close();
        }
    }
}
