package io.pantograph.api.azure;

import io.pantograph.api.model.Bytes;
import java.time.Instant;
import java.util.Map;

/**
 * A message from the cloud to a device.
 *
 * @param number of the queue, growing
 * @param system system properties by their long names: {@code message-id}, {@code correlation-id}, {@code user-id}, {@code to},
 *     {@code content-type}, {@code content-encoding}, {@code iothub-ack}, {@code absolute-expiry-time}
 * @param deliveries how often it was handed to the device, this time not counted
 */
public record CloudMessage(long number, Identity to, Map<String, String> system, Map<String, String> properties, Bytes body,
        Instant enqueued, Instant expiry, int deliveries) {

    public CloudMessage {
        system = Map.copyOf(system);
        properties = Map.copyOf(properties);
    }
}
