package io.pantograph.hub.azure.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.azure.Credential;
import io.pantograph.api.azure.Credential.Kind;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.hub.LoginVerdict;
import io.pantograph.api.model.Values;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With certificates that keytool makes: a device's own, an authority's, and one it signed. */
class CertificateTest {

    private static final String USER = "hub.example/dev1/?api-version=2021-04-12";

    @TempDir
    static Path folder;
    private static X509Certificate own;
    private static X509Certificate signed;
    private static X509Certificate authority;

    private final Room room = new Room();

    @BeforeAll
    static void make() throws Exception {
        keytool("-genkeypair", "-alias", "own", "-keyalg", "EC", "-dname", "CN=dev1", "-startdate", "2020/01/01", "-validity", "9000");
        keytool("-genkeypair", "-alias", "ca", "-keyalg", "EC", "-dname", "CN=Test CA", "-ext", "bc:c", "-startdate", "2020/01/01", "-validity", "9000");
        keytool("-genkeypair", "-alias", "leaf", "-keyalg", "EC", "-dname", "CN=dev1", "-signer", "ca", "-startdate", "2020/01/01", "-validity", "9000");
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("keys"))) {
            store.load(in, "changeit".toCharArray());
        }
        own = (X509Certificate) store.getCertificate("own");
        authority = (X509Certificate) store.getCertificate("ca");
        signed = (X509Certificate) store.getCertificate("leaf");
    }

    private static void keytool(String... words) throws Exception {
        java.util.ArrayList<String> command = new java.util.ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(words));
        command.addAll(List.of("-keystore", folder.resolve("keys").toString(), "-storepass", "changeit", "-storetype", "PKCS12"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0, said);
    }

    private void device(Kind kind, List<String> thumbprints) {
        room.known(new Credential(Identity.of("dev1"), true, kind, List.of(), thumbprints, "g"));
    }

    private static String thumbprint(X509Certificate certificate, String algorithm) throws Exception {
        return HexFormat.of().withUpperCase().formatHex(MessageDigest.getInstance(algorithm).digest(certificate.getEncoded()));
    }

    private void refused(LoginVerdict verdict, String because) {
        LoginVerdict.Refused refused = assertInstanceOf(LoginVerdict.Refused.class, verdict);
        assertEquals(LoginVerdict.Code.NOT_AUTHORIZED, refused.code());
        assertTrue(refused.reason().contains(because), refused.reason());
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHA-1", "SHA-256"})
    void knowsACertificateByItsThumbprint(String algorithm) throws Exception {
        device(Kind.SELF_SIGNED, List.of(thumbprint(own, algorithm)));
        assertInstanceOf(LoginVerdict.Accepted.class, room.login("dev1", USER, null, false, own));
        refused(room.login("dev1", USER, null, false, signed), "thumbprint");
    }

    @Test
    void refusesACertificateOutOfForce() throws Exception {
        device(Kind.SELF_SIGNED, List.of(thumbprint(own, "SHA-1")));
        room.clock.advance(Duration.ofDays(20_000));
        refused(room.login("dev1", USER, null, false, own), "in force");
    }

    @Test
    void refusesATokenWhereACertificateIsWanted() throws Exception {
        device(Kind.SELF_SIGNED, List.of(thumbprint(own, "SHA-1")));
        refused(room.login("dev1", USER, room.token("hub.example/devices/dev1", Room.KEY, 60, null)), "not signed");
    }

    @Test
    void trustsTheAuthoritiesOfEnrolmentGroups() throws Exception {
        device(Kind.CERTIFICATE_AUTHORITY, List.of());
        refused(room.login("dev1", USER, null, false, signed), "no authority");
        room.enrollments.groups.add(group(Base64.getEncoder().encodeToString(authority.getEncoded())));
        assertInstanceOf(LoginVerdict.Accepted.class, room.login("dev1", USER, null, false, signed));
        refused(room.login("dev1", USER, null, false, own), "no authority");
        room.known(new Credential(Identity.of("dev2"), true, Kind.CERTIFICATE_AUTHORITY, List.of(), List.of(), "g"));
        refused(room.login("dev2", USER.replace("dev1", "dev2"), null, false, signed), "CN=dev2");
    }

    @Test
    void readsAuthoritiesInPem() throws Exception {
        device(Kind.CERTIFICATE_AUTHORITY, List.of());
        String pem = "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(authority.getEncoded()) + "\n-----END CERTIFICATE-----\n";
        room.enrollments.groups.add(group(pem));
        room.enrollments.groups.add(group("nonsense"));
        assertInstanceOf(LoginVerdict.Accepted.class, room.login("dev1", USER, null, false, signed));
    }

    // A device's own certificate, given as a group's by mistake, vouches for nobody.
    @Test
    void trustsNoCertificateThatIsNoAuthority() throws Exception {
        device(Kind.CERTIFICATE_AUTHORITY, List.of());
        room.enrollments.groups.add(group(Base64.getEncoder().encodeToString(own.getEncoded())));
        refused(room.login("dev1", USER, null, false, own), "no authority");
    }

    private static Values group(String certificate) {
        return Values.of("enrollmentGroupId", "g", "attestation",
                Values.of("type", "x509", "x509", Values.of("signingCertificates", Values.of("primary", Values.of("certificate", certificate)))));
    }

    @Test
    void provesARegistrationByCertificate() throws Exception {
        room.enrollments.known.put("r1", List.of(
                new Credential(Identity.of("r1"), true, Kind.SAS, List.of(Room.KEY), List.of(), ""),
                new Credential(Identity.of("r1"), true, Kind.SELF_SIGNED, List.of(), List.of(thumbprint(own, "SHA-256")), "")));
        String user = "0ne00TEST01/registrations/r1/api-version=2019-03-31";
        assertInstanceOf(LoginVerdict.Accepted.class, room.login("r1", user, null, true, own));
        refused(room.login("r1", user, null, true, signed), "thumbprint");
    }
}
