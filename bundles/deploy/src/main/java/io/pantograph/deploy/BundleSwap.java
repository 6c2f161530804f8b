package io.pantograph.deploy;

import io.pantograph.api.core.CodecExchange.Verdict;
import io.pantograph.api.core.HandlerWork;
import io.pantograph.api.operator.Evidence;
import io.pantograph.api.operator.RefusedException;
import io.pantograph.api.operator.Trial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;

/**
 * A bundle without codecs. Handlers come beside those that are there, which finish what they have in hand and get nothing more; of what has
 * devices of its own the old one ends before the new one begins. On probation the old one is stopped, and still installed.
 */
final class BundleSwap implements Swap {

    private final Ground ground;
    private final Readiness readiness;
    private final Supplier<List<HandlerWork>> work;
    private final Executor steps;
    private final Planner.Coming coming;
    private final Path jar;
    private final Former former;
    private final HandlerTrial trial;
    private final Handover handover;
    private Bundle bundle;
    private Evidence evidence = Evidence.NONE;
    private boolean serving;
    private boolean over;

    /** @param steps the thread on which all this is called */
    BundleSwap(Ground ground, Readiness readiness, Supplier<List<HandlerWork>> work, Executor steps, Planner.Coming coming, Path jar, Former former,
            Trial trial, long calls) {
        this.ground = ground;
        this.readiness = readiness;
        this.work = work;
        handover = new Handover(work);
        this.steps = steps;
        this.coming = coming;
        this.jar = jar;
        this.former = former;
        this.trial = new HandlerTrial(trial, coming.facts().handles() ? calls : 0);
    }

    @Override
    public void place() throws RefusedException, IOException {
        bundle = ground.install(coming.facts(), coming.sha256(), jar);
        ground.resolve(bundle);
    }

    @Override
    public void serve(Consumer<Verdict> then) throws RefusedException {
        serving = true;
        if (!besides()) {
            former.stop();
        }
        ground.start(bundle);
        readiness.await(bundle, coming.facts());
        if (besides()) {
            retire();
        }
        trial.begin(then);
        look();
    }

    private boolean besides() {
        return coming.facts().kind().besides();
    }

    /** From one call to the next: what is under way ends where it began, and then the old one stops. */
    private void retire() {
        CompletableFuture.allOf(former.all().stream().map(handover::retire).toArray(CompletableFuture[]::new)).whenCompleteAsync((none, failure) -> {
            if (!over) {
                former.stop();
            }
        }, steps);
    }

    @Override
    public void look() {
        if (serving && !over) {
            evidence = trial.seen(work.get().stream().map(room -> room.work().get(bundle.getBundleId())).filter(Objects::nonNull).toList());
        }
    }

    @Override
    public Evidence evidence() {
        return evidence;
    }

    @Override
    public void settle() {
        over = true;
        former.leave();
        handover.restoreWhoHasStopped();
    }

    @Override
    public void withdraw() {
        over = true;
        if (serving && !besides()) {
            ground.stop(bundle);
        }
        if (serving) {
            if (besides()) {
                handover.retire(bundle);
            }
            former.startAgain();
            former.all().forEach(handover::restore);
        }
        if (bundle != null) {
            ground.uninstall(bundle); // what it has in hand it finishes first
        }
        handover.restoreWhoHasStopped();
    }

    @Override
    public Optional<Bundle> bundle() {
        return Optional.ofNullable(bundle);
    }
}
