package io.pantograph.handlers;

import io.pantograph.api.model.DeviceId;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** A handler that is here, for what it is here, and how much it has in hand. */
public final class Handler<T> {

    static final Comparator<Handler<?>> ELDER_FIRST =
            Comparator.<Handler<?>>comparingInt(handler -> handler.ranking).reversed().thenComparingLong(handler -> handler.id);

    private static final String ANY = "*";

    private final Supplier<T> source;
    private final Consumer<T> back;
    private final List<Set<String>> offers;
    private final Set<String> names;
    private final Set<String> types;
    private final int ranking;
    private final long id;
    private final long bundle;
    private final Tally tally;
    private volatile T handler;
    private volatile boolean retired;
    private int running;
    private boolean leaving;

    /** @param keys of the properties that say what it is for, beside those of the device; the weightiest first */
    Handler(Supplier<T> source, Consumer<T> back, Map<String, Object> properties, List<String> keys, Tally tally) {
        this.tally = tally;
        this.source = source;
        this.back = back;
        offers = keys.stream().map(key -> texts(properties.get(key))).toList();
        names = texts(properties.get("pantograph.device.name"));
        types = texts(properties.get("pantograph.device.type"));
        ranking = properties.get("service.ranking") instanceof Integer given ? given : 0;
        id = id(properties);
        bundle = bundle(properties);
    }

    static long bundle(Map<String, Object> properties) {
        return properties.get("service.bundleid") instanceof Long given ? given : -1;
    }

    static long id(Map<String, Object> properties) {
        return properties.get("service.id") instanceof Long given ? given : 0;
    }

    long id() {
        return id;
    }

    long bundle() {
        return bundle;
    }

    /** Whether it is passed over for the time being. */
    boolean isRetired() {
        return retired;
    }

    synchronized void retire(boolean now) {
        retired = now;
    }

    synchronized boolean isIdle() {
        return running == 0;
    }

    /** It has done something that it was given. @param nanos how long that took */
    public void did(long nanos, boolean failed) {
        tally.count(nanos, failed);
    }

    private static Set<String> texts(Object property) {
        if (property instanceof String text) {
            return Set.of(text);
        }
        if (property instanceof String[] texts && texts.length > 0) {
            return Set.copyOf(List.of(texts));
        }
        if (property instanceof Collection<?> texts && !texts.isEmpty()) {
            return texts.stream().map(String::valueOf).collect(Collectors.toUnmodifiableSet());
        }
        return Set.of(ANY);
    }

    /** How exactly it is meant for this, every property weightier than all that follow; negative if not at all. */
    int fit(DeviceId device, String[] wanted) {
        int fit = 0;
        for (int i = 0; i < wanted.length && fit >= 0; i++) {
            fit = fit(fit, offers.get(i), wanted[i]);
        }
        return fit(fit(fit, names, device.name()), types, device.type());
    }

    private static int fit(int before, Set<String> offered, String wanted) {
        if (before < 0) {
            return before;
        }
        return offered.contains(wanted) ? 2 * before + 1 : offered.contains(ANY) ? 2 * before : -1;
    }

    /** Takes something in hand; false when it is leaving. */
    synchronized boolean enter() {
        return !retired && hold();
    }

    private synchronized boolean hold() {
        if (leaving) {
            return false;
        }
        running++;
        return true;
    }

    /** Whoever entered it is done. */
    public void leave() {
        boolean idle;
        synchronized (this) {
            idle = --running == 0;
            if (idle) {
                notifyAll();
            }
        }
        if (idle && retired) {
            tally.idle();
        }
    }

    /** Nothing more is given to it. */
    public synchronized boolean isLeaving() {
        return leaving || retired;
    }

    boolean isFetched() {
        return handler != null;
    }

    /** Fetches it before it is first needed: for many a component this is what starts it. May take as long as that does. */
    public void prepare() {
        if (hold()) {
            try {
                fetch();
            } finally {
                leave();
            }
        }
    }

    /**
     * The handler itself, for who has entered it.
     *
     * @throws IllegalStateException if it cannot be had
     */
    public T service() {
        T found = fetch();
        if (found == null) {
            throw new IllegalStateException("its component could not be started");
        }
        return found;
    }

    private T fetch() {
        T found = handler;
        if (found == null) {
            found = source.get();
            synchronized (this) {
                if (handler == null) {
                    handler = found;
                    return found;
                }
            }
            if (found != null) {
                back.accept(found); // somebody was faster
            }
        }
        return handler;
    }

    /** Takes no more; waits for what it has in hand. @return whether all finished within the grace */
    boolean drain(Duration grace) {
        boolean finished = await(grace);
        T done = handler;
        if (done != null) {
            handler = null; // its bundle goes, and we may be remembered for longer
            back.accept(done);
        }
        return finished;
    }

    private synchronized boolean await(Duration grace) {
        leaving = true;
        long end = System.nanoTime() + grace.toNanos();
        try {
            for (long left = grace.toMillis(); running > 0 && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return running == 0;
    }

    @Override
    public String toString() {
        return String.join(", ", offers.get(0)) + " of " + String.join(", ", types) + '/' + String.join(", ", names);
    }
}
