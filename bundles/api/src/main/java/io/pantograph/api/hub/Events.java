package io.pantograph.api.hub;

import io.pantograph.api.listener.HubMessage;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeviceId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** What passed through the hub: the way in for what comes by HTTP, and what is remembered. From any thread. */
@ProviderType
public interface Events {

    /** One line of a device's connection log. */
    record LogLine(Instant time, String message) {
    }

    /** Takes a message as if the client had sent it by MQTT. @return empty if taken, otherwise why not, one sentence */
    Optional<String> accept(HubIdentity from, HubMessage.Direction direction, DeviceId device, String name, String format, Bytes payload);

    /** The last event of each name, newest first, if the cache is on. */
    List<HubMessage> last(DeviceId device);

    Optional<HubMessage> last(DeviceId device, String event);

    /** Whether the last event cache is on. */
    boolean caching();

    /** For how many days an event is remembered. */
    int cacheDays();

    void caching(boolean on, int days);

    /** A device's connection log, newest first. */
    List<LogLine> connectionLog(DeviceId device, int limit);
}
