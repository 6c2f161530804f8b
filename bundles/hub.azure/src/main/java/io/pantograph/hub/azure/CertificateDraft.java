package io.pantograph.hub.azure;

import io.pantograph.api.azure.AzureException;
import io.pantograph.api.model.Values;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/** A certificate of an enrolment: the text that was sent, and what stands in it. */
final class CertificateDraft {

    private CertificateDraft() {
    }

    /** @param sent with {@code certificate}, or {@code info} with a thumbprint. @return empty if it has neither */
    static Optional<Values> read(Fields sent, boolean authority) throws AzureException {
        Optional<String> text = sent.filled("certificate");
        if (text.isPresent()) {
            X509Certificate certificate = certificate(text.get(), sent.at("certificate"));
            if (authority && certificate.getBasicConstraints() < 0) {
                throw Fields.invalid(sent.at("certificate") + " is no certificate authority's");
            }
            return Optional.of(Values.of("certificate", text.get(), "info", info(certificate)));
        }
        Fields info = sent.below("info");
        Optional<String> thumbprint = info.filled("sha256Thumbprint").or(() -> Optional.ofNullable(info.values().get("sha1Thumbprint") instanceof String sha1
                && !sha1.isEmpty() ? sha1 : null));
        if (thumbprint.isEmpty() || authority) {
            return Optional.empty(); // only a client's certificate can be told by its thumbprint
        }
        String bare = Proof.thumbprint(thumbprint.get())
                .orElseThrow(() -> Fields.invalid(info.at("sha256Thumbprint") + " must be 40 or 64 hexadecimal digits"));
        return Optional.of(Values.of("info", Values.of(bare.length() == 64 ? "sha256Thumbprint" : "sha1Thumbprint", bare)));
    }

    /** In PEM, or that or DER in base64. */
    static X509Certificate certificate(String text, String path) throws AzureException {
        try {
            byte[] bytes = text.contains("-----BEGIN") ? text.getBytes(StandardCharsets.UTF_8) : Base64.getMimeDecoder().decode(text);
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
        } catch (CertificateException | IllegalArgumentException e) {
            throw Fields.invalid(path + " must be a certificate in PEM, or DER in base64");
        }
    }

    private static Values info(X509Certificate certificate) {
        return Values.builder()
                .put("subjectName", certificate.getSubjectX500Principal().getName())
                .put("sha1Thumbprint", hash(certificate, "SHA-1"))
                .put("sha256Thumbprint", hash(certificate, "SHA-256"))
                .put("issuerName", certificate.getIssuerX500Principal().getName())
                .put("notBeforeUtc", Times.text(certificate.getNotBefore().getTime()))
                .put("notAfterUtc", Times.text(certificate.getNotAfter().getTime()))
                .put("serialNumber", certificate.getSerialNumber().toString(16).toUpperCase(java.util.Locale.ROOT))
                .put("version", certificate.getVersion())
                .build();
    }

    private static String hash(X509Certificate certificate, String algorithm) {
        try {
            return HexFormat.of().withUpperCase().formatHex(MessageDigest.getInstance(algorithm).digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
