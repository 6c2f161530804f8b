package io.pantograph.api.transport;

import io.pantograph.api.wire.Frame;
import io.pantograph.api.wire.Subscription;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/** One live MQTT connection. Safe for many threads; a stage may complete on the transport's own thread, so never wait in one. */
@ConsumerType
public interface Connection {

    /**
     * Sends. Frames leave in the order of the calls. Blocks only while the socket's buffer is full.
     *
     * @return completes when the hub acknowledged it (PUBACK, PUBCOMP), for QoS 0 when it was written, together with those
     *     given right after it where they go out in one; fails with {@link TransportException} when the connection ended
     *     before: it may or may not have arrived
     */
    CompletionStage<Void> publish(Frame frame);

    /** Completes when the hub granted all; fails with {@link TransportException} DROPPED_BY_HUB if it did not (SUBACK 0x80). */
    CompletionStage<Void> subscribe(List<Subscription> subscriptions);

    /**
     * Ends the connection: politely (DISCONNECT) within 1 s, else by force. Returns at once. Stages not completed by then
     * fail; {@link ConnectionEvents#lost} is not called.
     */
    CompletionStage<Void> close();
}
