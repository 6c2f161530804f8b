package io.pantograph.api.hub;

import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * From where a client speaks.
 *
 * @param address of the client, as text
 * @param port of the hub it came in by
 */
public record Remote(String address, int port, boolean secure, boolean webSocket, Optional<X509Certificate> certificate) {
}
