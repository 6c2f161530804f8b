package io.pantograph.hub.azure;

import io.pantograph.api.azure.AzureListener;
import io.pantograph.api.azure.CloudMessages;
import io.pantograph.api.azure.EventLog;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.hub.Json;
import io.pantograph.api.model.Values;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the other rooms what changed. What goes wrong there undoes nothing here. */
final class Telling {

    private static final Logger log = LoggerFactory.getLogger(Telling.class);

    private final List<AzureListener> listeners = new CopyOnWriteArrayList<>();
    private final List<EventLog> logs = new CopyOnWriteArrayList<>();
    private final List<CloudMessages> queues = new CopyOnWriteArrayList<>();
    private final String hub;
    private final Json json;
    private final Clock clock;

    Telling(String hub, Json json, Clock clock) {
        this.hub = hub;
        this.json = json;
        this.clock = clock;
    }

    List<AzureListener> listeners() {
        return listeners;
    }

    List<EventLog> logs() {
        return logs;
    }

    List<CloudMessages> queues() {
        return queues;
    }

    void each(Consumer<AzureListener> what) {
        each(listeners, what);
    }

    /** @param operation such as {@code createDeviceIdentity} */
    void lifecycle(Identity identity, String operation, Values twin) {
        event(identity, "deviceLifecycleEvents", "deviceLifecycleNotification", operation, twin);
    }

    /** @param operation {@code updateTwin} or {@code replaceTwin} */
    void twinChange(Identity identity, String operation, Values change) {
        event(identity, "twinChangeEvents", "twinChangeNotification", operation, change);
    }

    private void event(Identity identity, String source, String schema, String operation, Values body) {
        if (logs.isEmpty()) {
            return;
        }
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("hubName", hub);
        properties.put("deviceId", identity.device());
        identity.module().ifPresent(module -> properties.put("moduleId", module));
        properties.put("operationTimestamp", Times.text(clock.millis()));
        properties.put("iothub-message-schema", schema);
        properties.put("opType", operation);
        each(logs, events -> events.append(identity, source, Map.of("content-type", "application/json", "content-encoding", "utf-8"), properties,
                json.write(body)));
    }

    /** How many messages wait for it. */
    int waiting(Identity identity) {
        int[] waiting = new int[1];
        each(queues, queue -> waiting[0] += queue.count(identity));
        return waiting[0];
    }

    /** How many messages wait for each; for whom none do, 0. */
    ToIntFunction<Identity> waiting() {
        Map<Identity, Integer> all = new HashMap<>();
        each(queues, queue -> queue.counts().forEach((identity, count) -> all.merge(identity, count, Integer::sum)));
        return identity -> all.getOrDefault(identity, 0);
    }

    // Listeners are services of any bundle, and a bundle may be half gone.
    private static <T> void each(List<T> all, Consumer<T> what) {
        for (T one : all) {
            try {
                what.accept(one);
            } catch (RuntimeException | LinkageError e) {
                log.warn("{} failed with what it was told", one.getClass().getName(), e);
            }
        }
    }
}
