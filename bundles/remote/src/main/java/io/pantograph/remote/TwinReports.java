package io.pantograph.remote;

import io.pantograph.api.device.Device;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.Values;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports of one device how its bundles stand, at most once a second and only what has changed. Only for the thread of its steps.
 */
final class TwinReports {

    static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Logger log = LoggerFactory.getLogger(TwinReports.class);

    private final Device device;
    private final Supplier<Map<String, Values>> present;
    private final ScheduledExecutorService steps;
    private final Map<String, Values> reported = new HashMap<>();
    /** Reported by who was here before us, and not looked after yet. */
    private final Set<String> stale = new HashSet<>();
    private boolean open;
    private boolean waiting;
    private boolean dirty;
    private String complained = "";

    TwinReports(Device device, Supplier<Map<String, Values>> present, ScheduledExecutorService steps) {
        this.device = device;
        this.present = present;
        this.steps = steps;
    }

    /** What the hub has of earlier times is known: begin. @param keys of the bundles reported then */
    void open(Set<String> keys) {
        open = true;
        stale.addAll(keys);
        changed();
    }

    void changed() {
        dirty = true;
        if (open && !waiting) {
            report();
        }
    }

    private void report() {
        dirty = false;
        Map<String, Values> now = present.get();
        Values.Builder patch = Values.builder();
        now.forEach((key, value) -> {
            if (!value.equals(reported.get(key))) {
                patch.put(key, value);
            }
        });
        stale.addAll(reported.keySet());
        stale.removeAll(now.keySet());
        stale.forEach(key -> patch.put(key, null));
        stale.clear();
        reported.clear();
        reported.putAll(now);
        Values changes = patch.build();
        if (changes.isEmpty()) {
            return;
        }
        waiting = true;
        later(PAUSE, this::again);
        device.report(Values.of("bundles", changes)).whenComplete((done, failure) -> {
            if (failure != null) {
                later(Duration.ZERO, () -> failed(changes.keySet(), failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure));
            }
        });
    }

    private void again() {
        waiting = false;
        if (dirty) {
            report();
        }
    }

    /** The next change tells it again. */
    private void failed(Set<String> keys, Throwable why) {
        keys.forEach(key -> {
            if (reported.remove(key) == null) {
                stale.add(key);
            }
        });
        if (why instanceof DeliveryException refused && (refused.reason() == DeliveryException.Reason.UNSUPPORTED
                || refused.reason() == DeliveryException.Reason.CLOSED)) {
            open = false;
        }
        String said = String.valueOf(why.getMessage());
        if (!said.equals(complained)) {
            complained = said;
            log.warn("how the bundles stand could not be reported of {}: {}", device.id(), said);
        }
    }

    private void later(Duration pause, Runnable step) {
        try {
            steps.schedule(step, pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            open = false; // the room is closing
        }
    }
}
