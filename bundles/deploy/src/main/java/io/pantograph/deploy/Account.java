package io.pantograph.deploy;

import io.pantograph.api.operator.Change;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.Evidence;
import io.pantograph.api.operator.Part;
import io.pantograph.api.operator.Release;
import io.pantograph.api.operator.State;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How one deployment stands: its history, what the journal has of it, what others are shown. For the thread of the steps, but for {@link #now}. */
final class Account {

    private final String id;
    private final Release release;
    private final House house;
    private final Instant begun;
    private final List<Deployment.Step> history = new ArrayList<>();
    private List<Deployment.Step> fresh = new ArrayList<>();
    private volatile List<Piece> pieces = List.of();
    private State state = State.STAGED;
    private String reason = "";
    private Optional<Instant> ended = Optional.empty();
    private volatile Deployment now;

    Account(String id, Release release, House house) {
        this.id = id;
        this.release = release;
        this.house = house;
        begun = house.clock().instant();
        say(State.STAGED, "asked for by " + release.door());
        show();
    }

    /** As of the last change. From any thread. */
    Deployment now() {
        return now;
    }

    State state() {
        return state;
    }

    List<Piece> pieces() {
        return pieces;
    }

    void pieces(List<Piece> known) {
        pieces = List.copyOf(known);
    }

    /** The bundles that it touches, as far as that is known by now. */
    Set<String> names() {
        List<Piece> known = pieces;
        return known.isEmpty() ? names(release) : known.stream().map(one -> one.name).collect(Collectors.toSet());
    }

    /** Those that it names itself. */
    static Set<String> names(Release release) {
        return release.changes().stream().flatMap(Account::name).collect(Collectors.toSet());
    }

    private static Stream<String> name(Change change) {
        return change instanceof Change.Remove remove ? Stream.of(remove.name()) : ((Change.Install) change).name().stream();
    }

    /** Goes on the disk, and is shown. */
    void to(State next, String said) throws IOException {
        say(next, said);
        write(Map.of());
        show();
    }

    /** On the disk it is over; others are not shown it before {@link #show}. @throws IOException if it is not: nothing has changed then */
    void close(State end, String why, String said, Map<String, Optional<Committed>> change) throws IOException {
        State before = state;
        say(end, said);
        reason = why;
        ended = Optional.of(house.clock().instant());
        try {
            write(change);
        } catch (IOException e) {
            if (!change.isEmpty()) {
                state = before;
                reason = "";
                ended = Optional.empty();
                history.remove(history.size() - 1);
                fresh.remove(fresh.size() - 1);
            }
            throw e;
        }
    }

    private void say(State next, String said) {
        state = next;
        Deployment.Step step = new Deployment.Step(house.clock().instant(), next, said);
        history.add(step);
        if (history.size() > Journal.MOST_STEPS) {
            history.remove(0);
        }
        fresh.add(step);
    }

    private void write(Map<String, Optional<Committed>> change) throws IOException {
        house.journal().write(snapshot(), fresh, change);
        fresh = new ArrayList<>();
    }

    void show() {
        now = snapshot();
        house.told().accept(now);
    }

    private Deployment snapshot() {
        List<Part> parts = pieces.isEmpty() ? release.changes().stream().map(Account::wanted).toList() : pieces.stream().map(Piece::part).toList();
        return new Deployment(id, release.door(), state, reason, parts, history, begun, ended);
    }

    private static Part wanted(Change change) {
        if (change instanceof Change.Remove remove) {
            return new Part(remove.name(), Optional.empty(), Optional.empty(), Optional.empty(), State.STAGED, Evidence.NONE, "");
        }
        Change.Install install = (Change.Install) change;
        Change.Jar jar = install.jar();
        Optional<String> sha256 = jar instanceof Change.Jar.Kept kept ? Optional.of(kept.sha256())
                : jar instanceof Change.Jar.Remote remote ? Optional.of(remote.sha256()) : Optional.empty();
        String called = install.name().orElseGet(() -> jar instanceof Change.Jar.Local local ? local.file().getFileName().toString() : sha256.orElse("?"));
        return new Part(called, install.version(), Optional.empty(), sha256, State.STAGED, Evidence.NONE, "");
    }
}
