package io.pantograph.api.hub;

import io.pantograph.api.model.DeviceId;
import java.util.Objects;
import java.util.Optional;

/**
 * Who a client says it is, read from its client id.
 *
 * @param org the tenant
 * @param device of devices and gateways
 * @param application of applications
 * @param instance of a shared application's member, if it names one
 */
public record HubIdentity(Kind kind, String org, Optional<DeviceId> device, Optional<String> application, Optional<String> instance) {

    public enum Kind { DEVICE, GATEWAY, APPLICATION, SHARED_APPLICATION }

    public HubIdentity {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(org);
    }
}
