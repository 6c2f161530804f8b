package io.pantograph.transport.paho;

import io.pantograph.api.transport.Connection;
import io.pantograph.api.transport.ConnectionEvents;
import io.pantograph.api.transport.Transport;
import io.pantograph.api.wire.Endpoint;
import io.pantograph.api.wire.Login;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * MQTT 3.1.1 by Eclipse Paho 1.2.5, over TCP, TLS, WebSocket and WebSocket in TLS.
 *
 * <p>Paho is used as a bare wire: a new client object for every connect, nothing persisted, no reconnect of its own, no
 * buffer. What it does with QoS 2: outgoing messages are good for one connection (a new one does not know the packet ids of
 * the old). Of an incoming one Paho sends PUBREC before anybody has seen the message; {@code acknowledge()} sends PUBCOMP.
 * If the connection ends between PUBREC and PUBREL the hub takes the message for delivered and it is lost. Whoever must not
 * lose messages asks for QoS 1.
 */
@Component
public final class PahoTransport implements Transport {

    /** Paho reports what it does at severe level to the console; we report it ourselves. The field keeps the setting alive. */
    private static final Logger PAHO_LOG = Logger.getLogger("org.eclipse.paho.client.mqttv3");

    @interface Config {
        /** For the whole way from the name to the answer of the login; Paho itself waits for that answer for ever. */
        int connect_ms() default 14_000;
    }

    private final Duration limit;
    private final Lines lines = new Lines();

    @Activate
    public PahoTransport(Config config) {
        this(Duration.ofMillis(config.connect_ms()));
    }

    PahoTransport(Duration limit) {
        PAHO_LOG.setLevel(Level.OFF);
        this.limit = limit;
    }

    @Deactivate
    void close() {
        lines.close();
    }

    @Override
    public CompletionStage<Connection> connect(Endpoint endpoint, Login login, SSLContext trust, ConnectionEvents events) {
        return new Dial(endpoint, login, trust, events, limit, lines).start();
    }
}
