package io.pantograph.twin;

import io.pantograph.api.twin.Desired;
import io.pantograph.api.twin.DesiredHandler;
import io.pantograph.api.twin.DesiredResult;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** A handler that is here, for what it is here, and how many values it has in hand. */
final class Handler {

    static final Comparator<Handler> ELDER_FIRST =
            Comparator.<Handler>comparingInt(handler -> handler.ranking).reversed().thenComparingLong(handler -> handler.id);

    /** Where the handler itself comes from. */
    interface Source {

        /** @return null if it cannot be had */
        DesiredHandler fetch();

        void giveBack(DesiredHandler handler);
    }

    private static final String ANY = "*";

    private final Source source;
    private final Set<String> properties;
    private final Set<String> components;
    private final Set<String> types;
    private final Set<String> names;
    private final int ranking;
    private final long id;
    private volatile DesiredHandler handler;
    private int running;
    private boolean leaving;

    Handler(Source source, Map<String, Object> service) {
        this.source = source;
        properties = texts(service.get("pantograph.property"));
        components = texts(service.get("pantograph.component"));
        types = texts(service.get("pantograph.device.type"));
        names = texts(service.get("pantograph.device.name"));
        ranking = service.get("service.ranking") instanceof Integer given ? given : 0;
        id = id(service);
    }

    /** {@code service.id} */
    static long id(Map<String, Object> service) {
        return service.get("service.id") instanceof Long given ? given : 0;
    }

    long id() {
        return id;
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

    /** How exactly it is meant for this value; negative if not at all, or not yet. */
    int fit(Desired desired) {
        int byProperty = fit(properties, desired.property());
        int byComponent = fit(components, desired.component().orElse(""));
        int byName = fit(names, desired.device().name());
        int byType = fit(types, desired.device().type());
        return handler == null || byProperty < 0 || byComponent < 0 || byName < 0 || byType < 0 ? -1
                : 8 * byProperty + 4 * byComponent + 2 * byName + byType;
    }

    private static int fit(Set<String> offered, String wanted) {
        return offered.contains(wanted) ? 1 : offered.contains(ANY) ? 0 : -1;
    }

    /** Takes a value in hand; false when it is leaving. */
    synchronized boolean enter() {
        if (leaving) {
            return false;
        }
        running++;
        return true;
    }

    /** Nothing more is given to it. */
    synchronized boolean isLeaving() {
        return leaving;
    }

    synchronized void leave() {
        if (--running == 0) {
            notifyAll();
        }
    }

    /** Fetches it, which for many a component is what starts it. Until then it is given nothing. */
    void prepare() {
        if (enter()) {
            try {
                handler = source.fetch();
            } finally {
                leave();
            }
        }
    }

    CompletionStage<DesiredResult> handle(Desired desired) throws Exception {
        return handler.handle(desired);
    }

    /** Takes no more; waits for what it has in hand. @return whether all finished within the grace */
    boolean drain(Duration grace) {
        boolean finished = await(grace);
        DesiredHandler done = handler;
        if (done != null) {
            source.giveBack(done);
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
        return String.join(", ", properties) + " of " + String.join(", ", types) + '/' + String.join(", ", names);
    }
}
