package io.pantograph.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.VersionRange;
import org.osgi.framework.namespace.PackageNamespace;

/**
 * What a bundle cannot do without.
 *
 * @param filter over the attributes of what fulfils it
 * @param what for an import the package; else empty
 * @param range for an import the versions that will do
 */
record Need(String namespace, String filter, String what, Optional<VersionRange> range) {

    static List<Need> of(String imports, String required) throws Objection {
        List<Need> needs = new ArrayList<>();
        for (Clause clause : Clause.of(Constants.IMPORT_PACKAGE, imports)) {
            if (mandatory(clause)) {
                for (String path : clause.paths()) {
                    needs.add(imported(path, clause.attributes()));
                }
            }
        }
        for (Clause clause : Clause.of(Constants.REQUIRE_CAPABILITY, required)) {
            if (mandatory(clause)) {
                String filter = clause.directives().getOrDefault(Constants.FILTER_DIRECTIVE, "(|(x=*)(!(x=*)))");
                check(filter);
                clause.paths().forEach(path -> needs.add(new Need(path, filter, "", Optional.empty())));
            }
        }
        return List.copyOf(needs);
    }

    private static boolean mandatory(Clause clause) {
        return !Constants.RESOLUTION_OPTIONAL.equals(clause.directives().get(Constants.RESOLUTION_DIRECTIVE));
    }

    private static Need imported(String path, Map<String, Object> attributes) throws Objection {
        StringBuilder filter = new StringBuilder("(&(" + PackageNamespace.PACKAGE_NAMESPACE + '=' + path + ')');
        Optional<VersionRange> range = Optional.empty();
        for (Map.Entry<String, Object> attribute : attributes.entrySet()) {
            String name = attribute.getKey();
            if (name.equals(Constants.VERSION_ATTRIBUTE) || name.equals("specification-version")) {
                try {
                    range = Optional.of(new VersionRange(String.valueOf(attribute.getValue())));
                } catch (IllegalArgumentException e) {
                    throw new Objection("imports " + path + " in the versions '" + attribute.getValue() + "', which are none; write it as in [1.0,2)", e);
                }
                filter.append(range.get().toFilterString(Constants.VERSION_ATTRIBUTE));
            } else if (name.equals(Constants.BUNDLE_VERSION_ATTRIBUTE)) {
                filter.append(new VersionRange(String.valueOf(attribute.getValue())).toFilterString(name));
            } else {
                filter.append('(').append(name).append('=').append(attribute.getValue()).append(')');
            }
        }
        String text = filter.append(')').toString();
        check(text);
        return new Need(PackageNamespace.PACKAGE_NAMESPACE, text, path, range);
    }

    private static void check(String filter) throws Objection {
        try {
            FrameworkUtil.createFilter(filter);
        } catch (InvalidSyntaxException e) {
            throw new Objection("requires something by the filter " + filter + ", which is none", e);
        }
    }

    /** Whether it is a service of this type that is needed. */
    boolean asksFor(String service) {
        return filter.contains("(" + Constants.OBJECTCLASS + "=" + service + ")");
    }

    boolean fulfilledBy(Map<String, Object> attributes) {
        try {
            return FrameworkUtil.createFilter(filter).matches(attributes);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(filter, e);
        }
    }
}
