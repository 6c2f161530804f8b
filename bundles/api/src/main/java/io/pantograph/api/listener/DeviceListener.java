package io.pantograph.api.listener;

import io.pantograph.api.model.Condition;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.DeviceStatus;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Is told how connections stand and what went wrong with single messages. Register it as a service; it then hears of all
 * devices of this gateway.
 *
 * <p>Called on one thread, one call after the other, so keep it short; what it throws is logged and changes nothing. A listener
 * that comes late is told the present status of each device first. One that is slow loses the oldest news beyond 1,000 waiting,
 * and that is counted and logged.
 */
@ConsumerType
public interface DeviceListener {

    default void status(DeviceId device, DeviceStatus status) {
    }

    default void condition(Condition condition) {
    }
}
