package io.pantograph.api.azure;

import io.pantograph.api.model.Values;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** Calls of devices. */
@ProviderType
public interface DirectMethods {

    /**
     * Calls a device and waits for its answer.
     *
     * @param request {@code methodName}, {@code payload}, {@code responseTimeoutInSeconds} (5 to 300, 30 unless told),
     *     {@code connectTimeoutInSeconds} (0 to 300, 0 unless told); out of bounds is brought to the nearest bound
     * @return {@code status} and {@code payload}; fails with {@link AzureException}: ArgumentInvalid, DeviceNotFound, DeviceNotOnline,
     *     GatewayTimeout, MessageTooLarge, DeviceMaximumInflightMethodExceeded
     */
    CompletionStage<Values> invoke(Identity identity, Values request);
}
