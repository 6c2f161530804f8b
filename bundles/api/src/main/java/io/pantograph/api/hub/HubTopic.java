package io.pantograph.api.hub;

import io.pantograph.api.listener.HubMessage;
import io.pantograph.api.model.DeviceId;

/** What a client means by publishing to a topic. */
public sealed interface HubTopic {

    /** An event of, or a command to, a device. @param routed the topic inside the hub */
    record Message(HubMessage.Direction direction, DeviceId device, String name, String format, String routed) implements HubTopic {
    }

    /** Device management. @param routed the topic inside the hub */
    record Management(DeviceId device, String path, String routed) implements HubTopic {
    }

    /** Not for this client, or not of this protocol. */
    record Foreign(String reason) implements HubTopic {
    }
}
