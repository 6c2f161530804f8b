package io.pantograph.api.service;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Where a program that runs a fleet begins: have it injected, then open. Each bundle has a facade of its own: when the bundle stops,
 * what it opened is closed.
 */
@ProviderType
public interface ServiceClients {

    /**
     * Opens a client. Returns at once and connects with the first request, so a wrong key is told there.
     *
     * @throws IllegalArgumentException if an option is wrong, naming it, its value and what would be right; never a secret
     */
    ServiceClient open(ServiceOptions options);
}
