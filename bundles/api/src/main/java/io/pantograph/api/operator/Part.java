package io.pantograph.api.operator;

import io.pantograph.api.model.Values;
import java.util.Optional;

/**
 * One bundle of a deployment.
 *
 * @param name its Bundle-SymbolicName; the file's name or the hash as long as it is not known
 * @param version empty if it is to be gone, or not known yet
 * @param before the version that it takes the place of
 * @param sha256 of its jar; empty if it is to be gone, or not known yet
 */
public record Part(String name, Optional<String> version, Optional<String> before, Optional<String> sha256, State state, Evidence evidence,
        String reason) {

    public Values values() {
        Values.Builder values = Values.builder().put("name", name).put("state", state.word());
        version.ifPresent(one -> values.put("version", one));
        before.ifPresent(one -> values.put("before", one));
        sha256.ifPresent(one -> values.put("sha256", one));
        if (!reason.isEmpty()) {
            values.put("reason", reason);
        }
        return values.put("evidence", evidence.values()).build();
    }
}
