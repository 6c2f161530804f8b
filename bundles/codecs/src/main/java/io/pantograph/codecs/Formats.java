package io.pantograph.codecs;

import io.pantograph.api.model.Names;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The routes, and for each format all codecs that are here: when the better one leaves, the other takes over.
 *
 * <p>Names of formats come from outside too. So a route that never had a codec lives only as long as somebody holds it, and a
 * sender of made-up names fills no memory.
 */
final class Formats {

    private static final int SWEEP = 1_000;

    private final Patience patience;
    private final Map<String, Route> known = new ConcurrentHashMap<>();

    // The rest is for the moments of change, under the lock of this object.
    private final Map<String, WeakReference<Route>> unknown = new HashMap<>();
    private int sweepAt = SWEEP;
    private final Map<String, List<Slot>> slots = new TreeMap<>();
    private final Map<Long, Standing> standings = new HashMap<>();
    private volatile SortedSet<String> present = Collections.emptySortedSet();
    private volatile long generation;

    Formats(Patience patience) {
        this.patience = patience;
    }

    Route route(String format) {
        Route route = format == null ? null : known.get(format);
        return route != null ? route : unknown(Names.check("format", format));
    }

    private synchronized Route unknown(String format) {
        Route route = known.get(format);
        WeakReference<Route> held = unknown.get(format);
        if (route == null && held != null) {
            route = held.get();
        }
        if (route == null) {
            if (unknown.size() >= sweepAt) {
                sweep();
                sweepAt = Math.max(SWEEP, 2 * unknown.size());
            }
            route = new Route(format, this, patience);
            unknown.put(format, new WeakReference<>(route));
        }
        return route;
    }

    synchronized void sweep() {
        unknown.values().removeIf(held -> held.get() == null);
    }

    synchronized int unknownRoutes() {
        return unknown.size();
    }

    synchronized void add(Slot slot, Set<String> formats) {
        for (String format : formats) {
            Route route = route(format);
            known.put(format, route);
            unknown.remove(format);
            slots.computeIfAbsent(format, none -> new ArrayList<>()).add(slot);
        }
        slot.ward.onTurn(() -> turned(slot));
        slot.ward.samples(() -> samples(formats));
        choose(formats);
    }

    /** Turns all routes away from the slot. Afterwards nobody finds it, but calls may still be inside. */
    synchronized void remove(Slot slot) {
        forget(Set.of(slot));
    }

    private void forget(Set<Slot> gone) {
        Set<String> changed = new LinkedHashSet<>();
        slots.forEach((format, here) -> {
            if (here.removeAll(gone)) {
                changed.add(format);
            }
        });
        choose(changed);
        slots.values().removeIf(List::isEmpty);
    }

    /** Some messages of the past that a codec could write or read. */
    private List<Ward.Sample<?, ?>> samples(Set<String> formats) {
        List<Ward.Sample<?, ?>> some = new ArrayList<>();
        for (String format : formats) {
            known.get(format).recent().stream().map(Ward.Sample::of).filter(Objects::nonNull).limit(Ward.SAMPLES).forEach(some::add);
        }
        return some;
    }

    /** It went into quarantine or came out of it. */
    private void turned(Slot slot) {
        Standing standing;
        synchronized (this) {
            choose(slots.keySet());
            standing = standings.get(slot.origin.id());
        }
        if (standing != null && standing.onTrial() && !slot.ward.open()) {
            standing.examination().fail("it went into quarantine " + slot.ward.reason());
        }
    }

    /** From now on the codecs of this bundle serve only as this says. @throws IllegalStateException if they do so already */
    synchronized Standing hold(long bundle) {
        Standing standing = new Standing(bundle);
        if (standings.putIfAbsent(bundle, standing) != null) {
            throw new IllegalStateException("the codecs of bundle " + bundle + " are held already");
        }
        choose(slots.keySet());
        return standing;
    }

    /** Changes how far this is, and turns the routes accordingly, all at once for those who change something too. */
    synchronized void change(Standing standing, Consumer<Standing> change) {
        change.accept(standing);
        choose(slots.keySet());
    }

    /** It serves no more, unless it was settled before. @return whether that is so */
    synchronized boolean take(Standing standing) {
        if (standing.phase == Standing.Phase.SETTLED) {
            return false;
        }
        change(standing, one -> one.end(Standing.Phase.WITHDRAWN));
        return true;
    }

    /**
     * From now on it comes before all that are here.
     *
     * @return those that stood by, to which no route leads any more
     * @throws IllegalStateException if it was withdrawn, be it because it has failed just now
     */
    synchronized Set<Slot> settle(Standing standing, Supplier<String> named) {
        Examination examination = standing.examination();
        if (standing.phase == Standing.Phase.WITHDRAWN || examination != null && examination.lost()) {
            throw new IllegalStateException("codec " + named.get() + " has been withdrawn");
        }
        Set<Slot> others = new LinkedHashSet<>();
        Set<String> formats = formats(standing.bundle);
        formats.forEach(format -> others.addAll(slots.get(format)));
        others.removeIf(slot -> slot.origin.id() == standing.bundle);
        Set<Long> beaten = new LinkedHashSet<>();
        others.forEach(slot -> beaten.add(slot.origin.service()));
        standing.beaten = beaten;
        standing.end(Standing.Phase.SETTLED);
        choose(slots.keySet());
        others.removeIf(slot -> slots.keySet().stream().anyMatch(format -> known.get(format).generation().has(slot)));
        return others;
    }

    /** The bundle is gone or about to be; if it must not serve, what it still has is forgotten. */
    synchronized void end(Standing standing) {
        if (standing.phase != Standing.Phase.SETTLED) {
            forget(slots(standing.bundle));
        }
        standings.remove(standing.bundle, standing);
        choose(slots.keySet());
    }

    /** Which codecs this bundle has. */
    synchronized Set<Slot> slots(long bundle) {
        Set<Slot> own = new LinkedHashSet<>();
        slots.values().forEach(here -> here.stream().filter(slot -> slot.origin.id() == bundle).forEach(own::add));
        return own;
    }

    /** For which formats it has one. */
    synchronized SortedSet<String> formats(long bundle) {
        SortedSet<String> own = new TreeSet<>();
        slots.forEach((format, here) -> {
            if (here.stream().anyMatch(slot -> slot.origin.id() == bundle)) {
                own.add(format);
            }
        });
        return own;
    }

    /** The other bundle that is on probation with one of these formats, as text; empty if there is none. */
    synchronized String rival(Standing standing) {
        for (String format : formats(standing.bundle)) {
            for (Slot slot : slots.get(format)) {
                Standing other = standings.get(slot.origin.id());
                if (other != null && other != standing && other.onTrial()) {
                    return slot.origin + " is on trial for '" + format + "'";
                }
            }
        }
        return "";
    }

    /** The codec of this bundle for this format; null if there is none. */
    synchronized Slot slot(long bundle, String format) {
        return slots.getOrDefault(format, List.of()).stream().filter(slot -> slot.origin.id() == bundle)
                .reduce((one, other) -> one.origin.compareTo(other.origin) > 0 ? one : other).orElse(null);
    }

    /** Whether it serves nobody by somebody's will. */
    synchronized boolean held(Slot slot) {
        Standing standing = standings.get(slot.origin.id());
        return standing != null && standing.phase != Standing.Phase.SERVING && standing.phase != Standing.Phase.SETTLED;
    }

    synchronized Map<String, List<Slot>> all() {
        Map<String, List<Slot>> copy = new TreeMap<>();
        slots.forEach((format, here) -> copy.put(format, List.copyOf(here)));
        return copy;
    }

    private void choose(Set<String> formats) {
        boolean turned = false;
        for (String format : formats) {
            turned |= new Choice(format, slots.get(format), standings).turn(known.get(format));
        }
        if (turned) {
            SortedSet<String> now = new TreeSet<>(slots.keySet());
            now.removeIf(format -> !known.get(format).ready());
            present = Collections.unmodifiableSortedSet(now);
            generation++;
        }
    }

    SortedSet<String> present() {
        return present;
    }

    long generation() {
        return generation;
    }
}
