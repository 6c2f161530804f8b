package io.pantograph.api.wire;

import java.util.Objects;

/**
 * Where an MQTT server listens.
 *
 * @param path of the WebSocket upgrade, with its slash; empty for TCP and TLS
 */
public record Endpoint(Scheme scheme, String host, int port, String path) {

    public enum Scheme {
        TCP(false, false), TLS(true, false), WS(false, true), WSS(true, true);

        private final boolean secure;
        private final boolean webSocket;

        Scheme(boolean secure, boolean webSocket) {
            this.secure = secure;
            this.webSocket = webSocket;
        }

        public boolean secure() {
            return secure;
        }

        public boolean webSocket() {
            return webSocket;
        }
    }

    public Endpoint {
        Objects.requireNonNull(scheme);
        Objects.requireNonNull(path);
        if (host == null || host.isBlank()) {
            throw new IllegalArgumentException("host is missing");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " must be of 1 to 65535");
        }
    }

    @Override
    public String toString() {
        return scheme.name().toLowerCase(java.util.Locale.ROOT) + "://" + host + ':' + port + path;
    }
}
