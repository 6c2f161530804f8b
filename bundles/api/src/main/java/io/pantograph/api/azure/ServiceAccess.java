package io.pantograph.api.azure;

import io.pantograph.api.model.Secret;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The hub's own name and its shared access policies {@code iothubowner, service, device, registryRead, registryReadWrite}, whose keys
 * lie in {@code HOME/hub/credentials/azure.properties}.
 */
@ProviderType
public interface ServiceAccess {

    /** A shared access policy. @param primary its key in base64 */
    record Policy(String name, Set<Right> rights, Secret primary) {
    }

    /** Setting {@code pantograph.hub.azure.host}. */
    String host();

    Optional<Policy> policy(String name);

    /**
     * Checks the header {@code Authorization} of an HTTP request: the signature, its time, its policy, and that its resource is the hub
     * or a part that holds this path. The hub's name is {@link #host} or the one the client really used.
     *
     * @param usedHost of the request's Host header, port and all; empty if there was none
     * @throws AzureException IotHubUnauthorized if it proves nothing; IotHubUnauthorizedAccess if the policy lacks the right
     */
    void check(Optional<String> authorization, Optional<String> usedHost, String path, Right right) throws AzureException;
}
