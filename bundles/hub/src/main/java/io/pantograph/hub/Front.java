package io.pantograph.hub;

import io.pantograph.api.hub.HubTransport;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The MQTT front as seen from the rules: it comes after them and may go before them. While it is away nobody is connected. */
final class Front {

    private static final Logger log = LoggerFactory.getLogger(Front.class);

    private volatile HubTransport transport;

    void here(HubTransport transport) {
        this.transport = transport;
    }

    void gone(HubTransport transport) {
        if (this.transport == transport) {
            this.transport = null;
        }
    }

    CompletionStage<Void> route(String topic, Bytes payload, Qos qos) {
        return say(front -> front.route(topic, payload, qos));
    }

    CompletionStage<Void> retain(String topic, Bytes payload, Qos qos) {
        return say(front -> front.retain(topic, payload, qos));
    }

    void forget(String session) {
        say(front -> {
            front.forget(session);
            return null;
        });
    }

    private CompletionStage<Void> say(Function<HubTransport, CompletionStage<Void>> words) {
        HubTransport front = transport;
        if (front == null) {
            return CompletableFuture.completedFuture(null); // nobody is connected who could hear it
        }
        try {
            return words.apply(front);
        } catch (RuntimeException e) {
            log.warn("the MQTT front failed", e);
            return CompletableFuture.failedFuture(e);
        }
    }
}
