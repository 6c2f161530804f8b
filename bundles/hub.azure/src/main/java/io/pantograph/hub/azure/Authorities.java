package io.pantograph.hub.azure;

import io.pantograph.api.azure.AzureException;
import io.pantograph.api.model.Values;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The certificates with which enrolment groups vouch for devices, read once for all logins. */
final class Authorities {

    private final Map<String, List<X509Certificate>> byGroup = new HashMap<>();
    private final List<X509Certificate> enabled = new ArrayList<>();

    Authorities(Map<String, Values> groups) {
        groups.forEach((id, group) -> {
            List<X509Certificate> own = read(group);
            byGroup.put(id, own);
            if (group.text("provisioningStatus").equals("enabled")) {
                enabled.addAll(own);
            }
        });
    }

    private static List<X509Certificate> read(Values group) {
        if (!(group.values("attestation").get("x509") instanceof Values x509)) {
            return List.of();
        }
        Values signing = x509.values("signingCertificates");
        return Stream.of("primary", "secondary").filter(signing::containsKey).map(signing::values).map(each -> {
            try {
                return CertificateDraft.certificate(each.text("certificate"), "certificate");
            } catch (AzureException e) {
                throw new IllegalStateException("a stored certificate cannot be read", e); // it could when it was kept
            }
        }).toList();
    }

    List<X509Certificate> of(String group) {
        return byGroup.getOrDefault(group, List.of());
    }

    /** Of all groups that are. */
    List<X509Certificate> enabled() {
        return List.copyOf(enabled);
    }
}
