package io.pantograph.hub.mqtt;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.net.Socket;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedTrustManager;

/** TLS at the door: 1.2 or newer. A client may show a certificate of any issuer; whether it is worth something is for the rules to say. */
final class Tls {

    private Tls() {
    }

    static SslContext server(Authority.Server server) throws SSLException {
        return SslContextBuilder.forServer(server.key(), server.chain()).sslProvider(SslProvider.JDK).protocols("TLSv1.3", "TLSv1.2")
                .clientAuth(ClientAuth.OPTIONAL).trustManager(new AnyIssuer()).build();
    }

    /**
     * Devices show certificates they made themselves, and the hub knows them by their fingerprint. TLS has proved that the client holds the
     * key; nothing else is proved here, and nothing else is concluded from it.
     */
    private static final class AnyIssuer extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            // the rules judge it
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
            // the rules judge it
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            // the rules judge it
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            throw new UnsupportedOperationException("the door is a server");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
            throw new UnsupportedOperationException("the door is a server");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            throw new UnsupportedOperationException("the door is a server");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
