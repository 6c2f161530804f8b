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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An installer that installs nothing: for tests of the doors before it. Keeps what it was asked, and goes on only as the test says, with
 * {@link #now}. Counts its deployments from {@code d-1}; their time stands still.
 */
public final class PlainDeployments implements Deployments {

    public static final Instant BEGUN = Instant.parse("2026-01-01T00:00:00Z");

    /** What was asked, in order: {@code take 10 bytes}, {@code deploy shell}, {@code promote d-1 by shell} and so on. */
    public final List<String> asked = new CopyOnWriteArrayList<>();
    public final List<Release> releases = new CopyOnWriteArrayList<>();
    public final List<Deployed> here = new CopyOnWriteArrayList<>();
    public final List<DeploymentListener> listeners = new CopyOnWriteArrayList<>();

    private final Map<String, Deployment> all = new LinkedHashMap<>();
    private Plan plan = new Plan(List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    /** What {@link #plan} says from now on. */
    public PlainDeployments planning(Plan said) {
        plan = said;
        return this;
    }

    /** A deployment has come so far. What was said goes to its history, as its reason if that is its end. */
    public Deployment now(String id, State state, Evidence evidence, String said) {
        Deployment next;
        synchronized (this) {
            Deployment last = all.get(id);
            List<Deployment.Step> history = new ArrayList<>(last.history());
            history.add(new Deployment.Step(BEGUN.plusSeconds(history.size()), state, said));
            List<Part> parts = last.parts().stream()
                    .map(part -> new Part(part.name(), part.version(), part.before(), part.sha256(), state, evidence, part.reason())).toList();
            next = new Deployment(id, last.door(), state, state.isEnd() && state != State.PROVEN ? said : "", parts, history, last.begun(),
                    state.isEnd() ? Optional.of(BEGUN.plusSeconds(history.size())) : Optional.empty());
            all.put(id, next);
        }
        listeners.forEach(listener -> listener.changed(next));
        return next;
    }

    @Override
    public String take(InputStream jar) throws IOException, RefusedException {
        byte[] bytes = jar.readAllBytes();
        asked.add("take " + bytes.length + " bytes");
        if (bytes.length == 0) {
            throw new RefusedException("the jar is empty; send a whole one");
        }
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Plan plan(Release release) {
        asked.add("plan " + release.door());
        releases.add(release);
        return plan;
    }

    @Override
    public synchronized Deployment deploy(Release release) {
        asked.add("deploy " + release.door());
        releases.add(release);
        List<Part> parts = new ArrayList<>();
        for (Change change : release.changes()) {
            if (change instanceof Change.Remove remove) {
                parts.add(new Part(remove.name(), Optional.empty(), Optional.of("1.0.0"), Optional.empty(), State.STAGED, Evidence.NONE, ""));
            } else if (change instanceof Change.Install install) {
                Optional<String> sha256 = install.jar() instanceof Change.Jar.Kept kept ? Optional.of(kept.sha256()) : Optional.empty();
                parts.add(new Part(install.name().orElse("unknown"), install.version(), Optional.empty(), sha256, State.STAGED, Evidence.NONE, ""));
            }
        }
        String id = "d-" + (all.size() + 1);
        Deployment begun = new Deployment(id, release.door(), State.STAGED, "", parts,
                List.of(new Deployment.Step(BEGUN, State.STAGED, "asked for by " + release.door())), BEGUN, Optional.empty());
        all.put(id, begun);
        return begun;
    }

    @Override
    public synchronized List<Deployment> deployments() {
        List<Deployment> newestFirst = new ArrayList<>(all.values());
        java.util.Collections.reverse(newestFirst);
        return newestFirst;
    }

    @Override
    public synchronized Optional<Deployment> deployment(String id) {
        return Optional.ofNullable(all.get(id));
    }

    @Override
    public List<Deployed> bundles() {
        return List.copyOf(here);
    }

    @Override
    public Deployment promote(String what, String door) throws RefusedException {
        asked.add("promote " + what + " by " + door);
        Deployment one = find(what);
        if (one.state() != State.SHADOW && one.state() != State.PROBATION) {
            throw new RefusedException(what + " is " + one.state().word() + ", not on trial; nothing is to be promoted");
        }
        return now(one.id(), State.PROVEN, one.parts().get(0).evidence(), "promoted by " + door);
    }

    @Override
    public Deployment rollback(String what, String door, String why) throws RefusedException {
        asked.add("rollback " + what + " by " + door + ": " + why);
        Deployment one = find(what);
        return now(one.id(), State.ROLLED_BACK, one.parts().get(0).evidence(), why);
    }

    private Deployment find(String what) throws RefusedException {
        return deployments().stream().filter(one -> one.id().equals(what) || one.parts().stream().anyMatch(part -> part.name().equals(what))).findFirst()
                .orElseThrow(() -> new RefusedException("there is no deployment and no bundle '" + what + "'; list them first"));
    }
}
