package io.pantograph.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.dialect.NoLoginException;
import io.pantograph.api.model.DeviceStatus.Reason;
import io.pantograph.api.wire.ClientCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a device trusts, and what it shows. */
class TrustTest {

    private static final char[] PASSWORD = "for-this-test-only".toCharArray();
    private static final Optional<ClientCertificate> SHOWN = Optional.of(new ClientCertificate("conf/d.pem", "conf/d.key"));

    /** Keys by kind: EC, RSA, and "other", a second EC. Made once, since keytool is slow. */
    @TempDir
    static Path made;

    @TempDir
    Path home;

    @BeforeAll
    static void make() throws Exception {
        for (String kind : List.of("EC", "RSA", "other")) {
            keytool(kind, "-genkeypair", "-alias", "k", "-keyalg", kind.equals("RSA") ? "RSA" : "EC", "-dname", "CN=" + kind, "-ext",
                    "san=ip:127.0.0.1");
        }
    }

    @BeforeEach
    void folders() throws Exception {
        Files.createDirectories(home.resolve("conf"));
        Files.createDirectories(home.resolve("hub"));
    }

    private static void keytool(String kind, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storetype", "PKCS12", "-keystore", made.resolve(kind).toString(), "-storepass", new String(PASSWORD)));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes());
        assertEquals(0, keytool.waitFor(), said);
    }

    private static KeyStore store(String kind) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(made.resolve(kind))) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    private static String certificate(String kind) throws Exception {
        return pem("CERTIFICATE", store(kind).getCertificate("k").getEncoded());
    }

    private static String key(String kind) throws Exception {
        return pem("PRIVATE KEY", store(kind).getKey("k", PASSWORD).getEncoded());
    }

    private void write(String certificate, String key) throws Exception {
        Files.writeString(home.resolve("conf/d.pem"), certificate);
        Files.writeString(home.resolve("conf/d.key"), key);
    }

    private Trust trust() {
        return new Trust(home, List.of("hub/ca.pem", "conf/ca.pem"));
    }

    private String refusal() {
        NoLoginException refusal = assertThrows(NoLoginException.class, () -> trust().context(SHOWN));
        assertEquals(Reason.BAD_CREDENTIAL, refusal.reason());
        return refusal.getMessage();
    }

    @ParameterizedTest
    @CsvSource({"EC, TLSv1.3", "RSA, TLSv1.3", "EC, TLSv1.2", "RSA, TLSv1.2"})
    void showsItsCertificate(String kind, String version) throws Exception {
        write("a line for people\n" + certificate(kind), key(kind));
        Files.writeString(home.resolve("hub/ca.pem"), certificate("other"));
        assertEquals("CN=" + kind, shake(trust().context(SHOWN), store(kind).getCertificate("k"), version));
    }

    // A hub that knows it by its thumbprint may name other issuers, or none that the device knows.
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void showsItWhateverIssuersTheHubNames(String version) throws Exception {
        write(certificate("EC"), key("EC"));
        Files.writeString(home.resolve("hub/ca.pem"), certificate("other"));
        X509Certificate other = (X509Certificate) store("RSA").getCertificate("k");
        assertEquals("CN=EC", shake(trust().context(SHOWN), new X509TrustManager() {

            @Override
            public void checkClientTrusted(X509Certificate[] chain, String kind) {
                // by thumbprint, later
            }

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String kind) {
                throw new UnsupportedOperationException();
            }

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[] {other};
            }
        }, version));
    }

    @Test
    void showsNoneIfNoneIsAskedFor() throws Exception {
        Files.writeString(home.resolve("hub/ca.pem"), certificate("other"));
        assertEquals("nobody", shake(trust().context(Optional.empty()), store("EC").getCertificate("k"), "TLSv1.3"));
    }

    private static String shake(SSLContext context, Certificate trusted, String version) throws Exception {
        KeyStore clients = KeyStore.getInstance("PKCS12");
        clients.load(null, null);
        clients.setCertificateEntry("client", trusted);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(clients);
        return shake(context, trust.getTrustManagers()[0], version);
    }

    /** Who the server says is there. */
    private static String shake(SSLContext context, TrustManager clients, String version) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store("other"), PASSWORD);
        SSLContext hub = SSLContext.getInstance("TLS");
        hub.init(keys.getKeyManagers(), new TrustManager[] {clients}, null);
        try (SSLServerSocket server = (SSLServerSocket) hub.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            server.setWantClientAuth(true);
            server.setEnabledProtocols(new String[] {version});
            CompletableFuture<String> seen = CompletableFuture.supplyAsync(() -> {
                try (SSLSocket socket = (SSLSocket) server.accept()) {
                    socket.setSoTimeout(20_000);
                    socket.startHandshake();
                    String peer;
                    try {
                        peer = socket.getSession().getPeerPrincipal().getName();
                    } catch (SSLPeerUnverifiedException e) {
                        peer = "nobody";
                    }
                    socket.getOutputStream().write(1);
                    return peer;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.getLocalPort())) {
                socket.setSoTimeout(20_000);
                socket.getOutputStream().write(1);
                assertEquals(1, socket.getInputStream().read());
            }
            return seen.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void readsAgainWhatHasChangedAndNothingElse() throws Exception {
        write(certificate("EC"), key("EC"));
        Trust trust = trust();
        SSLContext first = trust.context(SHOWN);
        assertSame(first, trust.context(SHOWN));
        assertNotSame(first, trust.context(Optional.empty()));
        assertSame(first, trust.context(SHOWN));
        write(certificate("RSA"), key("RSA"));
        Files.setLastModifiedTime(home.resolve("conf/d.pem"), FileTime.fromMillis(1));
        SSLContext second = trust.context(SHOWN);
        assertNotSame(first, second);
        Files.writeString(home.resolve("conf/ca.pem"), certificate("other"));
        assertNotSame(second, trust.context(SHOWN));
    }

    @Test
    void namesTheFileThatIsMissing() throws Exception {
        assertTrue(refusal().contains("no file " + home.resolve("conf/d.pem")), refusal());
        Files.writeString(home.resolve("conf/d.pem"), certificate("EC"));
        assertTrue(refusal().contains("no file " + home.resolve("conf/d.key")), refusal());
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"})
    void tellsHowToConvertAKeyOfAnotherForm(String label) throws Exception {
        write(certificate("EC"), pem(label, new byte[] {1, 2, 3}));
        assertTrue(refusal().contains("openssl pkcs8 -topk8 -nocrypt -in d.key"), refusal());
        assertTrue(refusal().contains(home.resolve("conf/d.key").toString()), refusal());
    }

    @Test
    void refusesAKeyThatBelongsToAnotherCertificate() throws Exception {
        write(certificate("EC"), key("other"));
        assertTrue(refusal().contains("does not belong"), refusal());
        write(certificate("EC"), key("RSA"));
        assertTrue(refusal().contains("of the kind EC"), refusal());
    }

    @Test
    void refusesRubbishWithoutRepeatingIt() throws Exception {
        write("rubbish", key("EC"));
        assertTrue(refusal().contains("d.pem"), refusal());
        write("", key("EC"));
        assertTrue(refusal().contains("d.pem"), refusal());
        write(certificate("EC"), "secret rubbish");
        assertTrue(refusal().contains("d.key") && !refusal().contains("secret"), refusal());
        write(certificate("EC"), "-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n");
        assertFalse(refusal().contains("secret"), refusal());
        Files.write(home.resolve("conf/d.key"), new byte[1024 * 1024 + 1]);
        assertTrue(refusal().contains("larger"), refusal());
    }
}
