package io.pantograph.transport.paho;

import io.pantograph.api.transport.Transport;
import io.pantograph.api.wire.Endpoint;
import io.pantograph.api.wire.Endpoint.Scheme;
import io.pantograph.api.wire.Login;
import io.pantograph.testkit.TransportContract;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** The contract against a real broker, through one of its doors. */
abstract class PahoContract extends TransportContract {

    static Broker broker;

    final PahoTransport transport = new PahoTransport(Duration.ofSeconds(4));
    private final Scheme scheme;

    PahoContract(Scheme scheme) {
        this.scheme = scheme;
    }

    @BeforeAll
    static void startBroker() throws Exception {
        broker = new Broker();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @AfterEach
    void stop() {
        transport.close();
    }

    @Override
    protected Transport transport() {
        return transport;
    }

    @Override
    protected Endpoint endpoint() {
        return broker.endpoint(scheme);
    }

    @Override
    protected Runnable readiness(String clientId) {
        return broker.readiness(clientId);
    }

    @Override
    protected SSLContext trust() {
        return broker.trust();
    }

    @Override
    protected Login login(String clientId, boolean cleanSession) {
        return Broker.login(clientId, Broker.TOKEN, cleanSession);
    }

    @Override
    protected Login wrong(String clientId) {
        return Broker.login(clientId, "a-wrong-token", true);
    }
}
