package io.pantograph.session;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Shows the one certificate there is, whatever issuers the hub names. Java's own key managers show none if its issuer is not among
 * them; but a hub may know the certificate by its thumbprint, and it is the hub's to say no.
 */
final class OneKey extends X509ExtendedKeyManager {

    private static final String NAME = "device";

    private final PrivateKey key;
    private final X509Certificate[] chain;

    OneKey(PrivateKey key, X509Certificate[] chain) {
        this.key = key;
        this.chain = chain;
    }

    private String choose(String... kinds) {
        return List.of(kinds).contains(key.getAlgorithm()) ? NAME : null;
    }

    @Override
    public String chooseClientAlias(String[] kinds, Principal[] issuers, Socket socket) {
        return choose(kinds);
    }

    @Override
    public String chooseEngineClientAlias(String[] kinds, Principal[] issuers, SSLEngine engine) {
        return choose(kinds);
    }

    @Override
    public String[] getClientAliases(String kind, Principal[] issuers) {
        return choose(kind) == null ? null : new String[] {NAME};
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return NAME.equals(alias) ? chain.clone() : null;
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return NAME.equals(alias) ? key : null;
    }

    @Override
    public String[] getServerAliases(String kind, Principal[] issuers) {
        return null;
    }

    @Override
    public String chooseServerAlias(String kind, Principal[] issuers, Socket socket) {
        return null;
    }
}
