package io.pantograph.api.device;

import io.pantograph.api.model.DeviceId;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Where a device developer begins: have it injected, then attach or connect.
 *
 * <p>Each bundle has a facade of its own: when the bundle stops, what it connected is closed and what it attached is let go.
 */
@ProviderType
public interface Gateway {

    /**
     * The device that the operator configured, by ConfigAdmin or by a file in {@code HOME/conf/devices/}. Returns at once, also
     * when that configuration is still to come: what is published until then waits in the device's outbox.
     *
     * <p>Asking twice gives the same device.
     */
    Device attach(DeviceId device);

    /**
     * Connects a device with these options. Returns at once; see {@link Device#connected()}.
     *
     * @throws IllegalArgumentException if an option is missing, unknown or wrong, naming it, its value and what would be right
     * @throws IllegalStateException if that device is configured or connected already, or if the dialect is not installed. A
     *     component that connects in its constructor refers to the {@link io.pantograph.api.dialect.Dialect} it needs, by
     *     {@code (pantograph.dialect.name=...)}, so that it starts after it
     */
    Device connect(DeviceOptions options);
}
