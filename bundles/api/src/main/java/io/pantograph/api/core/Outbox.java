package io.pantograph.api.core;

import io.pantograph.api.model.DeviceId;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Telemetry that is accepted but not yet acknowledged. Bounded by number and by bytes per device; the policy when it is full is to
 * refuse the newest (OVERFLOW), since what was accepted is promised.
 */
@ProviderType
public interface Outbox {

    /** The lane of this device: its readings in order. Asking again gives the same lane until it is closed. */
    OutboxLane lane(DeviceId device);
}
