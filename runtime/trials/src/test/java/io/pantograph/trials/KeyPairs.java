package io.pantograph.trials;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Keys with certificates, made by the JDK's own keytool. */
final class KeyPairs {

    private static final String PASSWORD = "for-this-test-only";

    private final Path file;

    KeyPairs(Path folder) {
        file = folder.resolve("keys.p12");
    }

    /** @param more such as {@code -ext bc:c} or {@code -signer alias} */
    KeyPairs make(String alias, String commonName, String... more) throws Exception {
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
    String thumbprint(String alias) throws Exception {
        return HexFormat.of().withUpperCase().formatHex(MessageDigest.getInstance("SHA-1").digest(store().getCertificate(alias).getEncoded()));
    }

    String certificate(String alias) throws Exception {
        return pem("CERTIFICATE", store().getCertificate(alias).getEncoded());
    }

    /** The certificate and those that vouch for it, the key beside it: {@code ALIAS.pem} and {@code ALIAS.key}. */
    void write(String alias, Path folder) throws Exception {
        StringBuilder chain = new StringBuilder();
        for (Certificate each : store().getCertificateChain(alias)) {
            chain.append(pem("CERTIFICATE", each.getEncoded()));
        }
        Files.writeString(folder.resolve(alias + ".pem"), chain);
        Files.writeString(folder.resolve(alias + ".key"), pem("PRIVATE KEY", store().getKey(alias, PASSWORD.toCharArray()).getEncoded()));
    }

    /** TLS of a server with these keys. */
    SSLContext server() throws Exception {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store(), PASSWORD.toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(factory.getKeyManagers(), null, null);
        return tls;
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n";
    }
}
