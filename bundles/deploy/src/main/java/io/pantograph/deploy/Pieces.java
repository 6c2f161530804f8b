package io.pantograph.deploy;

import io.pantograph.api.core.CodecExchange.Verdict;
import io.pantograph.api.operator.RefusedException;
import io.pantograph.api.operator.State;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bundles of one deployment for which something is to be done: each takes each step, or all go back. For the thread of the steps. */
final class Pieces {

    @FunctionalInterface
    private interface Step {
        void run() throws RefusedException, IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Pieces.class);

    private final String deployment;
    private final List<Piece> moving;

    /** @param all that the deployment names, also those that are here already */
    Pieces(String deployment, List<Piece> all) {
        this.deployment = deployment;
        moving = all.stream().filter(piece -> piece.swap != null).toList();
    }

    List<Piece> all() {
        return moving;
    }

    boolean isEmpty() {
        return moving.isEmpty();
    }

    /** Whether none of them comes. */
    boolean onlyGo() {
        return moving.stream().allMatch(piece -> piece.coming.isEmpty());
    }

    boolean allPassed() {
        return moving.stream().allMatch(piece -> piece.passed);
    }

    String titles() {
        return titles(moving);
    }

    static String titles(List<Piece> pieces) {
        return pieces.stream().map(Piece::title).collect(Collectors.joining(", "));
    }

    void become(State state) {
        moving.forEach(piece -> {
            piece.state = state;
            piece.look();
        });
    }

    void place() throws RefusedException, IOException {
        for (Piece piece : moving) {
            blaming(piece, piece.swap::place);
            blaming(piece, piece.swap::verify);
        }
    }

    /** @param then told of each, on any thread */
    void shadow(BiConsumer<Piece, Verdict> then) {
        for (Piece piece : moving) {
            piece.passed = !piece.swap.shadow(verdict -> then.accept(piece, verdict));
        }
    }

    /** @param then told of each, on any thread */
    void serve(BiConsumer<Piece, Verdict> then) throws RefusedException, IOException {
        for (Piece piece : moving) {
            piece.passed = false;
            blaming(piece, () -> piece.swap.serve(verdict -> then.accept(piece, verdict)));
        }
    }

    /** The last moment at which one of them may fail. */
    void commit() throws RefusedException, IOException {
        for (Piece piece : moving) {
            blaming(piece, piece.swap::commit);
        }
        for (Piece piece : moving) {
            piece.look();
            piece.state = piece.coming.isPresent() ? State.PROVEN : State.REMOVED;
        }
    }

    void settle() {
        moving.forEach(piece -> safely(piece, piece.swap::settle));
    }

    /** The last first. */
    void withdraw() {
        List<Piece> back = new ArrayList<>(moving);
        Collections.reverse(back);
        back.forEach(piece -> {
            safely(piece, piece::look);
            safely(piece, piece.swap::withdraw);
        });
    }

    private static void blaming(Piece piece, Step step) throws RefusedException, IOException {
        try {
            step.run();
        } catch (RefusedException e) {
            piece.reason = e.getMessage();
            throw e;
        }
    }

    /** Nothing that a stranger's bundle does may keep the others from their end. */
    private void safely(Piece piece, Runnable act) {
        try {
            act.run();
        } catch (RuntimeException | Error e) {
            LOG.error("{} of {} did not come or go as it should", piece.title(), deployment, e);
        }
    }
}
