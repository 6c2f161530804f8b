package io.pantograph.codecs;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which codec of those that are here for one format serves, and which stands beside it: the one that is on probation comes first, whatever its
 * version and ranking; then the best of those that nobody holds. Where one has been settled, those that it has been settled over do not
 * compete as long as it is here.
 */
final class Choice {

    private Slot candidate;
    private Probation probation;
    private Slot copied;
    private Shadow shadow;
    private Slot best;
    private Slot tried;
    private String reason = "";

    Choice(String format, List<Slot> here, Map<Long, Standing> standings) {
        Set<Long> beaten = new HashSet<>();
        for (Slot slot : here) {
            Standing standing = standings.get(slot.origin.id());
            if (standing != null && standing.phase == Standing.Phase.SETTLED && slot.ward.open()) {
                beaten.addAll(standing.beaten);
            }
        }
        for (Slot slot : here) {
            consider(format, slot, standings.get(slot.origin.id()), beaten);
        }
    }

    private void consider(String format, Slot slot, Standing standing, Set<Long> beaten) {
        Standing.Phase phase = standing == null ? Standing.Phase.SETTLED : standing.phase;
        slot.ward.onTrial(phase != Standing.Phase.SETTLED);
        String who = "the codec for '" + format + "' (" + slot.origin + ") ";
        if (!slot.ward.open()) {
            reason = who + "is in quarantine " + slot.ward.reason();
            if (slot.ward.halfOpen() && phase == Standing.Phase.SETTLED && better(slot, tried)) {
                tried = slot;
            }
        } else if (phase == Standing.Phase.SERVING) {
            if (better(slot, candidate)) {
                candidate = slot;
                probation = standing.probation;
            }
        } else if (phase == Standing.Phase.SETTLED) {
            if (!beaten.contains(slot.origin.service()) && better(slot, best)) {
                best = slot;
            }
        } else {
            if (phase == Standing.Phase.SHADOW && better(slot, copied)) {
                copied = slot;
                shadow = standing.shadow;
            }
            if (reason.isEmpty()) {
                reason = who + (phase == Standing.Phase.WITHDRAWN ? "was taken back" : "is held back until it has been tried");
            }
        }
    }

    private static boolean better(Slot slot, Slot other) {
        return other == null || slot.origin.compareTo(other.origin) >= 0;
    }

    /** @return whether that changed anything */
    boolean turn(Route route) {
        if (candidate != null) {
            return route.turnTo(Generation.trying(candidate, best, probation));
        }
        if (best != null) {
            return route.turnTo(shadow == null ? Generation.of(best) : Generation.trying(best, copied, shadow));
        }
        // One message at a time is better than none; and it may show that it is well again.
        return tried == null ? route.turnToNobody(reason) : route.turnTo(Generation.of(tried));
    }
}
