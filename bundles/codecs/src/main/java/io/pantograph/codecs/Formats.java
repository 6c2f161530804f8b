package io.pantograph.codecs;

import io.pantograph.api.model.Names;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

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
    private final Map<String, List<Slot>> slots = new HashMap<>();
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
            choose(route);
        }
        slot.ward.onTurn(() -> turned(slot));
        changed();
    }

    /** It went into quarantine or came out of it. */
    private synchronized void turned(Slot slot) {
        slots.forEach((format, here) -> {
            if (here.contains(slot)) {
                choose(known.get(format));
            }
        });
        changed();
    }

    /** Turns all routes away from the slot. Afterwards nobody finds it, but calls may still be inside. */
    synchronized void remove(Slot slot) {
        slots.forEach((format, here) -> {
            if (here.remove(slot)) {
                choose(known.get(format));
            }
        });
        slots.values().removeIf(List::isEmpty);
        changed();
    }

    private void choose(Route route) {
        Slot best = null;
        Slot quarantined = null;
        for (Slot slot : slots.get(route.format())) {
            if (!slot.ward.open()) {
                quarantined = slot;
            } else if (best == null || slot.origin.compareTo(best.origin) >= 0) {
                best = slot;
            }
        }
        route.turnTo(best, best != null || quarantined == null ? "" : "the codec for '" + route.format() + "' (" + quarantined.origin
                + ") is in quarantine " + quarantined.ward.reason());
    }

    private void changed() {
        SortedSet<String> now = new TreeSet<>(slots.keySet());
        now.removeIf(format -> !known.get(format).ready());
        present = Collections.unmodifiableSortedSet(now);
        generation++;
    }

    SortedSet<String> present() {
        return present;
    }

    long generation() {
        return generation;
    }
}
