package io.pantograph.api.hub;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What the clouds would allow, without a word of any broker. Called by the MQTT front on its threads, for different clients at the
 * same time, for one client in the order of its packets. {@link #login} may take a while (it checks a hash); the others are on
 * the hot path and never wait.
 *
 * <p>There is one such service for each cloud. The front asks them in the order of their {@code service.ranking} who {@link #claims}
 * a login; the connection is then that one's until it ends.
 */
@ProviderType
public interface HubRules {

    /** Whether this login is of this cloud, judged by its client id and user name alone. Quick. */
    default boolean claims(LoginAttempt attempt) {
        return true;
    }

    LoginVerdict login(LoginAttempt attempt);

    /** After CONNACK. */
    void connected(HubClient client);

    /** Once for each {@link #connected}. */
    void disconnected(HubClient client, Departure departure);

    /** A filter the client wants, and the filter to use in its place. For UNSUBSCRIBE the same question is asked. */
    FilterVerdict filter(HubClient client, String filter, Qos qos);

    /**
     * The filter, as {@link #filter} gave it, is subscribed: what is sent to the client from now on reaches it, after SUBACK. Called on a
     * thread that serves many clients; a client that does not wait for SUBACK may publish at the same time.
     */
    default void subscribed(HubClient client, String filter, Qos qos) {
    }

    /** Likewise, it is not any longer. */
    default void unsubscribed(HubClient client, String filter) {
    }

    PublishVerdict publish(HubClient client, String topic, Bytes payload, Qos qos);

    /** As {@link #publish(HubClient, String, Bytes, Qos)}, for clouds that ask how it was said. The front calls this one. */
    default PublishVerdict publish(HubClient client, Publication publication) {
        return publish(client, publication.topic(), publication.payload(), publication.qos());
    }

    /** The topic as this client is to see it on delivery. */
    String deliver(HubClient client, String topic);
}
