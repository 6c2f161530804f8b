package io.pantograph.hub.azure;

import io.pantograph.api.azure.Identity;
import java.util.List;
import java.util.Optional;

/**
 * A registered device or module.
 *
 * @param generation another when it is deleted and made again
 * @param tag grows with each change: the ETag
 * @param statusUpdated in milliseconds, 0 is never
 */
record Member(Identity identity, String generation, long tag, boolean enabled, Optional<String> statusReason, long statusUpdated, Proof proof,
        boolean edge, Optional<String> scope, List<String> parents, Optional<String> managedBy) {

    String etag() {
        return ETags.ofIdentity(tag);
    }
}
