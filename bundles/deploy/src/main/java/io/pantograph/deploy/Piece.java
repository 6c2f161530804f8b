package io.pantograph.deploy;

import io.pantograph.api.operator.Evidence;
import io.pantograph.api.operator.Part;
import io.pantograph.api.operator.State;
import java.util.Optional;

/** One bundle of a deployment on its way. For the thread of the steps. */
final class Piece {

    final String name;
    final Optional<Planner.Coming> coming;
    Optional<String> before = Optional.empty();
    State state = State.STAGED;
    String reason = "";
    boolean passed;
    /** Null as long as there is nothing to do for it, or nothing to be done. */
    Swap swap;
    private Evidence evidence = Evidence.NONE;

    /** @param coming empty if it is to go */
    Piece(String name, Optional<Planner.Coming> coming) {
        this.name = name;
        this.coming = coming;
    }

    /** @return whether it has shown more than it had before */
    boolean look() {
        if (swap == null || state.isEnd()) {
            return false;
        }
        swap.look();
        Evidence before = evidence;
        evidence = swap.evidence();
        return !evidence.equals(before);
    }

    Evidence evidence() {
        return evidence;
    }

    String title() {
        return coming.map(one -> one.facts().title()).orElse(name);
    }

    Part part() {
        return new Part(name, coming.map(one -> one.facts().version().toString()), before, coming.map(Planner.Coming::sha256), state, evidence, reason);
    }
}
