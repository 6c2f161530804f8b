package io.pantograph.api.hub;

import io.pantograph.api.model.Secret;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Who calls by HTTP. Compares in constant time; may take a while (it checks a hash). */
@ProviderType
public interface Access {

    /** The tenant of this hub. */
    String org();

    /** @param user an API key or a gateway's {@code g/org/type/id}; empty if the secret is wrong */
    Optional<HubIdentity> application(String user, Secret secret);

    /** A device that names itself in the path. @return empty if the token is wrong or there is no such device */
    Optional<HubIdentity> device(io.pantograph.api.model.DeviceId device, Secret token);
}
