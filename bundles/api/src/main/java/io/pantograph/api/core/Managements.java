package io.pantograph.api.core;

import io.pantograph.api.model.DeviceId;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Those of the gateway's devices that their cloud may manage. */
@ProviderType
public interface Managements {

    /** The management of this device; empty: it is not managed, and nothing of it is subscribed. Asking again gives the same. */
    Optional<DeviceManagement> of(DeviceId device);
}
