package io.pantograph.hub.mqtt;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** TLS as a device has it: it knows the hub's authority, and perhaps has a certificate it made itself. */
final class Trust {

    private Trust() {
    }

    static SSLContext in(Path authority) throws Exception {
        return context(authority, null);
    }

    static SSLContext in(Path authority, KeyPair pair, X509Certificate own) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("device", pair.getPrivate(), new char[0], new Certificate[] {own});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        return context(authority, keys);
    }

    private static SSLContext context(Path authority, KeyManagerFactory keys) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("hub", Pem.certificate(Files.readString(authority, StandardCharsets.US_ASCII)));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    static KeyPair pair() throws Exception {
        return pair("RSA");
    }

    static KeyPair pair(String algorithm) throws Exception {
        return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    }

    static X509Certificate selfSigned(KeyPair pair) throws Exception {
        return selfSigned(pair, new Date(0), new Date(4_000_000_000_000L));
    }

    static X509Certificate selfSigned(KeyPair pair, Date from, Date until) throws Exception {
        return issued(pair, pair, pair.getPrivate().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA", from, until);
    }

    static X509Certificate issued(KeyPair pair, KeyPair issuer, String signature, Date from, Date until) throws Exception {
        X500Principal name = new X500Principal(pair == issuer ? "CN=device" : "CN=somebody");
        return new JcaX509CertificateConverter().getCertificate(new JcaX509v3CertificateBuilder(name, BigInteger.ONE, from, until,
                new X500Principal("CN=device"), pair.getPublic()).build(new JcaContentSignerBuilder(signature).build(issuer.getPrivate())));
    }
}
