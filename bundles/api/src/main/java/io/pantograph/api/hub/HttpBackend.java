package io.pantograph.api.hub;

import org.osgi.annotation.versioning.ProviderType;

/** The HTTP server behind the hub's front door. It listens on the loopback address only, without TLS, which the door ends. */
@ProviderType
public interface HttpBackend {

    int port();
}
