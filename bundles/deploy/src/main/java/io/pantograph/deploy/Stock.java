package io.pantograph.deploy;

import io.pantograph.api.core.CodecExchange;
import io.pantograph.api.core.HandlerWork;
import io.pantograph.api.model.Names;
import io.pantograph.api.operator.Change;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.RefusedException;
import io.pantograph.api.operator.Trial;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Jars and the bundles made of them: brings them here, says what is here, and makes the swaps. */
final class Stock implements House.Staging, House.Planning, House.Swaps {

    /** So long after it was taken in, a jar may still be on its way to a deployment. */
    private static final Duration FRESH = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(Stock.class);
    /** So many jars are kept that were handed in and were not proven yet. */
    private static final int WAITING = 16;
    /** Commands are rare, so handlers are proven by fewer calls than codecs. */
    private static final int FEW = 20;

    private final Artifacts artifacts;
    private final Fetcher fetcher;
    private final Planner planner;
    private final Ground ground;
    private final Readiness readiness;
    private final CodecExchange exchange;
    private final Supplier<List<HandlerWork>> work;
    private final Executor steps;
    private final long calls;
    private final Map<String, Facts> facts = new ConcurrentHashMap<>();
    private final Set<String> waiting = new LinkedHashSet<>();
    private volatile Supplier<Map<String, Committed>> committed = Map::of;

    Stock(Artifacts artifacts, Fetcher fetcher, Planner planner, Ground ground, Readiness readiness, CodecExchange exchange,
            Supplier<List<HandlerWork>> work, Executor steps, long calls) {
        this.artifacts = artifacts;
        this.fetcher = fetcher;
        this.planner = planner;
        this.ground = ground;
        this.readiness = readiness;
        this.exchange = exchange;
        this.work = work;
        this.steps = steps;
        this.calls = calls;
    }

    /** @param committed by name, what is deployed */
    void follow(Supplier<Map<String, Committed>> committed) {
        this.committed = committed;
    }

    @Override
    public String take(InputStream jar) throws IOException, RefusedException {
        String sha256 = artifacts.take(jar);
        wait(sha256);
        return sha256;
    }

    private synchronized void wait(String sha256) {
        waiting.remove(sha256);
        waiting.add(sha256);
        if (waiting.size() > WAITING) {
            waiting.remove(waiting.iterator().next());
        }
    }

    @Override
    public void keepOnly(Collection<Committed> committed, List<Deployment> going) {
        Set<String> needed = new HashSet<>();
        synchronized (this) {
            committed.forEach(one -> waiting.remove(one.sha256()));
            needed.addAll(waiting);
        }
        for (Committed one : committed) {
            needed.add(one.sha256());
            one.lastGood().ifPresent(kept -> needed.add(kept.sha256()));
        }
        going.forEach(one -> one.parts().forEach(part -> part.sha256().ifPresent(needed::add)));
        facts.keySet().retainAll(needed);
        try {
            artifacts.keepOnly(needed, Instant.now().minus(FRESH));
        } catch (IOException e) {
            LOG.warn("jars that nobody needs are left", e);
        }
    }

    @Override
    public Planner.Coming stage(Change.Install change, Duration within) throws RefusedException, IOException, InterruptedException {
        String sha256;
        String called = change.name().orElse("");
        if (change.jar() instanceof Change.Jar.Local local) {
            try (InputStream in = Files.newInputStream(local.file())) {
                sha256 = take(in);
            } catch (RefusedException e) {
                throw new RefusedException(local.file().getFileName() + ": " + e.getMessage(), e);
            }
            called = called.isEmpty() ? local.file().getFileName().toString() : called;
        } else if (change.jar() instanceof Change.Jar.Remote remote) {
            sha256 = remote.sha256();
            wait(sha256);
            fetcher.fetch(remote.url(), sha256, within);
        } else {
            sha256 = ((Change.Jar.Kept) change.jar()).sha256();
        }
        Path jar = artifacts.jar(sha256);
        Facts found = Inspection.of(jar, called.isEmpty() ? sha256.substring(0, 12) : called);
        if (change.name().isPresent() && !change.name().get().equals(found.name())) {
            throw new RefusedException("the jar for " + change.name().get() + " holds " + found.title() + "; name that, or give the jar that is meant");
        }
        if (change.version().isPresent() && !isVersion(change.version().get(), found.version())) {
            throw new RefusedException("the jar for " + found.name() + " holds version " + found.version() + ", not " + Names.visible(change.version().get())
                    + "; name that, or give the jar that is meant");
        }
        facts.put(sha256, found);
        return new Planner.Coming(found, sha256);
    }

    private static boolean isVersion(String written, Version version) {
        try {
            return Version.parseVersion(written).equals(version);
        } catch (IllegalArgumentException e) {
            return false; // it is none
        }
    }

    @Override
    public Planner.Planned plan(String door, List<Planner.Coming> coming, Set<String> going, Set<String> aside) {
        List<Planner.Here> here = new ArrayList<>();
        for (Bundle bundle : ground.deployed()) {
            String sha256 = Ground.sha256(bundle);
            Facts known = facts.get(sha256);
            Committed one = committed.get().get(bundle.getSymbolicName());
            if (known != null && (!aside.contains(known.name()) || one != null && one.sha256().equals(sha256))) {
                here.add(new Planner.Here(known, sha256, bundle));
            }
        }
        return planner.plan(door, coming, going, here);
    }

    @Override
    public Swap coming(Planner.Coming coming, Trial trial) throws RefusedException, IOException {
        Path jar = artifacts.jar(coming.sha256());
        facts.put(coming.sha256(), coming.facts()); // it may have been swept away meanwhile
        Former former = former(coming.facts().name());
        if (coming.facts().kind() == Kind.CODEC) {
            return new CodecSwap(ground, readiness, exchange, coming, jar, former, work, trial, trial.calls().orElse(calls),
                    trial.calls().orElse(Math.min(calls, FEW)));
        }
        return new BundleSwap(ground, readiness, work, steps, coming, jar, former, trial, trial.calls().orElse(Math.min(calls, FEW)));
    }

    @Override
    public Swap going(String name) {
        return new Removal(former(name));
    }

    private Former former(String name) {
        return Former.of(ground, name, Optional.ofNullable(committed.get().get(name)));
    }

    @Override
    public Optional<String> working(String name) {
        return former(name).version();
    }

    @Override
    public boolean isOfTheBox(String name) {
        return !ground.ofTheBox(name).isEmpty();
    }

    /** Puts back what was deployed before, each from its jar as it is now on the disk. */
    void putBack(Committed one) throws RefusedException, IOException {
        Path jar = artifacts.jar(one.sha256());
        Facts found = Inspection.of(jar, one.title());
        facts.put(one.sha256(), found);
        Bundle bundle = ground.find(one.name(), one.version(), one.sha256());
        if (bundle == null) {
            bundle = ground.install(found, one.sha256(), jar);
        }
        try {
            start(bundle, found);
        } catch (RefusedException e) {
            ground.uninstall(bundle);
            throw e;
        }
        ground.ofTheBox(one.name()).stream().filter(box -> box.getState() == Bundle.ACTIVE).forEach(ground::stop);
    }

    /** Undoes {@link #putBack}, also half of it, and does nothing if there is nothing of it. */
    void takeOut(Committed one) {
        Bundle bundle = ground.find(one.name(), one.version(), one.sha256());
        if (bundle != null) {
            ground.ofTheBox(one.name()).forEach(ground::startAgain);
            ground.uninstall(bundle);
        }
    }

    /** Its codecs come before those that are here already, as they did before the restart. */
    private void start(Bundle bundle, Facts found) throws RefusedException {
        if (found.kind() != Kind.CODEC || bundle.getState() == Bundle.ACTIVE) {
            ground.start(bundle);
            return;
        }
        CodecExchange.Candidate candidate = exchange.hold(bundle.getBundleId());
        ground.whenGone(bundle, candidate::close);
        ground.start(bundle);
        try {
            readiness.await(bundle, found);
        } catch (RefusedException e) {
            LOG.warn("{} is back, but not all of it: {}", found.title(), e.getMessage());
        }
        candidate.settle();
    }
}
