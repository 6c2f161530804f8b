package io.pantograph.api.hub;

import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Where the local hub listens, with the real ports where 0 was asked for. The service is there while the hub takes
 * connections on all of them. The same ports stand in {@code HOME/hub/ports.properties}, each under the key of its setting
 * ({@code pantograph.hub.mqtt.port}, {@code .mqtts.port}, {@code .https.port}, {@code .http.port}); the file is written when all listen,
 * and taken away at the start and the end.
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
