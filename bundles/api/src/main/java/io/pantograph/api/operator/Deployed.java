package io.pantograph.api.operator;

import io.pantograph.api.model.Values;
import java.util.Optional;

/**
 * A bundle that a deployment brought and that is here.
 *
 * @param deployment that brought it
 * @param lastGood version of the jar kept to go back to; empty if there is none
 */
public record Deployed(String name, String version, String sha256, State state, String deployment, String door, Optional<String> lastGood,
        Evidence evidence, String reason) {

    public Values values() {
        Values.Builder values = Values.builder().put("name", name).put("version", version).put("sha256", sha256).put("state", state.word())
                .put("deployment", deployment).put("door", door);
        lastGood.ifPresent(one -> values.put("last-good", one));
        if (!reason.isEmpty()) {
            values.put("reason", reason);
        }
        return values.put("evidence", evidence.values()).build();
    }
}
