package io.pantograph.deploy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.dto.ServiceReferenceDTO;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.SatisfiedReferenceDTO;

/** Who hangs on bundles that are to leave: by a wire of the framework, or by a component that would have to start anew without their service. */
final class Ties {

    private final BundleContext context;
    private final Collection<Bundle> leaving;

    Ties(BundleContext context, Collection<Bundle> leaving) {
        this.context = context;
        this.leaving = leaving;
    }

    /**
     * Other bundles that would restart, each with why, to go on from its name.
     *
     * @param successors names of services that will be there anew before the old ones leave
     */
    Map<Bundle, String> restarting(Set<String> successors) {
        Map<Bundle, String> found = new LinkedHashMap<>();
        if (leaving.isEmpty()) {
            return found;
        }
        FrameworkWiring wiring = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
        for (Bundle bundle : wiring.getDependencyClosure(leaving)) {
            if (!leaving.contains(bundle) && bundle.getState() != Bundle.UNINSTALLED) {
                found.put(bundle, wired(bundle));
            }
        }
        components(found, successors);
        return found;
    }

    private String wired(Bundle bundle) {
        BundleWiring own = bundle.adapt(BundleWiring.class);
        for (BundleWire wire : own == null ? List.<BundleWire>of() : own.getRequiredWires(null)) {
            if (leaving.contains(wire.getProvider().getBundle())) {
                return "is wired to " + wire.getProvider().getSymbolicName() + " by " + wire.getCapability().getNamespace();
            }
        }
        return "is wired to it by way of others";
    }

    private void components(Map<Bundle, String> found, Set<String> successors) {
        ServiceReference<ServiceComponentRuntime> reference = context.getServiceReference(ServiceComponentRuntime.class);
        ServiceComponentRuntime runtime = reference == null ? null : context.getService(reference);
        if (runtime == null) {
            return;
        }
        try {
            for (Bundle user : users()) {
                for (var component : runtime.getComponentDescriptionDTOs(user)) {
                    for (ComponentConfigurationDTO configuration : runtime.getComponentConfigurationDTOs(component)) {
                        why(configuration, successors).forEach(why -> found.putIfAbsent(user, why));
                    }
                }
            }
        } finally {
            context.ungetService(reference);
        }
    }

    private List<Bundle> users() {
        return leaving.stream().map(Bundle::getRegisteredServices).filter(services -> services != null).flatMap(Arrays::stream)
                .map(ServiceReference::getUsingBundles).filter(users -> users != null).flatMap(Arrays::stream)
                .filter(user -> !leaving.contains(user) && user.getState() == Bundle.ACTIVE).distinct().toList();
    }

    private List<String> why(ComponentConfigurationDTO component, Set<String> successors) {
        List<String> found = new ArrayList<>();
        for (SatisfiedReferenceDTO bound : component.satisfiedReferences == null ? new SatisfiedReferenceDTO[0] : component.satisfiedReferences) {
            if (Stream.of(bound.boundServices).noneMatch(this::leaves)) {
                continue;
            }
            for (ReferenceDTO declared : component.description.references) {
                if (declared.name.equals(bound.name) && restarts(declared, successors)) {
                    found.add("has the component " + component.description.name + ", which holds its service " + declared.interfaceName);
                }
            }
        }
        return found;
    }

    private boolean leaves(ServiceReferenceDTO service) {
        return leaving.stream().anyMatch(bundle -> bundle.getBundleId() == service.bundle);
    }

    /** A static reference restarts its component whatever comes instead; a mandatory one only if nothing does. */
    private boolean restarts(ReferenceDTO reference, Set<String> successors) {
        return "static".equals(reference.policy)
                || reference.cardinality.startsWith("1") && !successors.contains(reference.interfaceName) && !given(reference);
    }

    private boolean given(ReferenceDTO reference) {
        try {
            ServiceReference<?>[] others = context.getAllServiceReferences(reference.interfaceName, reference.target);
            return others != null && Stream.of(others).anyMatch(one -> !leaving.contains(one.getBundle()));
        } catch (InvalidSyntaxException e) {
            return false; // DS has complained of it
        }
    }
}
