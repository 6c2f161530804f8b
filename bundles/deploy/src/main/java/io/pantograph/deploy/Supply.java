package io.pantograph.deploy;

import io.pantograph.deploy.Planner.Coming;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.namespace.ExecutionEnvironmentNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.resource.Namespace;
import org.osgi.resource.Requirement;
import org.osgi.resource.Resource;

/** What will be there when a release is done, and what of a bundle's needs will not. Tells more than the framework's resolver, and asks before. */
final class Supply {

    private static final Pattern SERVICE = Pattern.compile("\\(" + Constants.OBJECTCLASS + "=([^()]+)\\)");
    private static final Pattern JAVA = Pattern.compile("\\(osgi\\.ee=JavaSE\\)\\(version>?=([0-9.]+)\\)");

    private final BundleContext context;
    private final FrameworkWiring wiring;
    private final Collection<Bundle> leaving;
    private final List<Coming> coming;

    Supply(BundleContext context, Collection<Bundle> leaving, List<Coming> coming) {
        this.context = context;
        this.wiring = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
        this.leaving = leaving;
        this.coming = coming;
    }

    /** What this bundle lacks, each a sentence; empty if nothing. */
    List<String> lacks(Facts facts) {
        List<String> sentences = new ArrayList<>();
        Set<String> packages = new TreeSet<>();
        for (Need need : facts.needs()) {
            if (fulfilled(need)) {
                continue;
            }
            List<BundleCapability> same = need.what().isEmpty() ? List.of() : providers(PackageNamespace.PACKAGE_NAMESPACE,
                    '(' + PackageNamespace.PACKAGE_NAMESPACE + '=' + need.what() + ')').toList();
            if (!same.isEmpty()) {
                sentences.add(otherVersion(facts, need, same));
            } else if (!need.what().isEmpty()) {
                packages.add(need.what());
            } else {
                sentences.add(lack(facts, need));
            }
        }
        if (!packages.isEmpty()) {
            sentences.add(facts.title() + " imports " + String.join(", ", packages) + ", which no bundle here exports; put "
                    + (packages.size() == 1 ? "this package" : "these packages") + " into its jar, or remove the use");
        }
        return sentences;
    }

    private boolean fulfilled(Need need) {
        return coming.stream().flatMap(one -> one.facts().offers().stream())
                .anyMatch(offer -> offer.namespace().equals(need.namespace()) && need.fulfilledBy(offer.attributes()))
                || providers(need.namespace(), need.filter()).findAny().isPresent() || registered(need);
    }

    private Stream<BundleCapability> providers(String namespace, String filter) {
        return wiring.findProviders(new Asked(namespace, filter)).stream()
                .filter(provider -> provider.getRevision().getBundle().getState() != Bundle.UNINSTALLED
                        && !leaving.contains(provider.getRevision().getBundle()));
    }

    /** Services may be there of which no manifest speaks. */
    private boolean registered(Need need) {
        String type = service(need);
        if (type == null) {
            return false;
        }
        try {
            ServiceReference<?>[] services = context.getAllServiceReferences(type, null);
            return services != null && Stream.of(services).anyMatch(one -> !leaving.contains(one.getBundle()));
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e); // there is no filter
        }
    }

    private static String service(Need need) {
        Matcher type = SERVICE.matcher(need.filter());
        return need.namespace().equals(Facts.SERVICE) && type.find() ? type.group(1) : null;
    }

    private static String otherVersion(Facts facts, Need need, List<BundleCapability> same) {
        List<String> there = same.stream().map(one -> one.getAttributes().get(PackageNamespace.CAPABILITY_VERSION_ATTRIBUTE) + " of "
                + one.getRevision().getSymbolicName()).toList();
        String wanted = need.range().map(range -> " in the versions " + range).orElse(" by " + need.filter());
        return facts.title() + " imports " + need.what() + wanted + ", here is " + String.join(" and ", there)
                + "; build it against what is here";
    }

    private String lack(Facts facts, Need need) {
        if (need.namespace().equals(ExecutionEnvironmentNamespace.EXECUTION_ENVIRONMENT_NAMESPACE)) {
            Matcher java = JAVA.matcher(need.filter());
            int here = Runtime.version().feature();
            return facts.title() + " needs " + (java.find() ? "Java " + java.group(1) : "an environment of " + need.filter()) + ", this box runs on Java "
                    + here + "; build it for Java " + here + " (in Maven: maven.compiler.release)";
        }
        String type = service(need);
        if (type != null) {
            return facts.title() + " needs the service " + type + ", which no bundle here gives; deploy one that does with it or before it";
        }
        if (need.namespace().equals(Facts.CODEC)) {
            return facts.title() + " needs a codec by " + need.filter() + ", which no bundle here gives; deploy one that does with it or before it";
        }
        return facts.title() + " needs " + need.namespace() + " by " + need.filter() + ", which no bundle here gives; build it without, or start a box that has it";
    }

    /** What the framework is asked for, on behalf of nobody. */
    private record Asked(String namespace, String filter) implements Requirement {

        @Override
        public String getNamespace() {
            return namespace;
        }

        @Override
        public Map<String, String> getDirectives() {
            return Map.of(Namespace.REQUIREMENT_FILTER_DIRECTIVE, filter);
        }

        @Override
        public Map<String, Object> getAttributes() {
            return Map.of();
        }

        @Override
        public Resource getResource() {
            return null;
        }
    }
}
