package io.pantograph.api.wire;

import io.pantograph.api.model.Qos;

/** A topic filter and the highest QoS wanted for it. */
public record Subscription(String filter, Qos qos) {
}
