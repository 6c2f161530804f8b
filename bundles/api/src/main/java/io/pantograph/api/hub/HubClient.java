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
}
