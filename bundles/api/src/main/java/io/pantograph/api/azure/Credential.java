package io.pantograph.api.azure;

import io.pantograph.api.model.Secret;
import java.util.List;

/**
 * With what an identity proves itself.
 *
 * @param enabled of a module: whether its device is
 * @param keys primary and secondary key in base64; empty unless of kind SAS
 * @param thumbprints SHA-1 or SHA-256 of the certificate in capitals of hexadecimal; empty unless of kind SELF_SIGNED
 * @param generation changes when an identity is deleted and made again
 */
public record Credential(Identity identity, boolean enabled, Kind kind, List<Secret> keys, List<String> thumbprints, String generation) {

    public enum Kind { SAS, SELF_SIGNED, CERTIFICATE_AUTHORITY, NONE }

    public Credential {
        keys = List.copyOf(keys);
        thumbprints = List.copyOf(thumbprints);
    }
}
