package io.pantograph.transport.paho;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Makes a server's key with the JDK's own keytool. */
final class Certificates {

    private static final String PASSWORD = "for-this-test-only";

    private Certificates() {
    }

    /** A store with a self-signed certificate for these names, such as {@code dns:localhost,ip:127.0.0.1}. */
    static KeyStore self(Path folder, String names) throws IOException, InterruptedException, GeneralSecurityException {
        Path file = folder.resolve("self-" + System.nanoTime() + ".p12");
        keytool(file, "-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=test", "-ext", "san=" + names);
        return load(file);
    }

    /** A store with a certificate for localhost, signed by an authority, that was good for one day until two days ago. */
    static KeyStore over(Path folder) throws IOException, InterruptedException, GeneralSecurityException {
        Path file = folder.resolve("over-" + System.nanoTime() + ".p12");
        Path request = folder.resolve("request");
        Path signed = folder.resolve("signed");
        keytool(file, "-genkeypair", "-alias", "authority", "-keyalg", "EC", "-dname", "CN=authority", "-ext", "bc:c");
        keytool(file, "-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=test");
        keytool(file, "-certreq", "-alias", "server", "-file", request.toString());
        keytool(file, "-gencert", "-alias", "authority", "-infile", request.toString(), "-outfile", signed.toString(), "-ext",
                "san=dns:localhost", "-startdate", "-3d", "-validity", "1");
        keytool(file, "-importcert", "-alias", "server", "-file", signed.toString(), "-noprompt");
        return load(file);
    }

    private static void keytool(Path store, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes());
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool: " + said);
        }
    }

    private static KeyStore load(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    /** For the side that shows this certificate. */
    static SSLContext server(KeyStore store) throws GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    static KeyManagerFactory keys(KeyStore store) throws GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        return keys;
    }

    /** For the side that trusts this certificate, or who has signed it, and no other. */
    static SSLContext trusting(KeyStore store) throws GeneralSecurityException, IOException {
        Certificate certificate = store.getCertificate(store.containsAlias("authority") ? "authority" : "server");
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", certificate);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
