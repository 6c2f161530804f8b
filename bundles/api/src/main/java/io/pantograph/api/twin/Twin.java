package io.pantograph.api.twin;

import io.pantograph.api.model.Values;
import java.util.Objects;

/**
 * What the hub wants a device to be, and what the device last said it is, as the hub has it.
 *
 * @param desiredVersion grows with every change of the desired values
 * @param reportedVersion grows with every report
 */
public record Twin(Values desired, long desiredVersion, Values reported, long reportedVersion) {

    public Twin {
        Objects.requireNonNull(desired);
        Objects.requireNonNull(reported);
    }
}
