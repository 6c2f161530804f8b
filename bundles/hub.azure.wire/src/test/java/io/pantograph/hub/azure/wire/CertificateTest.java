package io.pantograph.hub.azure.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.azure.Credential;
import io.pantograph.api.azure.Credential.Kind;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.hub.LoginVerdict;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With certificates that keytool makes: good ones, and each that is wrong in a way of its own. */
class CertificateTest {

    private static final String USER = "hub.example/dev1/?api-version=2021-04-12";

    @TempDir
    static Path folder;
    private static X509Certificate own;
    private static X509Certificate signed;
    private static KeyStore store;

    private final Room room = new Room();

    @BeforeAll
    static void make() throws Exception {
        key("own", "CN=dev1");
        key("ca", "CN=Test CA", "-ext", "bc:c");
        key("other", "CN=Other CA", "-ext", "bc:c");
        key("leaf", "CN=dev1", "-signer", "ca");
        key("middle", "CN=Middle CA", "-ext", "bc:c", "-signer", "ca");
        key("deep", "CN=dev1", "-signer", "middle");
        key("forged", "CN=dev1", "-signer", "leaf");
        key("two", "CN=dev1,CN=dev2", "-signer", "ca");
        key("dev1ca", "CN=dev1", "-ext", "bc:c");
        key("nosign", "CN=Test CA", "-ext", "bc:c", "-ext", "ku:c=dig");
        key("limited", "CN=dev1", "-signer", "nosign");
        until(2_000, "old", "CN=dev1", "-signer", "ca");
        until(2_000, "late", "CN=Late CA", "-ext", "bc:c", "-signer", "ca");
        key("stale", "CN=dev1", "-signer", "late");
        until(2_000, "faded", "CN=Test CA", "-ext", "bc:c");
        try (InputStream in = Files.newInputStream(folder.resolve("keys"))) {
            store = KeyStore.getInstance("PKCS12");
            store.load(in, "changeit".toCharArray());
        }
        own = certificate("own");
        signed = certificate("leaf");
    }

    private static void key(String alias, String name, String... more) throws Exception {
        until(9_000, alias, name, more);
    }

    /** From 2020 on so many days. */
    private static void until(int days, String alias, String name, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of("-genkeypair", "-alias", alias, "-keyalg", "EC", "-dname", name, "-startdate", "2020/01/01",
                "-validity", String.valueOf(days)));
        words.addAll(List.of(more));
        keytool(words.toArray(String[]::new));
    }

    private static X509Certificate certificate(String alias) {
        try {
            return (X509Certificate) store.getCertificate(alias);
        } catch (KeyStoreException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void keytool(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
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

    private void trusted(String of, String... authorities) {
        room.enrollments.authorities.put(of, Stream.of(authorities).map(CertificateTest::certificate).toList());
    }

    private LoginVerdict shows(String... chain) {
        return room.login("dev1", USER, null, false, Stream.of(chain).map(CertificateTest::certificate).toList());
    }

    @Test
    void trustsTheAuthoritiesOfEnrolmentGroups() throws Exception {
        device(Kind.CERTIFICATE_AUTHORITY, List.of());
        refused(shows("leaf"), "no authority");
        trusted("", "ca");
        assertInstanceOf(LoginVerdict.Accepted.class, shows("leaf"));
        assertInstanceOf(LoginVerdict.Accepted.class, shows("leaf", "ca"));
        refused(shows("own"), "no authority");
        room.known(new Credential(Identity.of("dev2"), true, Kind.CERTIFICATE_AUTHORITY, List.of(), List.of(), "g"));
        refused(room.login("dev2", USER.replace("dev1", "dev2"), null, false, signed), "CN=dev2");
    }

    @Test
    void followsTheChainThatWasShown() {
        device(Kind.CERTIFICATE_AUTHORITY, List.of());
        trusted("", "ca");
        refused(shows("deep"), "no authority");
        assertInstanceOf(LoginVerdict.Accepted.class, shows("deep", "middle"));
        trusted("", "middle");
        assertInstanceOf(LoginVerdict.Accepted.class, shows("deep"));
        refused(shows("leaf"), "no authority");
    }

    // Its own chain proves nothing, and a device signs for no other.
    @ParameterizedTest
    @CsvSource({"forged,ca;leaf", "old,ca", "stale,ca", "two,ca", "leaf,leaf", "own,own", "dev1ca,dev1ca", "limited,nosign", "leaf,faded"})
    void refusesWhatNoAuthorityVouchesFor(String shown, String authorities) {
        device(Kind.CERTIFICATE_AUTHORITY, List.of());
        trusted("", authorities.split(";")[0]);
        refused(shows((shown + ';' + authorities).split(";")), shown.equals("old") ? "in force" : "no authority");
    }

    @Test
    void servesIdentitiesThatWantOneOnly() {
        trusted("", "ca");
        device(Kind.NONE, List.of());
        refused(shows("leaf"), "token");
        device(Kind.SAS, List.of());
        refused(shows("leaf"), "token");
        device(Kind.SELF_SIGNED, List.of());
        refused(shows("leaf"), "thumbprint");
    }

    @Test
    void registersWithTheAuthorityOfItsOwnGroup() {
        Credential first = new Credential(Identity.of("dev1"), true, Kind.CERTIFICATE_AUTHORITY, List.of(), List.of(), "group a");
        Credential second = new Credential(Identity.of("dev1"), true, Kind.CERTIFICATE_AUTHORITY, List.of(), List.of(), "group b");
        room.enrollments.known.put("dev1", List.of(first, second));
        trusted("", "ca", "other");
        trusted("group a", "other");
        trusted("group b", "ca");
        String user = "0ne00TEST01/registrations/dev1/api-version=2019-03-31";
        LoginVerdict.Accepted accepted = assertInstanceOf(LoginVerdict.Accepted.class, room.login("dev1", user, null, true, signed));
        assertEquals(second, assertInstanceOf(Registration.class, accepted.client()).proof().by());
        trusted("group b");
        refused(room.login("dev1", user, null, true, signed), "no authority");
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
