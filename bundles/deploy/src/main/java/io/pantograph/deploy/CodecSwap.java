package io.pantograph.deploy;

import io.pantograph.api.core.CodecExchange;
import io.pantograph.api.core.CodecExchange.Verdict;
import io.pantograph.api.core.HandlerWork;
import io.pantograph.api.operator.Difference;
import io.pantograph.api.operator.Evidence;
import io.pantograph.api.operator.RefusedException;
import io.pantograph.api.operator.Trial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;

/**
 * A bundle with codecs comes beside the one that serves, is tried, serves while that one stands by, and then that one goes. Handlers that it
 * has as well are exchanged with its codecs: they get work when those serve, and what fails of either takes both back. How many calls it
 * takes is for the codecs to say, since messages come and commands may not.
 */
final class CodecSwap implements Swap {

    private final Ground ground;
    private final Readiness readiness;
    private final CodecExchange exchange;
    private final Facts facts;
    private final String sha256;
    private final Path jar;
    private final Former former;
    private final Trial trial;
    private final long calls;
    private final Supplier<List<HandlerWork>> work;
    private final HandlerTrial handlers;
    private final Handover handover;
    private Bundle bundle;
    private CodecExchange.Candidate candidate;
    private boolean serving;
    private Optional<String> failed = Optional.empty();
    private Rehearsal.Shown tried = Rehearsal.Shown.NOTHING;

    /** @param handled so many calls of its handlers at least the share that may fail is of */
    CodecSwap(Ground ground, Readiness readiness, CodecExchange exchange, Planner.Coming coming, Path jar, Former former,
            Supplier<List<HandlerWork>> work, Trial trial, long calls, long handled) {
        this.ground = ground;
        this.readiness = readiness;
        this.exchange = exchange;
        facts = coming.facts();
        sha256 = coming.sha256();
        this.jar = jar;
        this.former = former;
        this.trial = trial;
        this.calls = calls;
        this.work = work;
        handlers = HandlerTrial.besideCodec(trial, handled);
        handover = new Handover(work);
    }

    @Override
    public void place() throws RefusedException, IOException {
        bundle = ground.install(facts, sha256, jar);
        candidate = exchange.hold(bundle.getBundleId());
        if (facts.handles()) {
            handover.retire(bundle); // what it has besides its codecs waits as they do
        }
        ground.start(bundle);
        readiness.await(bundle, facts);
    }

    @Override
    public void verify() throws RefusedException, IOException {
        TreeSet<String> missing = new TreeSet<>(facts.formats());
        missing.removeAll(candidate.formats());
        if (!missing.isEmpty()) {
            throw new RefusedException(facts.title() + " has no codec for '" + missing.first() + "' that can be called; "
                    + "it must import io.pantograph.api.codec and not bring a copy of it");
        }
        tried = new Rehearsal(facts, jar, exchange, candidate, trial).run();
    }

    @Override
    public boolean shadow(Consumer<Verdict> then) {
        candidate.shadow(trial, then);
        return true;
    }

    @Override
    public void serve(Consumer<Verdict> then) throws RefusedException {
        try {
            candidate.serve(trial, calls, then);
        } catch (IllegalStateException e) {
            throw new RefusedException(facts.title() + " cannot be tried now: " + e.getMessage() + "; ask again when that is at its end", e);
        }
        serving = true;
        handlers.begin(verdict -> {
            if (!verdict.passed()) {
                failed = Optional.of(verdict.reason());
                then.accept(verdict);
            }
        });
        handover.restore(bundle);
        former.all().forEach(handover::retire);
    }

    @Override
    public void look() {
        if (serving && facts.handles()) {
            handlers.seen(work.get().stream().map(room -> room.work().get(bundle.getBundleId())).filter(Objects::nonNull).toList());
        }
    }

    @Override
    public Evidence evidence() {
        if (candidate == null) {
            return Evidence.NONE;
        }
        Evidence seen = candidate.evidence();
        return new Evidence(tried.vectors(), tried.samples(), seen.calls(), seen.wanted(), seen.errors(), seen.fallbacks(), seen.p50(), seen.p99(),
                seen.compared() + tried.compared(), seen.different() + tried.different(), most(seen));
    }

    private List<Difference> most(Evidence seen) {
        List<Difference> all = new ArrayList<>(seen.differences());
        all.addAll(tried.differences());
        return all.subList(0, Math.min(20, all.size()));
    }

    @Override
    public void commit() throws RefusedException {
        look();
        if (failed.isPresent()) {
            throw new RefusedException(facts.title() + ": " + failed.get());
        }
        try {
            candidate.settle();
        } catch (IllegalStateException e) {
            throw new RefusedException(facts.title() + " has failed just now, before it was proven", e);
        }
    }

    @Override
    public void settle() {
        ground.whenGone(bundle, candidate::close);
        former.leave();
        handover.restoreWhoHasStopped();
    }

    @Override
    public void withdraw() {
        if (bundle == null) {
            return;
        }
        if (candidate != null) {
            candidate.withdraw();
        }
        if (facts.handles()) {
            handover.retire(bundle);
        }
        former.all().forEach(handover::restore);
        // As long as it is here, what it registers must serve nobody.
        if (ground.uninstall(bundle) && candidate != null) {
            candidate.close();
        }
        handover.restoreWhoHasStopped();
    }

    @Override
    public Optional<Bundle> bundle() {
        return Optional.ofNullable(bundle);
    }
}
