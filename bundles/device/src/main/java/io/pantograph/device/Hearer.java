package io.pantograph.device;

import io.pantograph.api.listener.DeviceListener;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One listener and what it has not been told yet. */
final class Hearer {

    static final int MOST = 1000;
    private static final int AT_A_TIME = 100;
    private static final Logger log = LoggerFactory.getLogger(Hearer.class);

    static final Consumer<DeviceListener> NOTHING = listener -> { };

    private final Supplier<DeviceListener> source;
    private final Executor teller;
    private final Deque<Consumer<DeviceListener>> waiting = new ArrayDeque<>();
    private DeviceListener listener;
    private boolean telling;
    private boolean closed;
    private long dropped;
    private long failed;

    /** @param source asked once, by the thread that tells */
    Hearer(Supplier<DeviceListener> source, Executor teller) {
        this.source = source;
        this.teller = teller;
    }

    synchronized void tell(Consumer<DeviceListener> news) {
        if (waiting.size() == MOST) {
            waiting.poll();
            if (Milestones.reached(++dropped)) {
                log.warn("listener {} is slow: so far it missed {} of its oldest news", name(), dropped);
            }
        }
        waiting.add(news);
        if (!telling) {
            telling = true;
            submit();
        }
    }

    private void submit() {
        try {
            teller.execute(this::some);
        } catch (RejectedExecutionException e) {
            close(); // the desk is closing
        }
    }

    /** Some, then the others have their turn. */
    private void some() {
        for (int told = 0; told < AT_A_TIME; told++) {
            Consumer<DeviceListener> news = next();
            if (news == null) {
                return;
            }
            try {
                DeviceListener hearing = listener();
                if (hearing != null) {
                    news.accept(hearing);
                }
            } catch (RuntimeException | LinkageError e) {
                if (Milestones.reached(++failed)) {
                    log.warn("listener {} failed, {} times so far: {}", name(), failed, e.toString());
                }
            }
        }
        submit();
    }

    /** Null if its component could not be started, which has been logged by those who tried. */
    private DeviceListener listener() {
        if (listener == null) {
            DeviceListener fetched = source.get();
            synchronized (this) {
                listener = fetched;
            }
        }
        return listener;
    }

    private synchronized Consumer<DeviceListener> next() {
        Consumer<DeviceListener> news = closed ? null : waiting.poll();
        telling = news != null;
        return news;
    }

    /** @return the listener, if it was fetched */
    synchronized DeviceListener close() {
        closed = true;
        waiting.clear();
        return listener;
    }

    private synchronized String name() {
        return listener == null ? "that is still starting" : listener.getClass().getName();
    }
}
