package io.pantograph.api.transport;

import org.osgi.annotation.versioning.ConsumerType;

/** What a connection tells its owner, on the transport's own threads: take it and return, never wait. */
@ConsumerType
public interface ConnectionEvents {

    /** A message arrived; those of one connection in the hub's order. */
    void arrived(Incoming message);

    /** The connection ended and was not closed by its owner. Called once, last. */
    void lost(TransportException cause);
}
