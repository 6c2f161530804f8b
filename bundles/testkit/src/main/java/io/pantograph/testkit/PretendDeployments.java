package io.pantograph.testkit;

import io.pantograph.api.operator.Change;
import io.pantograph.api.operator.Deployed;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.DeploymentListener;
import io.pantograph.api.operator.Deployments;
import io.pantograph.api.operator.Evidence;
import io.pantograph.api.operator.Part;
import io.pantograph.api.operator.Plan;
import io.pantograph.api.operator.RefusedException;
import io.pantograph.api.operator.Release;
import io.pantograph.api.operator.State;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An installer that only keeps books, for tests of the doors: a deployment goes as far as the test says by {@link #become}. Listeners are
 * told on the thread that makes the change.
 */
public final class PretendDeployments implements Deployments {

    private final Map<String, Deployment> all = new LinkedHashMap<>();
    private final Map<String, Deployed> here = new TreeMap<>();
    private final List<Release> releases = new CopyOnWriteArrayList<>();
    private final List<DeploymentListener> listeners = new CopyOnWriteArrayList<>();
    private List<String> refusals = List.of();

    public void listener(DeploymentListener listener) {
        listeners.add(listener);
    }

    /** What was asked for, in order; may be cleared. */
    public List<Release> releases() {
        return releases;
    }

    /** From now on plans are refused so, and deployments at once. */
    public void refusing(String... why) {
        refusals = List.of(why);
    }

    /** A bundle that another door brought before the test begins. */
    public synchronized void has(String name, String version, String sha256, String door) {
        here.put(name, new Deployed(name, version, sha256, State.PROVEN, "d-0", door, Optional.empty(), Evidence.NONE, ""));
    }

    @Override
    public String take(InputStream jar) throws IOException {
        jar.readAllBytes();
        return "0".repeat(64);
    }

    @Override
    public Plan plan(Release release) {
        List<String> adds = new ArrayList<>();
        List<String> removes = new ArrayList<>();
        release.changes().forEach(change -> (change instanceof Change.Remove ? removes : adds).add(part(change).name()));
        return new Plan(adds, List.of(), removes, List.of(), List.of(), refusals);
    }

    @Override
    public Deployment deploy(Release release) {
        Deployment begun;
        synchronized (this) {
            releases.add(release);
            State state = refusals.isEmpty() ? State.STAGED : State.REFUSED;
            begun = new Deployment("d-" + (all.size() + 1), release.door(), state, String.join(" ", refusals),
                    release.changes().stream().map(change -> with(part(change), state, Evidence.NONE, "")).toList(), List.of(), Instant.EPOCH,
                    state.isEnd() ? Optional.of(Instant.EPOCH) : Optional.empty());
            all.put(begun.id(), begun);
        }
        tell(begun);
        return begun;
    }

    private Part part(Change change) {
        if (change instanceof Change.Remove gone) {
            return new Part(gone.name(), Optional.empty(), version(gone.name()), Optional.empty(), State.STAGED, Evidence.NONE, "");
        }
        Change.Install install = (Change.Install) change;
        String sha256 = install.jar() instanceof Change.Jar.Remote remote ? remote.sha256() : ((Change.Jar.Kept) install.jar()).sha256();
        String name = install.name().orElse(sha256);
        return new Part(name, install.version(), version(name), Optional.of(sha256), State.STAGED, Evidence.NONE, "");
    }

    private Optional<String> version(String name) {
        return Optional.ofNullable(here.get(name)).map(Deployed::version);
    }

    private static Part with(Part part, State state, Evidence evidence, String reason) {
        return new Part(part.name(), part.version(), part.before(), part.sha256(), state, evidence, reason);
    }

    /** The deployment comes so far; while on trial its bundles are listed beside those that they may take the place of. */
    public Deployment become(String id, State state, String reason) {
        return become(id, state, reason, Evidence.NONE);
    }

    public Deployment become(String id, State state, String reason, Evidence evidence) {
        Deployment now;
        synchronized (this) {
            Deployment old = all.get(id);
            List<Deployment.Step> history = new ArrayList<>(old.history());
            history.add(new Deployment.Step(Instant.EPOCH, state, reason.isEmpty() ? state.word() : reason));
            now = new Deployment(id, old.door(), state, reason, old.parts().stream().map(part -> with(part, state, evidence, reason)).toList(),
                    history, old.begun(), state.isEnd() ? Optional.of(Instant.EPOCH) : Optional.empty());
            all.put(id, now);
            place(now);
        }
        tell(now);
        return now;
    }

    private void place(Deployment now) {
        now.parts().forEach(part -> {
            if (now.state() == State.PROVEN && part.sha256().isPresent()) {
                here.put(part.name(), deployed(part, now));
            } else if (now.state() == State.PROVEN || now.state() == State.REMOVED) {
                here.remove(part.name());
            }
        });
    }

    private static Deployed deployed(Part part, Deployment by) {
        return new Deployed(part.name(), part.version().orElse("1.0.0"), part.sha256().orElseThrow(), by.state(), by.id(), by.door(), part.before(),
                part.evidence(), "");
    }

    private void tell(Deployment deployment) {
        listeners.forEach(listener -> listener.changed(deployment));
    }

    @Override
    public synchronized List<Deployment> deployments() {
        List<Deployment> newestFirst = new ArrayList<>(all.values());
        Collections.reverse(newestFirst);
        return newestFirst;
    }

    @Override
    public synchronized Optional<Deployment> deployment(String id) {
        return Optional.ofNullable(all.get(id));
    }

    @Override
    public synchronized List<Deployed> bundles() {
        List<Deployed> all = new ArrayList<>(here.values());
        for (Deployment one : this.all.values()) {
            if (one.state() == State.VERIFIED || one.state() == State.SHADOW || one.state() == State.PROBATION) {
                one.parts().stream().filter(part -> part.sha256().isPresent()).forEach(part -> all.add(deployed(part, one)));
            }
        }
        return all;
    }

    @Override
    public Deployment promote(String what, String door) throws RefusedException {
        return become(underWay(what, "promote").id(), State.PROVEN, "promoted by " + door);
    }

    @Override
    public Deployment rollback(String what, String door, String why) throws RefusedException {
        return become(underWay(what, "roll back").id(), State.ROLLED_BACK, why);
    }

    private synchronized Deployment underWay(String what, String verb) throws RefusedException {
        return deployments().stream().filter(one -> !one.state().isEnd())
                .filter(one -> one.id().equals(what) || one.parts().stream().anyMatch(part -> part.name().equals(what)))
                .findFirst().orElseThrow(() -> new RefusedException("there is nothing to " + verb + ": '" + what + "' is not on its way"));
    }
}
