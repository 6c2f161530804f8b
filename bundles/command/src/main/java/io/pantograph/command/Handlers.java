package io.pantograph.command;

import io.pantograph.api.command.Command;
import java.time.Duration;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All handlers that are here; chooses when asked. */
final class Handlers {

    private static final Logger log = LoggerFactory.getLogger(Handlers.class);

    private final Duration grace;
    private volatile Handler[] present = {};

    Handlers(Duration grace) {
        this.grace = grace;
    }

    synchronized void add(Handler added) {
        Handler[] more = Arrays.copyOf(present, present.length + 1);
        more[present.length] = added;
        Arrays.sort(more, Handler.ELDER_FIRST);
        present = more;
        log.info("handler for {} came", added);
    }

    /** From here on nothing is given to it; returns when it has finished what it has in hand, at the latest after the grace. */
    void remove(long id) {
        for (Handler leaving : take(id)) {
            boolean finished = leaving.drain(grace);
            log.info("handler for {} went{}", leaving, finished ? "" : ", before it had finished what it had in hand");
        }
    }

    private synchronized Handler[] take(long id) {
        Handler[] leaving = Arrays.stream(present).filter(one -> one.id() == id).toArray(Handler[]::new);
        present = Arrays.stream(present).filter(one -> one.id() != id).toArray(Handler[]::new);
        return leaving;
    }

    /** Whether there is any for this command. */
    boolean present(Command command) {
        for (Handler handler : present) {
            if (handler.fit(command) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** The most exact for this command, entered: whoever asks must {@link Handler#leave()} it. Null if there is none. */
    Handler enterBest(Command command) {
        while (true) {
            Handler best = null;
            int bestFit = -1;
            for (Handler handler : present) {
                int fit = handler.fit(command);
                if (fit > bestFit) { // among equals the first, which is the higher ranked or older one
                    best = handler;
                    bestFit = fit;
                }
            }
            if (best == null || best.enter()) {
                return best;
            }
            Thread.onSpinWait(); // it is just leaving; the list without it is there in a moment
        }
    }
}
