package io.pantograph.api.hub;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/** A cloud's topic grammar, the hub's half, as pure functions: no I/O, no thread, no clock, no memory. */
@ConsumerType
public interface HubDialect {

    /**
     * Who this client id is; empty if it is not of this cloud at all.
     *
     * @throws IllegalArgumentException if it is of this cloud but malformed, with what is wrong
     */
    Optional<HubIdentity> identify(String clientId);

    /** What this client means by publishing to this topic. */
    HubTopic read(HubIdentity who, String topic);

    /** The filter to use for the filter this client asks for. */
    FilterVerdict filter(HubIdentity who, String filter, io.pantograph.api.model.Qos qos);

    /** A topic inside the hub as this client is to see it. */
    String deliver(HubIdentity who, String topic);

    /** The topic inside the hub of an event or command that this client sends, for what comes by HTTP. */
    String topic(HubIdentity who, HubTopic.Message message);

    /** The client id under which this identity logs in: the way back from {@link #identify}. Empty if it has no fixed one. */
    Optional<String> clientId(HubIdentity who);

    /** The one other device that this gateway's filter is about; empty if it names none, or several by a wildcard. */
    Optional<io.pantograph.api.model.DeviceId> subject(HubIdentity gateway, String filter);

    /** Where it is told that this client came or went. */
    String presenceTopic(HubIdentity who);

    /** Where a gateway is told that something it did for another device failed. */
    String notifyTopic(HubIdentity gateway);
}
