package io.pantograph.api.dialect;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeviceId;

/** What a message from the hub means. */
public sealed interface Inbound {

    /** A command, its body still encoded. */
    record Call(DeviceId device, String command, String format, Bytes payload) implements Inbound {
    }

    /** Not of this protocol. @param reason one sentence, never with payload */
    record Unreadable(String reason) implements Inbound {
    }
}
