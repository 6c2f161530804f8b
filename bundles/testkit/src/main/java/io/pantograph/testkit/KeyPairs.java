package io.pantograph.testkit;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Keys with certificates, made by the JDK's own keytool, each under a name. */
public final class KeyPairs {

    private static final String PASSWORD = "for-this-test-only";

    private final Path file;

    /** @param folder for the file that holds them */
    public KeyPairs(Path folder) {
        file = folder.resolve("keys.p12");
    }

    /** @param more such as {@code -ext bc:c} or {@code -signer alias} */
    public KeyPairs make(String alias, String commonName, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias",
                alias, "-keyalg", "EC", "-dname", "CN=" + commonName, "-validity", "30", "-storetype", "PKCS12", "-keystore", file.toString(),
                "-storepass", PASSWORD));
        command.addAll(List.of(more));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IllegalStateException(said);
        }
        return this;
    }

    private KeyStore store() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    /** As Azure has it: SHA-1 in upper case. */
    public String thumbprint(String alias) throws Exception {
        return HexFormat.of().withUpperCase().formatHex(MessageDigest.getInstance("SHA-1").digest(store().getCertificate(alias).getEncoded()));
    }

    /** In PEM. */
    public String certificate(String alias) throws Exception {
        return pem("CERTIFICATE", store().getCertificate(alias).getEncoded());
    }

    /** The certificate and those that vouch for it, the key beside it: {@code ALIAS.pem} and {@code ALIAS.key}. */
    public void write(String alias, Path folder) throws Exception {
        StringBuilder chain = new StringBuilder();
        for (Certificate each : store().getCertificateChain(alias)) {
            chain.append(pem("CERTIFICATE", each.getEncoded()));
        }
        Files.writeString(folder.resolve(alias + ".pem"), chain);
        Files.writeString(folder.resolve(alias + ".key"), pem("PRIVATE KEY", store().getKey(alias, PASSWORD.toCharArray()).getEncoded()));
    }

    /** With those that vouch for it behind it. */
    public List<X509Certificate> chain(String alias) throws Exception {
        return Arrays.stream(store().getCertificateChain(alias)).map(X509Certificate.class::cast).toList();
    }

    public PrivateKey key(String alias) throws Exception {
        return (PrivateKey) store().getKey(alias, PASSWORD.toCharArray());
    }

    /** TLS of a server with these keys. */
    public SSLContext server() throws Exception {
        return tls(store(), null);
    }

    /** TLS of a client that shows this one of them. @param trust whom it trusts */
    public SSLContext client(String alias, KeyStore trust) throws Exception {
        KeyStore one = KeyStore.getInstance("PKCS12");
        one.load(null, null);
        one.setKeyEntry(alias, key(alias), PASSWORD.toCharArray(), store().getCertificateChain(alias));
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trust);
        return tls(one, factory.getTrustManagers());
    }

    private static SSLContext tls(KeyStore keys, TrustManager[] trust) throws Exception {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD.toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(factory.getKeyManagers(), trust, null);
        return tls;
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n";
    }
}
