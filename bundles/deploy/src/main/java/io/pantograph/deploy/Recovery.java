package io.pantograph.deploy;

import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.Evidence;
import io.pantograph.api.operator.Part;
import io.pantograph.api.operator.RefusedException;
import io.pantograph.api.operator.State;
import java.io.IOException;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the framework what the journal says, after whatever end the box had; nothing that was on its way goes on. */
final class Recovery {

    static final String CUT = "the box ended in the middle of it";

    /** By which the box itself deploys. */
    private static final String DOOR = "restart";

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final Journal journal;
    private final Stock stock;
    private final Ground ground;
    private final Clock clock;

    Recovery(Journal journal, Stock stock, Ground ground, Clock clock) {
        this.journal = journal;
        this.stock = stock;
        this.ground = ground;
        this.clock = clock;
    }

    void run() {
        Set<String> wanted = journal.set().values().stream().map(Committed::sha256).collect(Collectors.toSet());
        for (Bundle left : ground.deployed()) {
            if (!wanted.contains(Ground.sha256(left))) {
                ground.uninstall(left);
            }
        }
        // What came last is preferred among equals, so it comes last again.
        journal.set().values().stream().sorted(Comparator.comparingLong(one -> Journal.Numbers.of(one.deployment()))).forEach(this::putBack);
        journal.deployments().stream().filter(one -> !one.state().isEnd()).forEach(this::cut);
    }

    private void putBack(Committed one) {
        try {
            stock.putBack(one);
        } catch (RefusedException | IOException | RuntimeException e) {
            LOG.error("{}, which is deployed, is not back: {}", one.title(), e.getMessage(), e);
            one.lastGood().ifPresent(kept -> fallBack(one, kept, e.getMessage()));
        }
    }

    /** A jar that is spoilt on the disk: the one before it is better than none. */
    private void fallBack(Committed one, Committed.Kept kept, String why) {
        String id = Journal.Numbers.id(journal.last() + 1);
        Committed before = new Committed(one.name(), kept.version(), kept.sha256(), DOOR, id, Optional.empty(), Evidence.NONE);
        try {
            stock.putBack(before);
            Part part = new Part(one.name(), Optional.of(kept.version()), Optional.of(one.version()), Optional.of(kept.sha256()), State.PROVEN,
                    Evidence.NONE, "");
            String said = one.title() + " could not be put back, so " + kept.version() + " is, which was proven before: " + why;
            Deployment now = new Deployment(id, DOOR, State.PROVEN, said, List.of(part), List.of(), clock.instant(), Optional.of(clock.instant()));
            journal.write(now, List.of(new Deployment.Step(clock.instant(), State.PROVEN, said)), Map.of(one.name(), Optional.of(before)));
        } catch (RefusedException | IOException | RuntimeException e) {
            LOG.error("{}, which was proven before, is not back either: {}", before.title(), e.getMessage(), e);
        }
    }

    private void cut(Deployment before) {
        List<Part> parts = before.parts().stream()
                .map(part -> new Part(part.name(), part.version(), part.before(), part.sha256(), State.ROLLED_BACK, part.evidence(), part.reason())).toList();
        Deployment.Step step = new Deployment.Step(clock.instant(), State.ROLLED_BACK, CUT);
        Deployment now = new Deployment(before.id(), before.door(), State.ROLLED_BACK, CUT, parts, List.of(), before.begun(), Optional.of(clock.instant()));
        try {
            journal.write(now, List.of(step), Map.of());
        } catch (IOException e) {
            LOG.error("what became of {} could not be journalled", before.id(), e);
        }
    }
}
