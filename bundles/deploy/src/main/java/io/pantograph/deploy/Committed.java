package io.pantograph.deploy;

import io.pantograph.api.model.Values;
import io.pantograph.api.operator.Evidence;
import java.util.Optional;

/**
 * What is deployed under one name. The journal holds the truth of it; the framework is made to follow at every start.
 *
 * @param deployment by which it came
 * @param lastGood what was proven before it, whose jar is kept
 * @param evidence by which it was proven
 */
record Committed(String name, String version, String sha256, String door, String deployment, Optional<Kept> lastGood, Evidence evidence) {

    /** A jar to go back to. */
    record Kept(String version, String sha256) {
    }

    String title() {
        return name + ' ' + version;
    }

    Values values() {
        Values.Builder values = Values.builder().put("version", version).put("sha256", sha256).put("door", door).put("deployment", deployment);
        lastGood.ifPresent(one -> values.put("last-good", Values.of("version", one.version, "sha256", one.sha256)));
        return values.put("evidence", evidence.values()).build();
    }

    static Committed of(String name, Values values) {
        Optional<Kept> lastGood = values.containsKey("last-good")
                ? Optional.of(new Kept(values.values("last-good").text("version"), values.values("last-good").text("sha256"))) : Optional.empty();
        return new Committed(name, values.text("version"), values.text("sha256"), values.text("door"), values.text("deployment"), lastGood,
                Lines.evidence(values.values("evidence")));
    }
}
