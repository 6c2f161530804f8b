package io.pantograph.api.transport;

import io.pantograph.api.wire.Endpoint;
import io.pantograph.api.wire.Login;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLContext;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Opens MQTT 3.1.1 connections. It knows no retry, no window and no queue: those are the session's. Every connect is a new
 * connection with no memory of older ones.
 */
@ConsumerType
public interface Transport {

    /**
     * Connects and logs in.
     *
     * @param trust for secure schemes: whom to trust and what to show; host names are always checked. Ignored for plain ones
     * @param events told what arrives and when the connection ends
     * @return completes with the connection when the hub accepted the login; fails with {@link TransportException} within 15 s,
     *     at once when the hub refuses the login. Cancelling its future gives the attempt up and closes what there is of it
     */
    CompletionStage<Connection> connect(Endpoint endpoint, Login login, SSLContext trust, ConnectionEvents events);
}
