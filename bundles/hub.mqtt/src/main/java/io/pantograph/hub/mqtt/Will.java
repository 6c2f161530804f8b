package io.pantograph.hub.mqtt;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;

/** What a client wants said when it vanishes. We keep it instead of HiveMQ, so that it passes the rules like any message. */
record Will(String topic, Bytes payload, Qos qos, boolean retain) {
}
