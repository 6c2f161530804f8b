package io.pantograph.hub.azure.wire;

import io.pantograph.api.hub.HubTransport;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The MQTT front as seen from the rules: it comes after them and may go before them. While it is away nobody is connected. */
final class Line {

    private static final Logger log = LoggerFactory.getLogger(Line.class);

    /** What MQTT can say, in bytes. */
    private static final int LONGEST_TOPIC = 65_535;

    private volatile HubTransport transport;

    void here(HubTransport front) {
        transport = front;
    }

    void gone(HubTransport front) {
        if (transport == front) {
            transport = null;
        }
    }

    CompletionStage<Void> handOver(String session, String topic, Bytes payload, Qos qos) {
        HubTransport front = transport;
        if (front == null) {
            return CompletableFuture.failedFuture(new IllegalStateException("there is no MQTT front"));
        }
        // A character has at most three bytes; two that make a pair have four.
        if (topic.length() > LONGEST_TOPIC / 3 && topic.getBytes(StandardCharsets.UTF_8).length > LONGEST_TOPIC) {
            return CompletableFuture.failedFuture(new IllegalArgumentException("the topic has more than " + LONGEST_TOPIC + " bytes"));
        }
        try {
            return front.handOver(session, topic, payload, qos);
        } catch (RuntimeException e) {
            log.warn("the MQTT front failed", e);
            return CompletableFuture.failedFuture(e);
        }
    }

    void drop(String session, String reason) {
        HubTransport front = transport;
        if (front != null) {
            front.drop(session, reason);
        }
    }
}
