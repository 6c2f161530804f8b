package io.pantograph.api.core;

import io.pantograph.api.model.DeviceId;
import org.osgi.annotation.versioning.ProviderType;

/** The last known state of each device's twin, on the device's side. */
@ProviderType
public interface Twins {

    /** The twin of this device. Asking again gives the same until it is closed. */
    DeviceTwin of(DeviceId device);
}
