package io.pantograph.hub.azure.wire;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** What a client's certificate proves. */
final class Certificates {

    private static final int KEY_CERT_SIGN = 5;

    private Certificates() {
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

    /**
     * Whether the first certificate is this one's (its one common name says so) and leads to an authority: by itself, or by those that
     * were shown with it. All on the way must be in force, and all but the first be allowed to sign others.
     */
    static boolean vouched(List<X509Certificate> chain, String commonName, List<X509Certificate> authorities, Instant now) {
        X509Certificate own = chain.get(0);
        if (!commonNames(own).equals(List.of(commonName)) || authorities.contains(own)) {
            return false; // who holds an authority's key signs a certificate with it, and shows that
        }
        // The search below takes for granted what it begins with.
        Set<TrustAnchor> anchors = authorities.stream().filter(authority -> signs(authority) && inForce(authority, now))
                .map(authority -> new TrustAnchor(authority, null)).collect(Collectors.toSet());
        if (anchors.isEmpty()) {
            return false;
        }
        X509CertSelector target = new X509CertSelector();
        target.setCertificate(own);
        try {
            PKIXBuilderParameters search = new PKIXBuilderParameters(anchors, target);
            search.setRevocationEnabled(false);
            search.setDate(Date.from(now));
            search.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
            CertPathBuilder.getInstance("PKIX").build(search);
            return true;
        } catch (GeneralSecurityException none) {
            return false;
        }
    }

    private static boolean signs(X509Certificate authority) {
        return authority.getBasicConstraints() >= 0 && (authority.getKeyUsage() == null || authority.getKeyUsage()[KEY_CERT_SIGN]);
    }

    private static List<String> commonNames(X509Certificate certificate) {
        try {
            return new LdapName(certificate.getSubjectX500Principal().getName()).getRdns().stream()
                    .filter(part -> part.getType().equalsIgnoreCase("CN")).map(Rdn::getValue).map(String::valueOf).toList();
        } catch (InvalidNameException e) {
            return List.of();
        }
    }
}
