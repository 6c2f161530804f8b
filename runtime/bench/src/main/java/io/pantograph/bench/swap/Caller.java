package io.pantograph.bench.swap;

import io.pantograph.api.core.CodecRoute;
import io.pantograph.api.core.Coded;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Provenance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that encodes as fast as it can, or so often a second, and takes notes. What it noted may be asked for when it has been stopped.
 *
 * <p>Which codec made a message tells to the call when the switch came to this thread; nobody else's word for it is needed.
 */
final class Caller {

    private static final Content CONTENT = Content.of("n", 7);
    private static final Bytes EXPECTED = Bytes.utf8("n=7");
    private static final int LONGEST_RUN = 900; // seconds

    private final CodecRoute route;
    private final long gap;
    private final Timeline timeline = new Timeline(System.nanoTime(), LONGEST_RUN);
    private final Map<String, Long> switches = new LinkedHashMap<>();
    private final List<List<Long>> kept = List.of(new ArrayList<>(), new ArrayList<>());
    private final Thread thread;
    private volatile int keeping = -1;
    private volatile boolean stop;
    private volatile long calls;
    private volatile Throwable failure;

    /** @param perSecond 0: as fast as it can */
    Caller(int number, CodecRoute route, int perSecond) {
        this.route = route;
        gap = perSecond == 0 ? 0 : 1_000_000_000L / perSecond;
        thread = new Thread(this::run, "caller-" + number);
        thread.start();
    }

    private void run() {
        Provenance by = null;
        long due = System.nanoTime();
        long end = due;
        long done = 0;
        try {
            while (!stop) {
                // At full speed it is the gap from one answer to the next, so that nothing between two calls goes unseen.
                long begin = end;
                if (gap > 0) {
                    begin = paced(due);
                    due = Math.max(due + gap, begin - 5_000_000); // what was missed is not made up for in one burst
                }
                Coded<Bytes> made = route.encode(null, CONTENT);
                end = System.nanoTime();
                timeline.took(begin, end);
                if (made.by() != by) {
                    by = made.by();
                    switches.putIfAbsent(by.version(), end);
                }
                int part = keeping;
                if (part >= 0) {
                    kept.get(part).add(end - begin);
                }
                if (!made.value().equals(EXPECTED)) {
                    throw new IllegalStateException(by + " made something else of " + CONTENT);
                }
                calls = ++done; // nobody else writes it
            }
        } catch (Exception | Error e) {
            failure = e;
        }
    }

    private static long paced(long due) {
        long now = System.nanoTime();
        while (due > now) {
            LockSupport.parkNanos(due - now);
            now = System.nanoTime();
        }
        return now;
    }

    long calls() {
        return calls;
    }

    /** From now on the time of each call is kept. @param part 0 or 1, to tell them apart; -1: no more */
    void keep(int part) {
        keeping = part;
    }

    /** @throws IllegalStateException if a call has failed */
    void check() {
        if (failure != null) {
            throw new IllegalStateException(thread.getName() + " had a call that failed", failure);
        }
    }

    /** @throws IllegalStateException if a call has failed, or does not come back */
    void stop() throws InterruptedException {
        stop = true;
        thread.join(20_000);
        check();
        if (thread.isAlive()) {
            throw new IllegalStateException(thread.getName() + " does not come back");
        }
    }

    Timeline timeline() {
        return timeline;
    }

    /** When the first message came that this version made. */
    Map<String, Long> switches() {
        return switches;
    }

    List<Long> kept(int part) {
        return kept.get(part);
    }
}
