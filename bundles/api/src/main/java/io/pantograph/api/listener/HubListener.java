package io.pantograph.api.listener;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Is told what passes through the local hub. Register it as a service.
 *
 * <p>Called on one thread, in the order of each device's messages, so keep it short; what it throws is logged and changes
 * nothing. One that is slow loses the oldest news beyond 10,000 waiting, and that is counted and logged; the hub's own work never waits.
 */
@ConsumerType
public interface HubListener {

    default void message(HubMessage message) {
    }

    default void presence(HubPresence presence) {
    }
}
