package io.pantograph.api.twin;

import io.pantograph.api.model.DeviceId;
import java.util.Objects;
import java.util.Optional;

/**
 * A value that the hub's side wants a device to have: a writable property.
 *
 * @param component the part of the device it is about; empty: the device as a whole
 * @param value plain data as {@link io.pantograph.api.model.Content} has it; {@code null}: it is wanted no longer
 * @param version of the desired values in which it came
 */
public record Desired(DeviceId device, Optional<String> component, String property, Object value, long version) {

    public Desired {
        Objects.requireNonNull(device);
        Objects.requireNonNull(component);
        Objects.requireNonNull(property);
    }
}
