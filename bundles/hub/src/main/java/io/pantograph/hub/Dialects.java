package io.pantograph.hub;

import io.pantograph.api.hub.HubDialect;
import io.pantograph.api.hub.HubIdentity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The topic grammars that are installed. While one is exchanged, clients that are connected are served by the old one, which is pure
 * functions, until the new one is there; logins wait outside.
 */
final class Dialects {

    /** A place for one grammar; clients keep the place, not what stands in it. */
    static final class Slot {

        private volatile HubDialect dialect;
        private volatile boolean present;

        HubDialect dialect() {
            return dialect;
        }
    }

    record Match(Slot slot, HubIdentity identity) {
    }

    private final SortedMap<String, Slot> slots = new ConcurrentSkipListMap<>();

    void add(HubDialect dialect, Map<String, Object> properties) {
        Slot slot = slots.computeIfAbsent(name(dialect, properties), name -> new Slot());
        slot.dialect = dialect;
        slot.present = true;
    }

    void remove(HubDialect dialect, Map<String, Object> properties) {
        Slot slot = slots.get(name(dialect, properties));
        if (slot != null && slot.dialect == dialect) {
            slot.present = false;
        }
    }

    private static String name(HubDialect dialect, Map<String, Object> properties) {
        return String.valueOf(properties.getOrDefault("pantograph.dialect.name", dialect.getClass().getName()));
    }

    boolean any() {
        return slots.values().stream().anyMatch(slot -> slot.present);
    }

    /**
     * Whose client id this is.
     *
     * @throws IllegalArgumentException if one of the grammars claims it but finds it malformed
     */
    Optional<Match> identify(String clientId) {
        for (Slot slot : slots.values()) {
            if (slot.present) {
                Optional<HubIdentity> identity = slot.dialect.identify(clientId);
                if (identity.isPresent()) {
                    return Optional.of(new Match(slot, identity.get()));
                }
            }
        }
        return Optional.empty();
    }

    /** All there ever were since the start. */
    List<HubDialect> all() {
        return slots.values().stream().map(Slot::dialect).toList();
    }

    /** The client ids under which this identity may log in. */
    List<String> clientIds(HubIdentity who) {
        return all().stream().flatMap(dialect -> dialect.clientId(who).stream()).toList();
    }

    /** The grammar of messages that come by other ways than MQTT, which say themselves what they are. */
    Optional<HubDialect> main() {
        return slots.values().stream().filter(slot -> slot.present).map(Slot::dialect).findFirst();
    }
}
