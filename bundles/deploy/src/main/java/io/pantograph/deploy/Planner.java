package io.pantograph.deploy;

import io.pantograph.api.operator.Plan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleRevision;

/** Says what a release would do, and why it will not be done, before anything is touched. From any thread. */
final class Planner {

    /** A bundle that is to be here, its jar looked into. */
    record Coming(Facts facts, String sha256) {
    }

    /** A bundle that a deployment brought. @param bundle installed */
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
     * @param here all that deployments brought, whichever they were, as it is when what this release supersedes has been taken back
     */
    Planned plan(String door, List<Coming> coming, Set<String> going, Collection<Here> here) {
        return new Draft(door, coming, going, here).planned();
    }

    /** One plan in the making. */
    private final class Draft {

        private final String door;
        private final List<Coming> wanted;
        private final Set<String> going;
        private final Map<String, List<Here>> here;
        /** Of the box itself, or put there past us. */
        private final List<Bundle> others;

        private final List<Coming> coming = new ArrayList<>();
        private final List<Here> leaving = new ArrayList<>();
        /** Of the box, and replaced. */
        private final Set<Bundle> stopping = new LinkedHashSet<>();
        private final Set<String> unchanged = new LinkedHashSet<>();
        private final List<String> adds = new ArrayList<>();
        private final List<String> replaces = new ArrayList<>();
        private final List<String> removes = new ArrayList<>();
        private final SortedSet<String> restarts = new TreeSet<>();
        private final Set<String> devices = new LinkedHashSet<>();
        private final Set<String> refusals = new LinkedHashSet<>();

        Draft(String door, List<Coming> wanted, Set<String> going, Collection<Here> here) {
            this.door = door;
            this.wanted = wanted;
            this.going = going;
            this.here = here.stream().collect(Collectors.groupingBy(one -> one.facts().name(), LinkedHashMap::new, Collectors.toList()));
            Set<Bundle> deployed = here.stream().map(Here::bundle).collect(Collectors.toSet());
            // What is on trial and about to be taken back is neither here nor of the box.
            others = Arrays.stream(context.getBundles())
                    .filter(bundle -> !deployed.contains(bundle) && !bundle.getLocation().startsWith(Ground.LOCATION)).toList();
        }

        Planned planned() {
            unique();
            wanted.forEach(this::come);
            going.forEach(this::go);
            Set<Bundle> bundles = leaving.stream().map(Here::bundle).collect(Collectors.toCollection(LinkedHashSet::new));
            bundles.addAll(stopping);
            Supply supply = new Supply(context, bundles, coming);
            coming.forEach(one -> refusals.addAll(supply.lacks(one.facts())));
            closure(bundles);
            coming.forEach(this::affect);
            leaving.forEach(this::leave);
            return new Planned(new Plan(adds, replaces, removes, List.copyOf(restarts), List.copyOf(devices), List.copyOf(refusals)), unchanged);
        }

        private void unique() {
            Map<String, Coming> seen = new LinkedHashMap<>();
            for (Coming one : wanted) {
                Coming other = seen.putIfAbsent(one.facts().name(), one);
                if (other != null) {
                    refusals.add("the release brings " + one.facts().name() + " twice, as " + other.facts().version() + " and as "
                            + one.facts().version() + "; leave one of them out");
                } else if (going.contains(one.facts().name())) {
                    refusals.add("the release both brings and removes " + one.facts().name() + "; leave one of them out");
                }
            }
        }

        private void come(Coming one) {
            List<Here> before = here.getOrDefault(one.facts().name(), List.of());
            if (before.stream().anyMatch(old -> old.sha256().equals(one.sha256()))) {
                unchanged.add(one.facts().name());
                return;
            }
            coming.add(one);
            List<Bundle> box = others.stream().filter(other -> one.facts().name().equals(other.getSymbolicName())).toList();
            for (Bundle other : box) {
                replace(other, one.facts(), before.isEmpty());
            }
            for (Here old : before) {
                replace(old, one);
            }
            if (before.isEmpty() && box.isEmpty()) {
                adds.add(one.facts().title());
            }
        }

        /** What the box has of that name stops, and is back when this one is taken out; if it is one that may. */
        private void replace(Bundle box, Facts facts, boolean works) {
            Kind kind = Facts.kind(box);
            if (kind == Kind.OTHER || facts.kind() == Kind.OTHER) {
                refusals.add(facts.name() + " is a part of the box itself, in version " + box.getVersion()
                        + "; start a box of the new version instead");
            } else if (facts.version().equals(box.getVersion())) {
                refusals.add(facts.title() + " is here already, as a part of the box itself; give yours another Bundle-Version");
            } else if (works) {
                boolean besides = facts.kind().besides() && kind.besides();
                replaces.add(facts.name() + ' ' + box.getVersion() + " of the box by " + facts.version() + (besides ? ", side by side" : ", one after the other"));
                if (!besides) {
                    restarts.add(facts.name());
                }
                stopping.add(box);
            }
        }

        private void replace(Here old, Coming one) {
            String by = old.facts().version() + " by " + one.facts().version();
            if (old.facts().version().equals(one.facts().version())) {
                by += ", the same version with other bytes";
                if (!door.equals("drop")) {
                    refusals.add(one.facts().title() + " is here with other bytes (sha256 " + start(old.sha256()) + ", not " + start(one.sha256())
                            + "); give yours another Bundle-Version");
                }
            }
            boolean besides = one.facts().kind().besides() && old.facts().kind().besides();
            replaces.add(one.facts().name() + ' ' + by + (besides ? ", side by side" : ", one after the other"));
            if (!besides) {
                restarts.add(one.facts().name());
            }
            leaving.add(old);
        }

        private void go(String name) {
            List<Here> present = here.getOrDefault(name, List.of());
            if (present.isEmpty()) {
                unchanged.add(name);
                others.stream().filter(bundle -> name.equals(bundle.getSymbolicName())).findFirst()
                        .ifPresent(box -> refusals.add(name + " is a part of the box itself and stays; start a box without it instead"));
            }
            for (Here one : present) {
                removes.add(one.facts().title());
                leaving.add(one);
            }
        }

        private void closure(Set<Bundle> bundles) {
            Set<String> inside = new HashSet<>(going);
            coming.forEach(one -> inside.add(one.facts().name()));
            Set<String> successors = coming.stream().filter(one -> one.facts().kind().besides())
                    .flatMap(one -> one.facts().offers().stream()).flatMap(offer -> Facts.services(offer).stream()).collect(Collectors.toSet());
            new Ties(context, bundles).restarting(successors).forEach((bundle, why) -> {
                if (inside.contains(bundle.getSymbolicName())) {
                    restarts.add(bundle.getSymbolicName());
                } else {
                    refusals.add(bundle.getSymbolicName() + ' ' + bundle.getVersion() + " would restart, since it " + why
                            + "; bring a version of it that does not in the same release, or remove it there");
                }
            });
        }

        /** Whose messages go another way when this one is here. */
        private void affect(Coming one) {
            for (String format : one.facts().formats()) {
                devices.add("all devices that speak '" + format + '\'');
                for (List<Here> present : here.values()) {
                    present.stream().filter(other -> !other.facts().name().equals(one.facts().name()) && !leaving.contains(other)
                            && other.facts().formats().contains(format)).forEach(other -> takesOver(one, format, other.facts().title()));
                }
                others.stream().filter(box -> !one.facts().name().equals(box.getSymbolicName()) && formats(box).contains(format))
                        .forEach(box -> takesOver(one, format, box.getSymbolicName() + ' ' + box.getVersion()));
            }
            switch (one.facts().kind()) {
                case HANDLER -> devices.add("those whose commands, properties or messages " + one.facts().name() + " handles");
                case PROGRAM -> devices.add("those of " + one.facts().name());
                default -> { }
            }
        }

        private void takesOver(Coming one, String format, String other) {
            replaces.add(one.facts().title() + " takes the format '" + format + "' over from " + other + ", which stands by");
        }

        private void leave(Here old) {
            for (String format : old.facts().formats()) {
                boolean left = coming.stream().anyMatch(one -> one.facts().formats().contains(format))
                        || here.values().stream().flatMap(List::stream).anyMatch(one -> !leaving.contains(one) && one.facts().formats().contains(format))
                        || others.stream().anyMatch(box -> formats(box).contains(format));
                devices.add("all devices that speak '" + format + '\'' + (left ? "" : ", which nobody does any more: their messages wait for a codec"));
            }
            if (old.facts().kind() == Kind.PROGRAM) {
                devices.add("those of " + old.facts().name());
            } else if (old.facts().kind() == Kind.HANDLER) {
                devices.add("those whose commands, properties or messages " + old.facts().name() + " handles");
            }
        }
    }

    private static String start(String sha256) {
        return sha256.substring(0, 8);
    }

    private static Set<String> formats(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision == null ? Set.of() : revision.getDeclaredCapabilities(Facts.CODEC).stream()
                .map(offer -> String.valueOf(offer.getAttributes().get("codec"))).collect(Collectors.toSet());
    }
}
