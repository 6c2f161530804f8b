package io.pantograph.twin;

import io.pantograph.api.twin.Desired;
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
        log.info("handler for desired {} came", added);
    }

    /** From here on nothing is given to it; returns when it has finished what it has in hand, at the latest after the grace. */
    void remove(long id) {
        for (Handler leaving : take(id)) {
            boolean finished = leaving.drain(grace);
            log.info("handler for desired {} went{}", leaving, finished ? "" : ", before it had finished what it had in hand");
        }
    }

    private synchronized Handler[] take(long id) {
        Handler[] leaving = Arrays.stream(present).filter(one -> one.id() == id).toArray(Handler[]::new);
        present = Arrays.stream(present).filter(one -> one.id() != id).toArray(Handler[]::new);
        return leaving;
    }

    /** The most exact for this value, entered: whoever asks must {@link Handler#leave()} it. Null if there is none. */
    Handler enterBest(Desired desired) {
        while (true) {
            Handler best = null;
            int bestFit = -1;
            for (Handler handler : present) {
                int fit = handler.fit(desired);
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
