package io.pantograph.deploy;

import io.pantograph.api.core.CodecExchange.Verdict;
import io.pantograph.api.operator.Change;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.Evidence;
import io.pantograph.api.operator.Part;
import io.pantograph.api.operator.RefusedException;
import io.pantograph.api.operator.Release;
import io.pantograph.api.operator.State;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One release from the moment it is asked for to its end. Each step is a task of its own on the thread of the steps, so that between two of
 * them another release may come and take this one back. What may wait for the network happens before, elsewhere.
 */
final class Course {

    /** Those that go on side by side. */
    interface Others {

        /** Takes back earlier ones that touch the same bundles. @return the later one by which this one is superseded; or empty */
        Optional<String> claim(Course course);

        void ended(Course course);
    }

    static final Duration USUAL = Duration.ofMinutes(15);

    private static final Logger LOG = LoggerFactory.getLogger(Course.class);

    final long number;
    private final Release release;
    private final House house;
    private final Others others;
    private final boolean proven;
    private final Instant begun;
    private final List<Deployment.Step> history = new ArrayList<>();
    private List<Deployment.Step> fresh = new ArrayList<>();
    private volatile List<Piece> pieces = List.of();
    private State state = State.STAGED;
    private String reason = "";
    private boolean serving;
    private Optional<Instant> ended = Optional.empty();
    private Future<?> fetching;
    private Future<?> deadline;
    private volatile Deployment now;

    /** @param proven whether it was proven before, so that it needs no trial */
    Course(long number, Release release, House house, Others others, boolean proven) {
        this.number = number;
        this.release = release;
        this.house = house;
        this.others = others;
        this.proven = proven;
        begun = house.clock().instant();
        step("asked for by " + release.door());
        look();
    }

    String id() {
        return Journal.Numbers.id(number);
    }

    String door() {
        return release.door();
    }

    /** As of now. From any thread. */
    Deployment now() {
        return now;
    }

    boolean isEnded() {
        return now.state().isEnd();
    }

    /** The bundles that it touches, as far as that is known by now. */
    Set<String> names() {
        List<Piece> known = pieces;
        return known.isEmpty() ? release.changes().stream().flatMap(change -> change instanceof Change.Remove remove ? java.util.stream.Stream.of(remove.name())
                : ((Change.Install) change).name().stream()).collect(Collectors.toSet())
                : known.stream().map(one -> one.name).collect(Collectors.toSet());
    }

    List<Piece> pieces() {
        return pieces;
    }

    // ---- the steps -------------------------------------------------------------------------------------------------------------------

    /** To be called once. */
    void begin() {
        Duration within = release.deadline().orElse(USUAL);
        fetching = house.fetching().submit(() -> stage(within));
        deadline = house.steps().schedule(() -> late(within), within.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void stage(Duration within) {
        try {
            List<Piece> staged = new ArrayList<>();
            for (Change change : release.changes()) {
                staged.add(change instanceof Change.Remove remove ? new Piece(remove.name(), Optional.empty()) : stage((Change.Install) change, within));
            }
            Set<String> twice = new LinkedHashSet<>();
            for (Piece piece : staged) {
                if (!twice.add(piece.name)) {
                    throw new RefusedException("the release names " + piece.name + " twice; a bundle is either one version or gone");
                }
            }
            next(() -> staged(staged));
        } catch (RefusedException e) {
            next(() -> end(State.REFUSED, e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it was taken back meanwhile
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} could not be staged", id(), e);
            next(() -> end(State.REFUSED, "its jars could not be taken in: " + e));
        }
    }

    private Piece stage(Change.Install change, Duration within) throws RefusedException, IOException, InterruptedException {
        Planner.Coming coming = house.staging().stage(change, within);
        return new Piece(coming.facts().name(), Optional.of(coming));
    }

    /** Runs on the thread of the steps, unless it has ended before; what goes wrong in it ends it. */
    private void next(Step step) {
        house.steps().execute(() -> {
            if (state.isEnd()) {
                return;
            }
            try {
                step.run();
            } catch (RefusedException e) {
                end(serving ? State.ROLLED_BACK : State.REFUSED, e.getMessage());
            } catch (IOException | RuntimeException | LinkageError e) {
                LOG.error("{} failed", id(), e);
                end(serving ? State.ROLLED_BACK : State.REFUSED, "it failed with " + e + "; the log says more");
            }
        });
    }

    @FunctionalInterface
    private interface Step {
        void run() throws RefusedException, IOException;
    }

    private void staged(List<Piece> staged) throws RefusedException, IOException {
        pieces = List.copyOf(staged);
        List<Planner.Coming> coming = staged.stream().flatMap(piece -> piece.coming.stream()).toList();
        Set<String> going = staged.stream().filter(piece -> piece.coming.isEmpty()).map(piece -> piece.name).collect(Collectors.toSet());
        Planner.Planned planned = house.planning().plan(release.door(), coming, going, names());
        if (!planned.plan().refusals().isEmpty()) {
            throw new RefusedException(String.join("; ", planned.plan().refusals()));
        }
        Optional<String> later = others.claim(this);
        if (later.isPresent()) {
            end(State.ROLLED_BACK, "superseded by " + later.get());
            return;
        }
        for (Piece piece : staged) {
            piece.before = house.swaps().working(piece.name);
            if (planned.unchanged().contains(piece.name)) {
                piece.state = piece.coming.isPresent() ? State.PROVEN : State.REMOVED;
                piece.reason = piece.coming.isPresent() ? "it is here already" : "it was not here";
            } else {
                piece.swap = piece.coming.isPresent() ? house.swaps().coming(piece.coming.get(), release.trial()) : house.swaps().going(piece.name);
            }
        }
        if (moving().isEmpty()) {
            prove("there was nothing to do");
            return;
        }
        to(State.STAGED, "its jars are here, and nothing speaks against them");
        next(this::verify);
    }

    /** Those for which something is to be done. */
    private List<Piece> moving() {
        return pieces.stream().filter(piece -> piece.swap != null).toList();
    }

    private void verify() throws RefusedException, IOException {
        for (Piece piece : moving()) {
            blaming(piece, piece.swap::place);
            blaming(piece, piece.swap::verify);
        }
        to(State.VERIFIED, "placed beside what is there, and tried");
        if (moving().stream().allMatch(piece -> piece.coming.isEmpty())) {
            next(() -> prove("taken out"));
        } else if (!proven && release.trial().shadowCalls() > 0) {
            next(this::shadow);
        } else {
            next(this::serve);
        }
    }

    private static void blaming(Piece piece, Step step) throws RefusedException, IOException {
        try {
            step.run();
        } catch (RefusedException e) {
            piece.reason = e.getMessage();
            throw e;
        }
    }

    private void shadow() throws RefusedException, IOException {
        to(State.SHADOW, "gets copies of live messages");
        for (Piece piece : moving()) {
            piece.passed = !piece.swap.shadow(verdict -> next(() -> shadowed(piece, verdict)));
        }
        if (allPassed()) {
            next(this::serve);
        }
    }

    private void shadowed(Piece piece, Verdict verdict) throws RefusedException {
        if (state == State.SHADOW && passed(piece, verdict) && allPassed()) {
            next(this::serve);
        }
    }

    private boolean passed(Piece piece, Verdict verdict) throws RefusedException {
        look();
        piece.passed = verdict.passed();
        if (!verdict.passed()) {
            piece.reason = verdict.reason();
            end(State.ROLLED_BACK, piece.title() + ": " + verdict.reason());
        }
        return verdict.passed();
    }

    private boolean allPassed() {
        return moving().stream().allMatch(piece -> piece.passed);
    }

    private void serve() throws RefusedException, IOException {
        serving = true;
        to(State.PROBATION, release.trial().canary().isPresent() ? "serves some devices, and what was there before stands by"
                : "serves, and what was there before stands by");
        for (Piece piece : moving()) {
            piece.passed = false;
            blaming(piece, () -> piece.swap.serve(verdict -> next(() -> served(piece, verdict))));
        }
        if (proven) {
            prove("it was proven before");
        }
    }

    private void served(Piece piece, Verdict verdict) throws RefusedException, IOException {
        if (state != State.PROBATION || !passed(piece, verdict) || !allPassed()) {
            return;
        }
        if (release.trial().byHand()) {
            to(State.PROBATION, "has done what was asked of it, and waits to be promoted");
        } else {
            prove("has done what was asked of it");
        }
    }

    /** The line in the journal is the moment from which on it is proven; what comes after it cannot fail. */
    private void prove(String said) throws IOException {
        boolean brings = pieces.stream().anyMatch(piece -> piece.coming.isPresent());
        for (Piece piece : moving()) {
            piece.look();
            piece.state = piece.coming.isPresent() ? State.PROVEN : State.REMOVED;
        }
        State before = state;
        state = brings ? State.PROVEN : State.REMOVED;
        ended = Optional.of(house.clock().instant());
        step(said);
        try {
            journal(change());
        } catch (IOException e) {
            state = before;
            ended = Optional.empty();
            throw e;
        }
        moving().forEach(piece -> piece.swap.settle());
        over();
    }

    private Map<String, Optional<Committed>> change() {
        Map<String, Optional<Committed>> change = new TreeMap<>();
        for (Piece piece : moving()) {
            change.put(piece.name, piece.coming.map(coming -> committed(piece, coming)));
        }
        return change;
    }

    private Committed committed(Piece piece, Planner.Coming coming) {
        Optional<Committed.Kept> lastGood = proven ? Optional.empty() : Optional.ofNullable(house.journal().set().get(piece.name))
                .map(before -> new Committed.Kept(before.version(), before.sha256()));
        return new Committed(piece.name, coming.facts().version().toString(), coming.sha256(), release.door(), id(), lastGood, piece.evidence());
    }

    // ---- what others do to it, on the thread of the steps ------------------------------------------------------------------------------

    /** @param why one sentence */
    void takeBack(String why) {
        if (!state.isEnd()) {
            end(State.ROLLED_BACK, why);
        }
    }

    /** @throws RefusedException if it is not on trial */
    void promote(String door) throws RefusedException {
        if (state != State.SHADOW && state != State.PROBATION) {
            throw new RefusedException(id() + " is " + state.word() + ", and only what is on shadow or probation can be promoted; see how it goes on");
        }
        try {
            if (state == State.SHADOW) {
                serve();
            }
            prove("promoted by " + door);
        } catch (IOException e) {
            end(State.ROLLED_BACK, "it could not be journalled: " + e);
        }
    }

    /** The installer goes. Nothing is journalled: the next one finds it unfinished. */
    void abandon() {
        if (!state.isEnd()) {
            moving().forEach(piece -> piece.swap.withdraw());
        }
    }

    private void late(Duration within) {
        boolean far = state == State.PROBATION && release.deadline().isEmpty();
        if (!state.isEnd() && !far) {
            end(State.ROLLED_BACK, "it had not come to its end within " + within.toSeconds() + " s");
        }
    }

    /** Asks how it does. */
    void look() {
        boolean changed = false;
        for (Piece piece : pieces) {
            changed |= piece.look();
        }
        if (changed || now == null) {
            show();
        }
    }

    // ---- keeping account ------------------------------------------------------------------------------------------------------------

    private void to(State next, String said) throws IOException {
        state = next;
        moving().forEach(piece -> {
            piece.state = next;
            piece.look();
        });
        step(said);
        journal(Map.of());
        show();
    }

    private void step(String said) {
        Deployment.Step step = new Deployment.Step(house.clock().instant(), state, said);
        history.add(step);
        if (history.size() > Journal.MOST_STEPS) {
            history.remove(0);
        }
        fresh.add(step);
    }

    private void journal(Map<String, Optional<Committed>> change) throws IOException {
        Deployment written = snapshot();
        house.journal().write(written, fresh, change);
        fresh = new ArrayList<>();
    }

    private void end(State with, String why) {
        List<Piece> back = new ArrayList<>(moving());
        java.util.Collections.reverse(back);
        back.forEach(piece -> {
            piece.look();
            piece.swap.withdraw();
        });
        state = with;
        reason = why;
        pieces.forEach(piece -> piece.state = with);
        ended = Optional.of(house.clock().instant());
        step(why);
        try {
            journal(Map.of());
        } catch (IOException e) {
            LOG.error("what became of {} could not be journalled", id(), e);
        }
        over();
    }

    private void over() {
        if (fetching != null) {
            fetching.cancel(true);
        }
        if (deadline != null) {
            deadline.cancel(false);
        }
        show();
        LOG.info("{} by {} is {}: {}{}", id(), release.door(), state.word(),
                pieces.stream().map(Piece::title).collect(Collectors.joining(", ")), reason.isEmpty() ? "" : ": " + reason);
        others.ended(this);
    }

    private void show() {
        now = snapshot();
        house.told().accept(now);
    }

    private Deployment snapshot() {
        List<Part> parts = pieces.isEmpty() ? release.changes().stream().map(Course::wanted).toList() : pieces.stream().map(Piece::part).toList();
        return new Deployment(id(), release.door(), state, reason, parts, history, begun, ended);
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
