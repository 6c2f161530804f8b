package io.pantograph.api.transport;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import org.osgi.annotation.versioning.ConsumerType;

/** A message that arrived and is not yet acknowledged. */
@ConsumerType
public interface Incoming {

    String topic();

    Bytes payload();

    Qos qos();

    /**
     * Tells the hub that we have taken charge (PUBACK; for QoS 2 the rest of the exchange). From any thread, once; without effect
     * for QoS 0 and after the connection ended: the hub then sends it again on the next connection of the same session.
     */
    void acknowledge();
}
