package io.pantograph.api.hub;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** How the hub's rules speak to MQTT clients. From any thread; returns at once. What is said about one topic takes effect in the order of the calls. */
@ProviderType
public interface HubTransport {

    /** To this one session, queued if it is away and keeps its session; completes when it is queued. */
    CompletionStage<Void> toClient(String session, String topic, Bytes payload, Qos qos);

    /**
     * To the present connection of this session alone; never queued for another one, and no subscription is asked for.
     * What is handed over while the rules hear that the client {@linkplain HubRules#connected connected} is sent after CONNACK. QoS 0 or 1.
     *
     * @return completes when the client acknowledged it (PUBACK), for QoS 0 when it was written; fails at once if there is no
     *     connection, and as soon as it ends: the client may or may not have it. It fails too when 20,000 messages or 8 MiB wait for a
     *     client that does not acknowledge. It completes on a thread that serves many clients, which must not be made to wait
     */
    CompletionStage<Void> handOver(String session, String topic, Bytes payload, Qos qos);

    /** To all who subscribed; completes when it is queued for them. */
    CompletionStage<Void> route(String topic, Bytes payload, Qos qos);

    /** To all who subscribed and to all who will; an empty payload ends the latter. */
    CompletionStage<Void> retain(String topic, Bytes payload, Qos qos);

    /** Ends the session's connection, if there is one. */
    void drop(String session, String reason);

    /** Ends the session's connection and forgets its subscriptions and queue: for an identity that was deleted. */
    void forget(String session);
}
