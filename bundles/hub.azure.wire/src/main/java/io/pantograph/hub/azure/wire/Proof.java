package io.pantograph.hub.azure.wire;

import io.pantograph.api.azure.Credential;
import java.time.Instant;
import java.util.Optional;

/**
 * How a client proved who it is.
 *
 * @param scope {@code device}, {@code module}, or {@code hub} for a policy's key
 * @param type {@code sas}, {@code x509Certificate} or {@code x509CertificateAuthority}
 * @param until when it ends
 */
record Proof(Credential by, String scope, String type, Optional<Instant> until) {

    /** As events tell it. */
    String told() {
        return "{\"scope\":\"" + scope + "\",\"type\":\"" + type + "\",\"issuer\":\"" + (type.equals("sas") ? "iothub" : "external")
                + "\",\"acceptingIpFilterRule\":null}";
    }
}
