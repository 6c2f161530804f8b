package io.pantograph.hub.azure.wire;

import io.pantograph.api.hub.Departure;
import io.pantograph.api.hub.FilterVerdict;
import io.pantograph.api.hub.HubClient;
import io.pantograph.api.hub.Publication;
import io.pantograph.api.hub.PublishVerdict;
import io.pantograph.api.model.Qos;

/** One connection that has logged in, and what its packets mean. Threads as {@link io.pantograph.api.hub.HubRules} says. */
interface Party extends HubClient {

    /** The rules keep what a session of this cloud is. */
    @Override
    default boolean kept() {
        return false;
    }

    void connected();

    void disconnected(Departure departure);

    FilterVerdict filter(String filter, Qos qos);

    void subscribed(String filter, Qos qos);

    void unsubscribed(String filter);

    PublishVerdict publish(Publication publication);
}
