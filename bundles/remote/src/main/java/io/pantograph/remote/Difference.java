package io.pantograph.remote;

import io.pantograph.api.operator.Change;
import io.pantograph.api.operator.Deployed;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.Part;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What has to be done so that what is here becomes what is wanted.
 *
 * @param takeBack deployments of this door on their way, that bring something that is wanted no longer
 * @param changes to be deployed then, all or none; none if what is wanted is here or on its way
 */
record Difference(Set<String> takeBack, List<Change> changes) {

    /**
     * @param brought by this door, on behalf of this device: what of these is not wanted any more has to go
     * @param here by all doors
     * @param underWay of this door and device
     */
    static Difference between(Wanted wanted, Set<String> brought, List<Deployed> here, List<Deployment> underWay) {
        Set<String> takeBack = new LinkedHashSet<>();
        List<Deployment> going = new ArrayList<>();
        for (Deployment deployment : underWay) {
            if (deployment.parts().stream().allMatch(part -> isWanted(part, wanted))) {
                going.add(deployment);
            } else {
                takeBack.add(deployment.id());
            }
        }
        Map<String, Part> coming = going.stream().flatMap(deployment -> deployment.parts().stream())
                .collect(Collectors.toMap(Part::name, part -> part, (newer, older) -> newer));
        Map<String, Part> undone = underWay.stream().filter(deployment -> takeBack.contains(deployment.id()))
                .flatMap(deployment -> deployment.parts().stream()).collect(Collectors.toMap(Part::name, part -> part, (newer, older) -> newer));
        Map<String, Deployed> present = here.stream().collect(Collectors.toMap(Deployed::name, bundle -> bundle, (one, other) -> one));

        List<Change> changes = new ArrayList<>();
        wanted.bundles().forEach((name, install) -> {
            Deployed bundle = present.get(name);
            boolean is = bundle != null && bundle.sha256().equals(Wanted.sha256(install)) && !takeBack.contains(bundle.deployment());
            if (!coming.containsKey(name) && !is) {
                changes.add(install);
            }
        });
        for (String name : brought) {
            Deployed bundle = present.get(name);
            if (wanted.bundles().containsKey(name) || coming.containsKey(name) || bundle == null || !bundle.door().equals(Wanted.DOOR)) {
                continue;
            }
            boolean goesAnyway = takeBack.contains(bundle.deployment()) && undone.containsKey(name) && undone.get(name).before().isEmpty();
            if (!goesAnyway) {
                changes.add(new Change.Remove(name));
            }
        }
        return new Difference(Set.copyOf(takeBack), List.copyOf(changes));
    }

    private static boolean isWanted(Part part, Wanted wanted) {
        Optional<String> sha256 = Optional.ofNullable(wanted.bundles().get(part.name())).map(Wanted::sha256);
        return part.sha256().equals(sha256);
    }
}
