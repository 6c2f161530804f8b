package io.pantograph.api.hub;

import org.osgi.annotation.versioning.ProviderType;

/** A client that has logged in. The MQTT front keeps it with the connection and hands it back to the rules with every packet. */
@ProviderType
public interface HubClient {

    /** As it stood in CONNECT. */
    String clientId();

    /**
     * Under which the front keeps its session. As a rule the client id; another one where the cloud lets several connections share
     * one client id. The newest connection with the same session wins, the older is dropped.
     */
    String session();

    /**
     * Whether the front keeps its subscriptions and what waits for it while it is away, if the client asked for that. Otherwise every
     * connection begins with nothing: the cloud's own rules keep such things, and say so with {@link #resumed}.
     */
    default boolean kept() {
        return true;
    }

    /** What CONNACK says of a session that is not {@link #kept}: whether there was one before ("session present"). */
    default boolean resumed() {
        return false;
    }
}
