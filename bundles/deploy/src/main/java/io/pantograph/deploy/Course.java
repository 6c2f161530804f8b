package io.pantograph.deploy;

import io.pantograph.api.core.CodecExchange.Verdict;
import io.pantograph.api.operator.Change;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.RefusedException;
import io.pantograph.api.operator.Release;
import io.pantograph.api.operator.State;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
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

    @FunctionalInterface
    private interface Step {
        void run() throws RefusedException, IOException;
    }

    /** So long it may take to come as far as probation. */
    static final Duration USUAL = Duration.ofMinutes(15);

    private static final Logger LOG = LoggerFactory.getLogger(Course.class);

    final long number;
    private final Release release;
    private final House house;
    private final Others others;
    private final boolean proven;
    private final Account account;
    private Pieces pieces;
    private boolean serving;
    private Future<?> fetching;
    private Future<?> deadline;

    /** @param proven whether it was proven before, so that it needs no trial */
    Course(long number, Release release, House house, Others others, boolean proven) {
        this.number = number;
        this.release = release;
        this.house = house;
        this.others = others;
        this.proven = proven;
        account = new Account(id(), release, house);
        pieces = new Pieces(id(), List.of());
    }

    String id() {
        return Journal.Numbers.id(number);
    }

    /** From any thread. */
    Deployment now() {
        return account.now();
    }

    /** The bundles that it touches, as far as that is known by now. */
    Set<String> names() {
        return account.names();
    }

    boolean isOf(Release other) {
        return release.equals(other) && !proven;
    }

    boolean touchesSomethingOf(Release other) {
        return !Collections.disjoint(names(), Account.names(other));
    }

    /** To be called once. */
    void begin() {
        Duration within = release.deadline().orElse(USUAL);
        next(() -> {
            deadline = house.steps().schedule(() -> late(within), within.toNanos(), TimeUnit.NANOSECONDS);
            fetching = house.fetching().submit(() -> stage(within));
        });
    }

    /** In place of {@link #begin}. @param why one sentence */
    void decline(String why) {
        next(() -> end(State.REFUSED, why));
    }

    private void stage(Duration within) {
        try {
            List<Piece> staged = new ArrayList<>();
            for (Change change : release.changes()) {
                if (change instanceof Change.Install install) {
                    Planner.Coming coming = house.staging().stage(install, within);
                    staged.add(new Piece(coming.facts().name(), Optional.of(coming)));
                } else {
                    staged.add(new Piece(((Change.Remove) change).name(), Optional.empty()));
                }
            }
            next(() -> staged(staged));
        } catch (RefusedException e) {
            next(() -> end(State.REFUSED, e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it was taken back meanwhile
        } catch (IOException | RuntimeException | Error e) { // nobody else would ever end it
            LOG.warn("{} could not be staged", id(), e);
            next(() -> end(State.REFUSED, "its jars could not be taken in: " + e));
        }
    }

    /** Runs on the thread of the steps, unless it has ended before; what goes wrong in it ends it. */
    private void next(Step step) {
        try {
            house.steps().execute(() -> run(step));
        } catch (RejectedExecutionException e) {
            LOG.debug("{} is left as it is, the installer has gone", id(), e);
        }
    }

    private void run(Step step) {
        if (account.state().isEnd() || house.closing().getAsBoolean()) {
            return;
        }
        try {
            step.run();
        } catch (RefusedException e) {
            end(serving ? State.ROLLED_BACK : State.REFUSED, e.getMessage());
        } catch (IOException | RuntimeException | Error e) {
            LOG.error("{} failed", id(), e);
            end(serving ? State.ROLLED_BACK : State.REFUSED, "it failed with " + e + "; the log says more");
        }
    }

    private void staged(List<Piece> staged) throws RefusedException, IOException {
        account.pieces(staged);
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
        pieces = new Pieces(id(), staged);
        if (pieces.isEmpty()) {
            prove("there was nothing to do");
            return;
        }
        to(State.STAGED, "its jars are here, and nothing speaks against them");
        next(this::verify);
    }

    private void verify() throws RefusedException, IOException {
        pieces.place();
        to(State.VERIFIED, "placed beside what is there, and tried");
        if (pieces.onlyGo()) {
            next(() -> prove("taken out"));
        } else if (!proven && release.trial().shadowCalls() > 0) {
            next(this::shadow);
        } else {
            next(this::serve);
        }
    }

    private void shadow() throws IOException {
        pieces.shadow((piece, verdict) -> next(() -> shadowed(piece, verdict)));
        to(State.SHADOW, "gets copies of live messages");
        if (pieces.allPassed()) {
            next(this::serve);
        }
    }

    private void shadowed(Piece piece, Verdict verdict) {
        if (account.state() == State.SHADOW && passed(piece, verdict) && pieces.allPassed()) {
            next(this::serve);
        }
    }

    private boolean passed(Piece piece, Verdict verdict) {
        piece.look();
        piece.passed = verdict.passed();
        if (!verdict.passed()) {
            piece.reason = verdict.reason();
            end(State.ROLLED_BACK, piece.title() + ": " + verdict.reason());
        }
        return verdict.passed();
    }

    private void serve() throws RefusedException, IOException {
        serving = true;
        pieces.serve((piece, verdict) -> next(() -> served(piece, verdict)));
        // Said when it does: until then nobody knows how many calls it takes.
        to(State.PROBATION, release.trial().canary().isPresent() ? "serves some devices, and what was there before stands by"
                : "serves, and what was there before stands by");
        if (proven) {
            prove("it was proven before");
        }
    }

    private void served(Piece piece, Verdict verdict) throws RefusedException, IOException {
        if (account.state() != State.PROBATION || !passed(piece, verdict) || !pieces.allPassed()) {
            return;
        }
        if (release.trial().byHand()) {
            to(State.PROBATION, "has done what was asked of it, and waits to be promoted");
        } else {
            prove("has done what was asked of it");
        }
    }

    /** The line in the journal is the moment from which on it is proven; what comes after it cannot fail. */
    private void prove(String said) throws RefusedException, IOException {
        pieces.commit();
        boolean brings = account.pieces().stream().anyMatch(piece -> piece.coming.isPresent());
        account.close(brings ? State.PROVEN : State.REMOVED, "", said, change());
        pieces.settle();
        over();
    }

    private Map<String, Optional<Committed>> change() {
        Map<String, Optional<Committed>> change = new TreeMap<>();
        pieces.all().forEach(piece -> change.put(piece.name, piece.coming.map(coming -> committed(piece, coming))));
        return change;
    }

    private Committed committed(Piece piece, Planner.Coming coming) {
        Optional<Committed.Kept> lastGood = proven ? Optional.empty() : Optional.ofNullable(house.journal().set().get(piece.name))
                .map(before -> new Committed.Kept(before.version(), before.sha256()));
        return new Committed(piece.name, coming.facts().version().toString(), coming.sha256(), release.door(), id(), lastGood, piece.evidence());
    }

    private void to(State next, String said) throws IOException {
        pieces.become(next);
        account.to(next, said);
        if (next == State.SHADOW || next == State.PROBATION) {
            LOG.info("deployment {} by {} is on {}: {}", id(), release.door(), next.word(), pieces.titles());
        }
    }

    private void end(State with, String why) {
        if (house.closing().getAsBoolean()) {
            return; // the journal has it as unfinished, which is what it is
        }
        pieces.withdraw();
        account.pieces().forEach(piece -> piece.state = with);
        try {
            account.close(with, why, why, Map.of());
        } catch (IOException e) {
            LOG.error("what became of {} could not be journalled", id(), e);
        }
        over();
    }

    private void over() {
        if (fetching != null) {
            fetching.cancel(true);
            deadline.cancel(false);
        }
        account.show();
        String what = account.pieces().isEmpty() ? "" : ": " + Pieces.titles(account.pieces());
        LOG.info("deployment {} by {} is {}{}{}", id(), release.door(), account.state().word(), what, now().reason().isEmpty() ? "" : ": " + now().reason());
        others.ended(this);
    }

    // ---- what others do to it, on the thread of the steps ------------------------------------------------------------------------------

    /** @param why one sentence */
    void takeBack(String why) {
        if (!account.state().isEnd()) {
            end(State.ROLLED_BACK, why);
        }
    }

    /** @throws RefusedException if it is not on trial */
    void promote(String door) throws RefusedException {
        State state = account.state();
        if (state != State.SHADOW && state != State.PROBATION) {
            throw new RefusedException(id() + " is " + state.word() + ", and only what is on shadow or probation can be promoted; see how it goes on");
        }
        run(() -> {
            if (state == State.SHADOW) {
                serve();
            }
            prove("promoted by " + door);
        });
    }

    private void late(Duration within) {
        boolean far = account.state() == State.PROBATION && release.deadline().isEmpty();
        if (!far) {
            takeBack("it had not come to its end within " + within.toSeconds() + " s");
        }
    }

    /** Asks how it does, and shows it if that has changed. */
    void look() {
        boolean changed = false;
        for (Piece piece : account.pieces()) {
            changed |= piece.look();
        }
        if (changed) {
            account.show();
        }
    }

    /** The installer goes. Nothing is journalled: the next one finds it unfinished. */
    void abandon() {
        if (!account.state().isEnd()) {
            pieces.withdraw();
        }
    }
}
