package io.pantograph.api.hub;

import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Where the local hub listens, with the real ports where 0 was asked for. The service is there while the hub takes
 * connections on all of them. The same ports stand in {@code HOME/hub/ports.properties}.
 */
@ProviderType
public interface HubEndpoints {

    /** A name or address on which this machine reaches the hub, and which its certificate names. */
    String host();

    /** Plain MQTT. */
    int mqtt();

    /** MQTT in TLS; also HTTP messaging and WebSocket. */
    int mqtts();

    /** HTTPS: REST, HTTP messaging, MQTT over WebSocket, MQTT in TLS. */
    int https();

    /** Plain HTTP, likewise. */
    int http();

    /** The certificate of the hub's own authority, in PEM. */
    Path authority();
}
