package io.pantograph.remote;

import io.pantograph.api.model.Values;
import io.pantograph.api.operator.Deployed;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.Deployments;
import io.pantograph.api.operator.Evidence;
import io.pantograph.api.operator.Part;
import io.pantograph.api.operator.State;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** How all bundles stand, as a twin has room for: 32 KB for all that a device reports. */
final class Present {

    static final int MOST_BUNDLES = 48;
    private static final int LONGEST_REASON = 160;

    private Present() {
    }

    /**
     * By key. Every value has the same names, null where there is nothing to say: reports are merged.
     *
     * @param last the last deployment of this device's door; if it came to nothing that is what is told of its bundles
     */
    static Map<String, Values> of(Deployments deployments, Optional<Deployment> last) {
        Map<String, Deployed> here = here(deployments);
        Map<String, Values> present = new TreeMap<>();
        here.forEach((name, bundle) -> present.put(name,
                entry(bundle.state(), bundle.version(), bundle.sha256(), Optional.empty(), bundle.evidence(), bundle.reason())));
        last.filter(one -> one.state() == State.REFUSED || one.state() == State.ROLLED_BACK).ifPresent(one -> parts(present, here, one));
        List<Deployment> newestFirst = deployments.deployments();
        for (int i = newestFirst.size() - 1; i >= 0; i--) {
            if (!newestFirst.get(i).state().isEnd()) {
                parts(present, here, newestFirst.get(i));
            }
        }
        Map<String, Values> keyed = new HashMap<>();
        present.entrySet().stream().limit(MOST_BUNDLES).forEach(one -> keyed.put(BundleKeys.key(one.getKey()), one.getValue()));
        return keyed;
    }

    private static void parts(Map<String, Values> present, Map<String, Deployed> here, Deployment deployment) {
        for (Part part : deployment.parts()) {
            Deployed bundle = here.get(part.name());
            if (deployment.state().isEnd() && bundle != null && part.sha256().filter(bundle.sha256()::equals).isPresent()) {
                continue; // it came by another door since
            }
            Optional<String> serving = part.state() == State.PROBATION ? Optional.empty()
                    : Optional.ofNullable(bundle).map(Deployed::version).filter(version -> !part.version().equals(Optional.of(version)));
            String reason = part.reason().isEmpty() ? deployment.reason() : part.reason();
            present.put(part.name(), entry(part.state(), part.version().orElse(null), part.sha256().orElse(null), serving, part.evidence(), reason));
        }
    }

    private static Values entry(State state, String version, String sha256, Optional<String> serving, Evidence evidence, String reason) {
        return Values.builder().put("state", state.word()).put("version", version).put("sha256", sha256).put("serving", serving.orElse(null))
                .put("evidence", evidence(evidence)).put("reason", reason.isEmpty() ? null : cut(reason)).build();
    }

    private static Values evidence(Evidence evidence) {
        return Values.builder().put("calls", evidence.calls()).put("wanted", evidence.wanted()).put("errors", evidence.errors())
                .put("p99-us", evidence.p99().toNanos() / 1_000).put("compared", evidence.compared()).put("different", evidence.different()).build();
    }

    private static String cut(String reason) {
        return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON) + "...";
    }

    /** By key: the version that serves. */
    static Values versions(Deployments deployments) {
        Values.Builder versions = Values.builder();
        here(deployments).values().stream().limit(MOST_BUNDLES).forEach(bundle -> versions.put(BundleKeys.key(bundle.name()), bundle.version()));
        return versions.build();
    }

    /** What serves. A bundle on trial is listed beside the one that it may take the place of. */
    private static Map<String, Deployed> here(Deployments deployments) {
        Map<String, Deployed> here = new TreeMap<>();
        deployments.bundles().stream().filter(bundle -> bundle.state() == State.PROVEN || bundle.state() == State.PROBATION)
                .forEach(bundle -> here.merge(bundle.name(), bundle, (one, other) -> other.state() == State.PROBATION ? other : one));
        return here;
    }
}
