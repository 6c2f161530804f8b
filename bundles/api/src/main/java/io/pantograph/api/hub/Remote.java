package io.pantograph.api.hub;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * From where a client speaks.
 *
 * @param address of the client, as text
 * @param port of the hub it came in by
 * @param chain the certificates it showed, its own first; that it holds the key of its own is proved, and nothing else. Empty if it showed none
 */
public record Remote(String address, int port, boolean secure, boolean webSocket, List<X509Certificate> chain) {

    public Remote {
        chain = List.copyOf(chain);
    }

    public Remote(String address, int port, boolean secure, boolean webSocket, Optional<X509Certificate> certificate) {
        this(address, port, secure, webSocket, certificate.stream().toList());
    }

    /** Its own. */
    public Optional<X509Certificate> certificate() {
        return chain.stream().findFirst();
    }
}
