package io.pantograph.deploy;

import io.pantograph.api.operator.Plan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** Says what a release would do, and why it will not be done, before anything is touched. From any thread. */
final class Planner {

    /** A bundle that is to be here, its jar looked into. */
    record Coming(Facts facts, String sha256) {
    }

    /** A bundle that a deployment brought; of a name there are two while one is on trial. @param bundle installed */
    record Here(Facts facts, String sha256, Bundle bundle) {
    }

    /** @param unchanged names for which nothing is to be done: what is wanted is here, or what is to go is not */
    record Planned(Plan plan, Set<String> unchanged) {
    }

    private final BundleContext context;

    Planner(BundleContext context) {
        this.context = context;
    }

    /**
     * @param door by which it came; at {@code drop} the same version may come with other bytes, as is usual while one develops
     * @param going names of the bundles that are to go
     * @param here all that deployments brought, wherever they came from
     */
    Planned plan(String door, List<Coming> coming, Set<String> going, Collection<Here> here) {
        return new Planned(new Plan(List.of(), List.of(), List.of(), List.of(), List.of(), new ArrayList<>()), new LinkedHashSet<>());
    }
}
