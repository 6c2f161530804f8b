package io.pantograph.handlers;

import io.pantograph.api.model.DeviceId;
import io.pantograph.api.operator.Evidence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All handlers of one kind that are here; chooses when asked. A handler says by its service properties what it is for, each one text
 * or more; one that it does not have, or {@code *}, is for all. To {@code pantograph.device.name} and
 * {@code pantograph.device.type}, in this order, come those of its kind, which weigh more.
 */
public final class Handlers<T> {

    private static final Logger log = LoggerFactory.getLogger(Handlers.class);

    private final String kind;
    private final boolean fetchedOnly;
    private final Duration grace;
    private final List<String> keys;
    /** The elder first. */
    private volatile List<Handler<T>> present = List.of();
    /** Of each bundle that has handlers here; under the lock of this object, as is the rest. */
    private final Map<Long, Tally> tallies = new HashMap<>();
    private final Map<Long, CompletableFuture<Void>> retired = new HashMap<>();

    /**
     * @param kind for the log, with a blank at its end, or empty
     * @param fetchedOnly whether nothing is given to a handler before it is {@link Handler#prepare prepared}
     * @param grace so long a handler that goes may finish what it has in hand
     * @param keys of the kind's own properties, the weightiest first
     */
    public Handlers(String kind, boolean fetchedOnly, Duration grace, String... keys) {
        this.kind = kind;
        this.fetchedOnly = fetchedOnly;
        this.grace = grace;
        this.keys = List.of(keys);
    }

    /**
     * A handler came. Does not fetch it; whoever adds it has it {@link Handler#prepare prepared} on a thread that may wait.
     *
     * @param source gives the handler itself, or null if it cannot be had
     * @param back takes it when it is done with
     */
    public Handler<T> add(Supplier<T> source, Consumer<T> back, Map<String, Object> properties) {
        long bundle = Handler.bundle(properties);
        Handler<T> added;
        synchronized (this) {
            added = new Handler<>(source, back, properties, keys, tallies.computeIfAbsent(bundle, id -> new Tally(() -> idle(id))));
            added.retire(retired.containsKey(bundle));
            List<Handler<T>> more = new ArrayList<>(present);
            more.add(added);
            more.sort(Handler.ELDER_FIRST);
            present = List.copyOf(more);
        }
        log.info("handler for {}{} came", kind, added);
        return added;
    }

    /**
     * From here on nothing is given to it; returns when it has finished what it has in hand, at the latest after the grace.
     *
     * @param properties with the {@code service.id} with which it came
     */
    public void remove(Map<String, Object> properties) {
        for (Handler<T> leaving : take(Handler.id(properties))) {
            boolean finished = leaving.drain(grace);
            log.info("handler for {}{} went{}", kind, leaving, finished ? "" : ", before it had finished what it had in hand");
        }
    }

    private List<Handler<T>> take(long id) {
        List<Handler<T>> taken;
        synchronized (this) {
            List<Handler<T>> all = present;
            present = all.stream().filter(one -> one.id() != id).toList();
            taken = all.stream().filter(one -> one.id() == id).toList();
            for (Handler<T> one : taken) {
                if (present.stream().noneMatch(other -> other.bundle() == one.bundle())) {
                    tallies.remove(one.bundle());
                }
            }
        }
        taken.forEach(one -> idle(one.bundle()));
        return taken;
    }

    /** By bundle, what its handlers have done. */
    public synchronized Map<Long, Evidence> work() {
        Map<Long, Evidence> work = new HashMap<>();
        tallies.forEach((bundle, tally) -> work.put(bundle, tally.evidence()));
        return work;
    }

    /** Passes this bundle's handlers over from now on. @return completes when they have nothing in hand */
    public CompletionStage<Void> retire(long bundle) {
        CompletableFuture<Void> idle;
        synchronized (this) {
            idle = retired.computeIfAbsent(bundle, id -> new CompletableFuture<>());
            present.stream().filter(one -> one.bundle() == bundle).forEach(one -> one.retire(true));
        }
        idle(bundle);
        return idle.minimalCompletionStage();
    }

    /** Gives this bundle's handlers work again. */
    public synchronized void restore(long bundle) {
        retired.remove(bundle);
        present.stream().filter(one -> one.bundle() == bundle).forEach(one -> one.retire(false));
    }

    private void idle(long bundle) {
        CompletableFuture<Void> waiting;
        synchronized (this) {
            waiting = retired.get(bundle);
            if (waiting == null || present.stream().anyMatch(one -> one.bundle() == bundle && !one.isIdle())) {
                return;
            }
        }
        waiting.complete(null);
    }

    /** Whether there is any for this. */
    public boolean present(DeviceId device, String... wanted) {
        for (Handler<T> handler : present) {
            if (!handler.isRetired() && fit(handler, device, wanted) >= 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * The most exact for this, entered: whoever asks must {@link Handler#leave()} it. Among equals the higher ranked, then the older.
     *
     * @param wanted for each of the kind's own properties
     * @return null if there is none
     */
    public Handler<T> enterBest(DeviceId device, String... wanted) {
        while (true) {
            Handler<T> best = null;
            int bestFit = -1;
            for (Handler<T> handler : present) {
                int fit = handler.isRetired() ? -1 : fit(handler, device, wanted);
                if (fit > bestFit) { // among equals the first
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

    private int fit(Handler<T> handler, DeviceId device, String[] wanted) {
        return fetchedOnly && !handler.isFetched() ? -1 : handler.fit(device, wanted);
    }
}
