package io.pantograph.hub.mqtt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.core.SettingException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorityTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path folder;

    private Authority at(Duration later) throws IOException {
        return Authority.in(folder, Clock.fixed(NOW.plus(later), ZoneOffset.UTC));
    }

    private static Names names(String extra) throws Exception {
        return Names.of(extra, InetAddress.getByName("0.0.0.0"));
    }

    private String rights(String file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(file)));
    }

    @Test
    void keepsItsKeysToItselfAndItsCertificateReadable() throws Exception {
        at(Duration.ZERO).server(names(""));
        assertEquals("rw-r--r--", rights("ca.pem"));
        assertEquals("rwx------", rights("keys"));
        for (String file : new String[] {"keys/ca.key.pem", "keys/server.key.pem", "keys/server.pem"}) {
            assertEquals("rw-------", rights(file));
        }
    }

    @Test
    void namesWhatClientsLookFor() throws Exception {
        X509Certificate server = at(Duration.ZERO).server(names("hub.plant.example, 10.1.2.3 fd00::1")).chain()[0];
        Set<String> told = new TreeSet<>();
        server.getSubjectAlternativeNames().forEach(name -> told.add(name.get(1).toString()));
        assertEquals(new TreeSet<>(Set.of("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1", "*.messaging.internetofthings.ibmcloud.com",
                "*.internetofthings.ibmcloud.com", "hub.plant.example", "10.1.2.3", "fd00:0:0:0:0:0:0:1")), told);
        assertEquals("SHA256withRSA", server.getSigAlgName());
    }

    @Test
    void keepsTheCertificateWhileItServes() throws Exception {
        Authority.Server first = at(Duration.ZERO).server(names(""));
        Authority.Server second = at(Duration.ofDays(365)).server(names(""));
        assertArrayEquals(first.chain(), second.chain());
    }

    // The authority stays: clients were given it, and must not need another.
    @Test
    void makesANewCertificateOfTheSameAuthority() throws Exception {
        Authority.Server first = at(Duration.ZERO).server(names(""));
        Authority.Server renamed = at(Duration.ZERO).server(names("plant"));
        Authority.Server renewed = at(Duration.ofDays(600)).server(names("plant"));
        assertNotEquals(first.chain()[0], renamed.chain()[0]);
        assertNotEquals(renamed.chain()[0], renewed.chain()[0]);
        assertEquals(first.chain()[1], renewed.chain()[1]);
        renewed.chain()[0].verify(first.chain()[1].getPublicKey());
    }

    @Test
    void makesANewCertificateWhenItsFilesAreDamaged() throws Exception {
        Authority.Server first = at(Duration.ZERO).server(names(""));
        Files.writeString(folder.resolve("keys/server.key.pem"), "nonsense");
        assertNotEquals(first.chain()[0], at(Duration.ZERO).server(names("")).chain()[0]);
    }

    // A new authority behind the operator's back would lock out every device there is.
    @Test
    void neverReplacesADamagedAuthority() throws Exception {
        at(Duration.ZERO);
        byte[] certificate = Files.readAllBytes(folder.resolve("ca.pem"));
        Files.delete(folder.resolve("keys/ca.key.pem"));
        IOException failure = assertThrows(IOException.class, () -> at(Duration.ZERO));
        assertTrue(failure.getMessage().contains("ca.pem") && failure.getMessage().contains("delete both"), failure.getMessage());
        assertArrayEquals(certificate, Files.readAllBytes(folder.resolve("ca.pem")));
    }

    @Test
    void neverOutlivesTheAuthority() throws Exception {
        Authority.Server late = at(Duration.ZERO).server(names(""));
        X509Certificate last = at(Duration.ofDays(3_300)).server(names("x")).chain()[0];
        assertFalse(last.getNotAfter().after(late.chain()[1].getNotAfter()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a_b", "300.1.1.1", "-x", "a..b", "fd00::zz", "ex ample/"})
    void saysWhichNameIsNone(String name) {
        assertThrows(SettingException.class, () -> names(name));
    }
}
