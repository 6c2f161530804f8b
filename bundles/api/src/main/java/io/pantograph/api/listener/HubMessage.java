package io.pantograph.api.listener;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Qos;
import java.time.Instant;

/**
 * An event or a command as the hub took it.
 *
 * @param name of the event or command
 */
public record HubMessage(Instant time, Direction direction, DeviceId device, String name, String format, Bytes payload, Qos qos) {

    public enum Direction {
        /** From the device. */
        EVENT,
        /** To the device. */
        COMMAND
    }
}
