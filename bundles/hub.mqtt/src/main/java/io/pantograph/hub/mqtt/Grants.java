package io.pantograph.hub.mqtt;

import com.hivemq.mqtt.message.reason.Mqtt5SubAckReasonCode;
import io.pantograph.api.hub.FilterVerdict;
import io.pantograph.api.hub.HubRules;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Filters that the rules allowed and HiveMQ is about to grant: the rules hear of each when its acknowledgement goes out. HiveMQ looks at one
 * such packet of a client at a time, so there are never many.
 */
final class Grants {

    private static final Logger LOG = LoggerFactory.getLogger(Grants.class);

    private final Peer peer;
    /** By packet id; in the order of the packet, empty for a filter that was refused. */
    private final Map<Integer, List<Optional<FilterVerdict.Use>>> wanted = new ConcurrentHashMap<>();
    private final Map<Integer, List<String>> unwanted = new ConcurrentHashMap<>();

    Grants(Peer peer) {
        this.peer = peer;
    }

    void subscribes(int packet, List<Optional<FilterVerdict.Use>> filters) {
        wanted.put(packet, List.copyOf(filters));
    }

    void unsubscribes(int packet, List<String> filters) {
        unwanted.put(packet, List.copyOf(filters));
    }

    /** SUBACK goes out. */
    void granted(int packet, List<Mqtt5SubAckReasonCode> codes) {
        List<Optional<FilterVerdict.Use>> filters = Optional.ofNullable(wanted.remove(packet)).orElse(List.of());
        for (int i = 0; i < Math.min(filters.size(), codes.size()); i++) {
            if (filters.get(i).isPresent() && codes.get(i).getCode() < 0x80) {
                FilterVerdict.Use use = filters.get(i).get();
                tell(host -> host.subscribed(peer.client(), use.filter(), use.qos()));
            }
        }
    }

    /** UNSUBACK goes out. */
    void released(int packet) {
        Optional.ofNullable(unwanted.remove(packet)).orElse(List.of()).forEach(filter -> tell(host -> host.unsubscribed(peer.client(), filter)));
    }

    private void tell(Consumer<HubRules> what) {
        try {
            what.accept(peer.host());
        } catch (RuntimeException | LinkageError e) {
            LOG.error("the rules failed on a subscription of {}", peer.client().clientId(), e);
        }
    }
}
