package io.pantograph.hub;

import io.pantograph.api.hub.Registry;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Values;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Devices for which a gateway speaks and of which we have not heard yet: they are registered on a thread of its own, since that
 * waits for the disk. What the gateway says for them meanwhile is held, in order; after a refusal it is dropped for a while.
 */
final class Newcomers {

    static final int MOST_PENDING = 128;
    static final int MOST_HELD = 100;
    static final Duration REFUSED_FOR = Duration.ofSeconds(10);
    private static final int MOST_KNOWN = 100_000;
    private static final Logger log = LoggerFactory.getLogger(Newcomers.class);

    /** What waits for one device. */
    private static final class Waiting {

        private final Queue<Supplier<CompletionStage<Void>>> held = new ArrayDeque<>();
        private final Consumer<String> refused;

        Waiting(Consumer<String> refused) {
            this.refused = refused;
        }
    }

    private final Registry registry;
    private final Clock clock;
    private final Set<DeviceId> known = ConcurrentHashMap.newKeySet();
    private final Map<DeviceId, Waiting> waiting = new HashMap<>();
    private final Map<DeviceId, Instant> refusedUntil = new HashMap<>();
    private final ExecutorService worker = Executors.newSingleThreadExecutor(work -> new Thread(work, "hub-newcomers"));

    Newcomers(Registry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
    }

    /** Whether the device is registered for sure. Never waits. */
    boolean know(DeviceId device) {
        return known.contains(device);
    }

    void forget(DeviceId device) {
        known.remove(device);
    }

    /**
     * Sees to it that the device is registered, then does this. Never waits.
     *
     * @param by the gateway's client id
     * @param then what to do; completes when it is done
     * @param refused told why not, once for all that were held
     */
    void admit(DeviceId device, DeviceId gateway, String by, Supplier<CompletionStage<Void>> then, Consumer<String> refused) {
        String why = hold(device, gateway, by, then, refused);
        if (why != null) {
            refused.accept(why);
        }
    }

    /** @return why not; null if it is held, or dropped after a refusal that was told already */
    private synchronized String hold(DeviceId device, DeviceId gateway, String by, Supplier<CompletionStage<Void>> then,
            Consumer<String> refused) {
        Instant until = refusedUntil.get(device);
        if (until != null && clock.instant().isBefore(until)) {
            return null;
        }
        refusedUntil.remove(device);
        Waiting place = waiting.get(device);
        if (place == null) {
            if (waiting.size() >= MOST_PENDING) {
                return "more than " + MOST_PENDING + " devices wait to be registered";
            }
            Waiting made = new Waiting(refused);
            place = made;
            waiting.put(device, made);
            worker.execute(() -> settle(device, gateway, by, made));
        }
        if (place.held.size() >= MOST_HELD) {
            return "more than " + MOST_HELD + " messages wait until device " + device + " is registered";
        }
        place.held.add(then);
        return null;
    }

    private void settle(DeviceId device, DeviceId gateway, String by, Waiting place) {
        Optional<String> why;
        try {
            why = register(device, gateway, by);
        } catch (RuntimeException e) {
            log.warn("device {} could not be registered for gateway {}", device, gateway, e);
            why = Optional.of("the registry failed");
        }
        if (why.isPresent()) {
            refuse(device, place, why.get());
        } else {
            release(device, place);
        }
    }

    /** Registers it now, unless it is. @return why not; empty if it is registered */
    Optional<String> register(DeviceId device, DeviceId gateway, String by) {
        if (registry.device(device).isEmpty()) {
            try {
                if (registry.createDevice(device, Optional.empty(), Values.EMPTY, Optional.of(gateway), by).isPresent()) {
                    log.info("device {} was registered, since gateway {} speaks for it", device, gateway);
                }
            } catch (IllegalStateException e) {
                return Optional.of(e.getMessage());
            }
        }
        if (known.size() >= MOST_KNOWN) {
            known.clear();
        }
        return Optional.empty();
    }

    private void refuse(DeviceId device, Waiting place, String why) {
        synchronized (this) {
            waiting.remove(device);
            Instant now = clock.instant();
            refusedUntil.values().removeIf(until -> !now.isBefore(until));
            if (refusedUntil.size() < MOST_KNOWN) {
                refusedUntil.put(device, now.plus(REFUSED_FOR));
            }
        }
        place.refused.accept(why);
    }

    private void release(DeviceId device, Waiting place) {
        while (true) {
            Supplier<CompletionStage<Void>> next;
            synchronized (this) {
                next = place.held.poll();
                if (next == null) {
                    known.add(device); // from here on its messages take the short way, behind all that were held
                    waiting.remove(device);
                    return;
                }
            }
            try {
                next.get().toCompletableFuture().get(5, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException | CompletionException e) {
                log.warn("a message for device {} was lost", device, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    void close() {
        worker.shutdownNow();
    }
}
