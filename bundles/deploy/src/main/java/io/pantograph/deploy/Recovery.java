package io.pantograph.deploy;

import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.Evidence;
import io.pantograph.api.operator.Part;
import io.pantograph.api.operator.RefusedException;
import io.pantograph.api.operator.State;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
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
        SortedMap<Long, List<Committed>> together = new TreeMap<>();
        journal.set().values().forEach(one -> together.computeIfAbsent(Journal.Numbers.of(one.deployment()), number -> new ArrayList<>()).add(one));
        together.values().forEach(this::putBack);
        journal.deployments().stream().filter(one -> !one.state().isEnd()).forEach(this::cut);
    }

    /** What came by one deployment is back, all of it; or it is as before that, all of it; or it is not there at all. */
    private void putBack(List<Committed> set) {
        Optional<String> failed = all(set);
        if (failed.isEmpty()) {
            return;
        }
        String deployment = set.get(0).deployment();
        List<Committed> before = before(set);
        if (before.isEmpty()) {
            LOG.error("{}, so nothing that came by {} is there: {}; deploy it again", failed.get(), deployment, titles(set));
            return;
        }
        all(before).ifPresentOrElse(
                why -> LOG.error("{}, so nothing that came by {} is there: {}; and it cannot be as before, since {}; deploy it again", failed.get(), deployment,
                        titles(set), why),
                () -> fallenBack(set, before, failed.get() + ", so it is as before " + deployment + ": " + titles(before)));
    }

    private static String titles(List<Committed> set) {
        return set.stream().map(Committed::title).collect(Collectors.joining(", "));
    }

    /** @return why not; of those nothing is there then */
    private Optional<String> all(List<Committed> set) {
        for (Committed one : set) {
            try {
                stock.putBack(one);
            } catch (RefusedException | IOException | RuntimeException e) {
                LOG.error("{}, which is deployed, is not back", one.title(), e);
                set.forEach(stock::takeOut);
                return Optional.of(one.title() + " could not be put back (" + e.getMessage() + ')');
            }
        }
        return Optional.empty();
    }

    /** What was in the place of these, as a whole; empty if that is not known, or is no more. For one alone the one before is better than none. */
    private List<Committed> before(List<Committed> set) {
        Optional<Deployment> by = journal.deployments().stream().filter(one -> one.id().equals(set.get(0).deployment())).findFirst();
        boolean others = by.isEmpty() || by.get().parts().stream().anyMatch(part -> part.before().isPresent()
                && set.stream().noneMatch(one -> one.name().equals(part.name()) && one.lastGood().isPresent()));
        if (others && set.size() > 1 || set.stream().noneMatch(one -> one.lastGood().isPresent())) {
            return List.of();
        }
        String id = Journal.Numbers.id(journal.last() + 1);
        return set.stream().filter(one -> one.lastGood().isPresent()).map(one -> new Committed(one.name(), one.lastGood().get().version(),
                one.lastGood().get().sha256(), DOOR, id, Optional.empty(), Evidence.NONE)).toList();
    }

    private void fallenBack(List<Committed> set, List<Committed> before, String said) {
        Map<String, Optional<Committed>> change = new TreeMap<>();
        set.forEach(one -> change.put(one.name(), Optional.empty()));
        before.forEach(one -> change.put(one.name(), Optional.of(one)));
        List<Part> parts = set.stream().map(one -> new Part(one.name(), one.lastGood().map(Committed.Kept::version), Optional.of(one.version()),
                one.lastGood().map(Committed.Kept::sha256), one.lastGood().isPresent() ? State.PROVEN : State.REMOVED, Evidence.NONE, "")).toList();
        Deployment now = new Deployment(before.get(0).deployment(), DOOR, State.PROVEN, said, parts, List.of(), clock.instant(), Optional.of(clock.instant()));
        LOG.error("{}", said);
        try {
            journal.write(now, List.of(new Deployment.Step(clock.instant(), State.PROVEN, said)), change);
        } catch (IOException e) {
            LOG.error("what became of {} could not be journalled", now.id(), e);
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
