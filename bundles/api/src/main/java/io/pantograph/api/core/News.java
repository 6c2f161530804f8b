package io.pantograph.api.core;

import io.pantograph.api.model.Condition;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.DeviceStatus;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Where our rooms say what happened: it is logged once, counted, and told to every
 * {@link io.pantograph.api.listener.DeviceListener}. Returns at once, from any thread.
 */
@ProviderType
public interface News {

    void status(DeviceId device, DeviceStatus status);

    void condition(Condition condition);

    /** How many conditions of this kind there were since the start. */
    long count(Condition.Kind kind);
}
