package io.pantograph.hub;

import io.pantograph.api.listener.HubListener;
import io.pantograph.api.listener.HubMessage;
import io.pantograph.api.listener.HubPresence;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the hub's news to all who registered a listener: each has its own queue and thread, so none waits for another. */
final class Listeners {

    private static final Logger log = LoggerFactory.getLogger(Listeners.class);
    private static final int MOST_WAITING = 10_000;
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final List<Lane> lanes = new CopyOnWriteArrayList<>();

    void add(HubListener listener) {
        lanes.add(new Lane(listener));
    }

    void remove(HubListener listener) {
        for (Lane lane : lanes) {
            if (lane.listener == listener) {
                lanes.remove(lane);
                lane.end();
            }
        }
    }

    boolean any() {
        return !lanes.isEmpty();
    }

    void message(HubMessage message) {
        tell(listener -> listener.message(message));
    }

    void presence(HubPresence presence) {
        tell(listener -> listener.presence(presence));
    }

    private void tell(Consumer<HubListener> news) {
        for (Iterator<Lane> each = lanes.iterator(); each.hasNext();) {
            each.next().add(news);
        }
    }

    void close() {
        lanes.forEach(Lane::end);
        lanes.clear();
    }

    /** One listener's queue. Full, it loses the oldest. */
    private static final class Lane {

        private final HubListener listener;
        private final ArrayDeque<Consumer<HubListener>> waiting = new ArrayDeque<>();
        private long lost;
        private long quietUntil = System.nanoTime();
        private boolean ended;

        Lane(HubListener listener) {
            this.listener = listener;
            Thread thread = new Thread(this::serve, "hub-listener");
            thread.setDaemon(true);
            thread.start();
        }

        synchronized void add(Consumer<HubListener> news) {
            if (waiting.size() >= MOST_WAITING) {
                waiting.removeFirst();
                lost++;
            }
            waiting.addLast(news);
            if (waiting.size() == 1) {
                notifyAll();
            }
        }

        synchronized void end() {
            ended = true;
            waiting.clear();
            notifyAll();
        }

        private void serve() {
            for (Consumer<HubListener> news = next(); news != null; news = next()) {
                try {
                    news.accept(listener);
                } catch (RuntimeException | LinkageError e) {
                    log.warn("hub listener {} failed", listener.getClass().getName(), e);
                }
            }
        }

        private synchronized Consumer<HubListener> next() {
            try {
                while (waiting.isEmpty() && !ended) {
                    wait();
                }
            } catch (InterruptedException e) {
                return null;
            }
            if (lost > 0 && System.nanoTime() - quietUntil >= 0) {
                log.warn("hub listener {} is slow: {} of its news were lost", listener.getClass().getName(), lost);
                lost = 0;
                quietUntil = System.nanoTime() + QUIET_NANOS;
            }
            return waiting.pollFirst();
        }
    }
}
