package io.pantograph.deploy;

import io.pantograph.api.operator.Change;
import io.pantograph.api.operator.Deployed;
import io.pantograph.api.operator.Deployment;
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
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Remembers what it was asked for; how it ends is the test's to say. */
final class PlainDeployments implements Deployments {

    final List<Release> asked = new ArrayList<>();
    private final Map<String, Deployed> here = new LinkedHashMap<>();

    @Override
    public String take(InputStream jar) throws IOException {
        return HexFormat.of().formatHex(Artifacts.sha256().digest(jar.readAllBytes()));
    }

    @Override
    public Plan plan(Release release) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Deployment deploy(Release release) {
        asked.add(release);
        return now(State.STAGED, "", asked.size());
    }

    /** In short, the last that was asked for: {@code +name} and {@code -name}. */
    String last() {
        StringBuilder text = new StringBuilder();
        asked.get(asked.size() - 1).changes().forEach(change -> text.append(text.isEmpty() ? "" : " ")
                .append(change instanceof Change.Remove remove ? "-" + remove.name() : "+" + ((Change.Install) change).name().orElseThrow()));
        return text.toString();
    }

    /** The last one ends like this. @return what is told of it */
    Deployment ends(State state, String reason) {
        return ends(state, reason, asked.size());
    }

    Deployment ends(State state, String reason, int number) {
        Release release = asked.get(number - 1);
        if (state == State.PROVEN || state == State.REMOVED) {
            for (Change change : release.changes()) {
                if (change instanceof Change.Install install) {
                    String name = install.name().orElseThrow();
                    String sha256 = ((Change.Jar.Kept) install.jar()).sha256();
                    here.put(name, new Deployed(name, number + ".0.0", sha256, State.PROVEN, "d-" + number, release.door(), Optional.empty(), Evidence.NONE, ""));
                } else {
                    here.remove(((Change.Remove) change).name());
                }
            }
        }
        return now(state, reason, number);
    }

    private Deployment now(State state, String reason, int number) {
        Release release = asked.get(number - 1);
        List<Part> parts = release.changes().stream().map(change -> new Part(change instanceof Change.Remove remove ? remove.name()
                : ((Change.Install) change).name().orElseThrow(), Optional.empty(), Optional.empty(), Optional.empty(), state, Evidence.NONE, "")).toList();
        return new Deployment("d-" + number, release.door(), state, reason, parts, List.of(), Instant.EPOCH, Optional.empty());
    }

    @Override
    public List<Deployment> deployments() {
        return List.of();
    }

    @Override
    public Optional<Deployment> deployment(String id) {
        return Optional.empty();
    }

    @Override
    public List<Deployed> bundles() {
        return List.copyOf(here.values());
    }

    @Override
    public Deployment promote(String what, String door) throws RefusedException {
        throw new UnsupportedOperationException();
    }

    @Override
    public Deployment rollback(String what, String door, String why) throws RefusedException {
        throw new UnsupportedOperationException();
    }
}
