package io.pantograph.api.wire;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;

/** What travels: an MQTT PUBLISH without its packet id. */
public record Frame(String topic, Bytes payload, Qos qos) {
}
