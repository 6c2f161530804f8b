package io.pantograph.manage;

import io.pantograph.api.model.Names;
import io.pantograph.api.model.Values;
import io.pantograph.api.operator.Change;
import io.pantograph.api.operator.Release;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The actions of the extension {@value #EXTENSION}, as releases. An application registers it once, at
 * {@code POST /mgmt/custom/bundle}, with the resource of that name.
 */
final class Actions {

    static final String EXTENSION = "osgi-actions-v1";
    static final String DOOR = "watson";
    static final String INSTALL = "install";
    static final String UPDATE = "update";
    static final String UNINSTALL = "uninstall";

    private Actions() {
    }

    static boolean has(String extension, String action) {
        return extension.equals(EXTENSION) && Set.of(INSTALL, UPDATE, UNINSTALL).contains(action);
    }

    /** @throws IllegalArgumentException naming the parameter that is wrong, and what would be right */
    static Release release(String action, Values parameters) {
        Set<String> known = action.equals(UNINSTALL) ? Set.of("name") : Set.of("name", "version", "url", "sha256");
        Values.Builder given = Values.builder();
        parameters.forEach((name, value) -> {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("'" + Names.visible(name) + "' is no parameter of " + action + "; it has "
                        + String.join(", ", new TreeSet<>(known)));
            }
            if (value != null && !value.equals("")) { // what an application leaves out may come as an empty text
                given.put(name, value);
            }
        });
        Values told = given.build();
        return action.equals(UNINSTALL) ? Release.of(DOOR, Values.of("bundles", Values.of(told.text("name"), null)))
                : install(told);
    }

    /** @param told url, sha256, and name and version if they are known */
    static Release install(Values told) {
        Values.Builder jar = Values.builder();
        told.forEach((name, value) -> {
            if (!name.equals("name")) {
                jar.put(name, value);
            }
        });
        boolean named = told.containsKey("name");
        Release release = Release.of(DOOR, Values.of("bundles", Values.of(named ? told.text("name") : "unnamed", jar.build())));
        if (named) {
            return release;
        }
        Change.Install install = (Change.Install) release.changes().get(0);
        return new Release(DOOR, List.of(new Change.Install(Optional.empty(), install.version(), install.jar())), release.trial(), release.deadline());
    }
}
