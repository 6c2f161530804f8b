package io.pantograph.api.hub;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;

/**
 * What a client published.
 *
 * @param retain as it stood in the packet
 * @param will the client is gone, and this is its will
 */
public record Publication(String topic, Bytes payload, Qos qos, boolean retain, boolean will) {
}
