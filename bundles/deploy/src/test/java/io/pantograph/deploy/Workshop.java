package io.pantograph.deploy;

import io.pantograph.api.core.CodecExchange.Verdict;
import io.pantograph.api.operator.Change;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.Evidence;
import io.pantograph.api.operator.Plan;
import io.pantograph.api.operator.RefusedException;
import io.pantograph.api.operator.Trial;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;

/** The framework and the store of an engine under test: notes what is done with them, in order, and says what the test wants said. */
final class Workshop implements House.Staging, House.Planning, House.Swaps {

    /** What was done: {@code place a 1.0.0}, {@code serve a 1.0.0} and so on. */
    final List<String> done = new ArrayList<>();
    /** By title, who waits for a verdict. */
    final Map<String, Consumer<Verdict>> judges = new HashMap<>();
    /** Steps that are refused: {@code verify a 1.0.0}. */
    final Set<String> refused = new HashSet<>();
    /** What the planner says against it. */
    String against;
    Journal journal;

    static String sha256(String name, String version) {
        return String.format("%064x", (name + version).hashCode() & 0xffffffffL);
    }

    @Override
    public String take(InputStream jar) {
        throw new UnsupportedOperationException();
    }

    /** The version of the change; what it goes back to is told by its hash. */
    @Override
    public Planner.Coming stage(Change.Install change, Duration within) throws RefusedException {
        String name = change.name().orElseThrow();
        if (name.equals("odd")) {
            throw new IllegalArgumentException("as odd as that");
        }
        if (name.equals("bomb")) {
            throw new OutOfMemoryError("as large as that");
        }
        String version = change.version().orElseGet(() -> journal.set().get(name).lastGood().orElseThrow().version());
        try {
            String manifest = "Manifest-Version: 1.0\nBundle-ManifestVersion: 2\nBundle-SymbolicName: " + name + "\nBundle-Version: " + version + "\n\n";
            return new Planner.Coming(Facts.of(manifest.getBytes(StandardCharsets.UTF_8)), sha256(name, version));
        } catch (Objection e) {
            throw new RefusedException(name + ' ' + e.getMessage());
        }
    }

    @Override
    public void keepOnly(Collection<Committed> committed, List<Deployment> going) {
    }

    @Override
    public Planner.Planned plan(String door, List<Planner.Coming> coming, Set<String> going, Set<String> aside) {
        Set<String> unchanged = new HashSet<>();
        coming.stream().filter(one -> journal.set().containsKey(one.facts().name()) && journal.set().get(one.facts().name()).sha256().equals(one.sha256()))
                .forEach(one -> unchanged.add(one.facts().name()));
        going.stream().filter(name -> !journal.set().containsKey(name)).forEach(unchanged::add);
        return new Planner.Planned(new Plan(List.of(), List.of(), List.of(), List.of(), List.of(), against == null ? List.of() : List.of(against)), unchanged);
    }

    @Override
    public Swap coming(Planner.Coming coming, Trial trial) {
        return new Noted(coming.facts().title());
    }

    @Override
    public Swap going(String name) {
        return new Noted(name + " to go");
    }

    @Override
    public Optional<String> working(String name) {
        return Optional.ofNullable(journal.set().get(name)).map(Committed::version);
    }

    @Override
    public boolean isOfTheBox(String name) {
        return false;
    }

    void judge(String title, boolean passed, String reason) {
        judges.remove(title).accept(new Verdict(passed, reason));
    }

    private final class Noted implements Swap {

        private final String title;
        private boolean serves;

        Noted(String title) {
            this.title = title;
        }

        private void note(String step) throws RefusedException {
            done.add(step + ' ' + title);
            if (refused.contains(step + ' ' + title)) {
                throw new RefusedException(title + " did not like " + step);
            }
        }

        @Override
        public void place() throws RefusedException {
            note("place");
        }

        @Override
        public void verify() throws RefusedException, IOException {
            note("verify");
        }

        @Override
        public boolean shadow(Consumer<Verdict> then) {
            done.add("shadow " + title);
            judges.put(title, then);
            return true;
        }

        @Override
        public void serve(Consumer<Verdict> then) throws RefusedException {
            note("serve");
            serves = true;
            if (title.endsWith(" to go")) {
                then.accept(new Verdict(true, ""));
            } else {
                judges.put(title, then);
            }
        }

        @Override
        public void commit() throws RefusedException {
            if (refused.contains("commit " + title)) {
                throw new RefusedException(title + " has failed just now");
            }
        }

        @Override
        public Evidence evidence() {
            return serves ? new Evidence(0, 0, 0, 7, 0, 0, Duration.ZERO, Duration.ZERO, 0, 0, List.of()) : Evidence.NONE;
        }

        @Override
        public void settle() {
            done.add("settle " + title);
        }

        @Override
        public void withdraw() {
            done.add("withdraw " + title);
        }

        @Override
        public Optional<Bundle> bundle() {
            return Optional.empty();
        }
    }
}
