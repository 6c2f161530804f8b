package io.pantograph.hub.azure.wire;

import io.pantograph.api.azure.Identity;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import java.time.Clock;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells who comes and goes: the registry, and the events of source {@code deviceConnectionStateEvents}. */
final class Presence {

    private static final Logger log = LoggerFactory.getLogger(Presence.class);

    private final Keep keep;
    private final Clock clock;
    private final AtomicLong sequence;

    Presence(Keep keep, Clock clock) {
        this.keep = keep;
        this.clock = clock;
        sequence = new AtomicLong(clock.millis() << 20); // grows over a restart, too
    }

    void changed(Identity identity, boolean connected) {
        keep.identities().seen(identity, connected);
        Map<String, String> properties = new HashMap<>();
        properties.put("hubName", keep.access().host());
        properties.put("deviceId", identity.device());
        identity.module().ifPresent(module -> properties.put("moduleId", module));
        properties.put("operationTimestamp", clock.instant().toString());
        properties.put("opType", (identity.module().isPresent() ? "module" : "device") + (connected ? "Connected" : "Disconnected"));
        properties.put("iothub-message-schema", "deviceConnectionStateNotification");
        Map<String, String> system = new HashMap<>();
        system.put("content-type", "application/json");
        system.put("content-encoding", "utf-8");
        system.put("iothub-connection-device-id", identity.device());
        identity.module().ifPresent(module -> system.put("iothub-connection-module-id", module));
        Bytes body = keep.json().write(Values.of("sequenceNumber", String.format(Locale.ROOT, "%048X", sequence.incrementAndGet())));
        try {
            keep.events().append(identity, "deviceConnectionStateEvents", system, properties, body);
        } catch (RuntimeException e) {
            log.error("the coming or going of {} is not in the event log", identity, e);
        }
    }
}
