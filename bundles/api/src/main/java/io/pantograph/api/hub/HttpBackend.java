package io.pantograph.api.hub;

import org.osgi.annotation.versioning.ProviderType;

/** The HTTP server behind the hub's front door. It listens on the loopback address only, without TLS, which the door ends. */
@ProviderType
public interface HttpBackend {

    int port();

    /**
     * Who is behind a connection that the front door has made to {@link #port()} and has not sent anything on yet. From any thread.
     *
     * @param localPort of the door's end of it
     * @return to be run once when it has ended
     */
    default Runnable guest(int localPort, Remote remote) {
        return () -> {
        };
    }
}
