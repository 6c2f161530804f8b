package io.pantograph.api.hub;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What the clouds would allow, without a word of any broker. Called by the MQTT front on its threads, for different clients at the
 * same time, for one client in the order of its packets. {@link #login} may take a while (it checks a hash); the others are on
 * the hot path and never wait.
 */
@ProviderType
public interface HubRules {

    LoginVerdict login(LoginAttempt attempt);

    /** After CONNACK. */
    void connected(HubClient client);

    /** Once for each {@link #connected}. */
    void disconnected(HubClient client, Departure departure);

    /** A filter the client wants, and the filter to use in its place. For UNSUBSCRIBE the same question is asked. */
    FilterVerdict filter(HubClient client, String filter, Qos qos);

    PublishVerdict publish(HubClient client, String topic, Bytes payload, Qos qos);

    /** The topic as this client is to see it on delivery. */
    String deliver(HubClient client, String topic);
}
