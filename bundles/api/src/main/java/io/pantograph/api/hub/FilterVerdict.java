package io.pantograph.api.hub;

import io.pantograph.api.model.Qos;

/** What becomes of a subscription. */
public sealed interface FilterVerdict {

    /** Subscribe to this filter, with at most this QoS. */
    record Use(String filter, Qos qos) implements FilterVerdict {
    }

    /** Answer 0x80; the connection goes on. */
    record Refuse(String reason) implements FilterVerdict {
    }

    /** End the connection. */
    record Disconnect(String reason) implements FilterVerdict {
    }
}
