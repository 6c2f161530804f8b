package io.pantograph.hub.azure.wire;

import io.pantograph.api.azure.Enrollments;
import io.pantograph.api.model.Values;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * What a client's certificate proves. Trusted authorities are those whose certificates lie with enrolment groups; they must have signed
 * the client's certificate themselves, since of a longer chain only the first certificate is known here.
 */
final class Certificates {

    private final Enrollments enrollments;

    Certificates(Enrollments enrollments) {
        this.enrollments = enrollments;
    }

    static boolean inForce(X509Certificate certificate, Instant now) {
        return !now.isBefore(certificate.getNotBefore().toInstant()) && !now.isAfter(certificate.getNotAfter().toInstant());
    }

    /** Whether its SHA-1 or SHA-256 is one of these, in hexadecimal. */
    static boolean has(X509Certificate certificate, List<String> thumbprints) {
        boolean found = false;
        for (String algorithm : List.of("SHA-1", "SHA-256")) {
            byte[] mine = HexFormat.of().withUpperCase().formatHex(hash(certificate, algorithm)).getBytes(StandardCharsets.US_ASCII);
            for (String thumbprint : thumbprints) {
                found |= MessageDigest.isEqual(mine, thumbprint.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
            }
        }
        return found;
    }

    private static byte[] hash(X509Certificate certificate, String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm).digest(certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether it is this one's (its common name says so) and a trusted authority signed it. */
    boolean vouched(X509Certificate certificate, String commonName, Instant now) {
        if (!commonName.equals(commonName(certificate))) {
            return false;
        }
        for (X509Certificate authority : authorities()) {
            if (authority.getBasicConstraints() >= 0 && inForce(authority, now) && signed(authority, certificate)) {
                return true;
            }
        }
        return false;
    }

    private static boolean signed(X509Certificate authority, X509Certificate certificate) {
        if (!certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal())) {
            return false;
        }
        try {
            certificate.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static String commonName(X509Certificate certificate) {
        try {
            for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    return String.valueOf(part.getValue());
                }
            }
        } catch (InvalidNameException e) {
            // then it has none
        }
        return "";
    }

    private List<X509Certificate> authorities() {
        List<X509Certificate> found = new ArrayList<>();
        for (Values group : enrollments.all(true)) {
            Object signing = within(within(within(group, "attestation"), "x509"), "signingCertificates");
            for (String which : List.of("primary", "secondary")) {
                if (within(within(signing, which), "certificate") instanceof String text) {
                    read(text, found);
                }
            }
        }
        return found;
    }

    private static Object within(Object document, String name) {
        return document instanceof Values values ? values.get(name) : null;
    }

    /** In PEM, or that or DER in base64. One that cannot be read vouches for nobody. */
    private static void read(String text, List<X509Certificate> to) {
        try {
            byte[] bytes = text.contains("-----BEGIN") ? text.getBytes(StandardCharsets.US_ASCII) : Base64.getMimeDecoder().decode(text);
            to.add((X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes)));
        } catch (CertificateException | IllegalArgumentException e) {
            // see above
        }
    }
}
