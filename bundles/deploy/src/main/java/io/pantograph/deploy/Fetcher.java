package io.pantograph.deploy;

import io.pantograph.api.core.Settings;
import io.pantograph.api.hub.HubEndpoints;
import io.pantograph.api.operator.RefusedException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Fetches jars from the configured hub: {@code pantograph.gateway.host}, or the hub in the same box; from nobody else, and over TLS only.
 * From any thread.
 */
final class Fetcher {

    private final Settings settings;
    private final Supplier<Optional<HubEndpoints>> hub;
    private final Artifacts artifacts;

    /** @param hub the one in this box, if there is one by now */
    Fetcher(Settings settings, Supplier<Optional<HubEndpoints>> hub, Artifacts artifacts) {
        this.settings = settings;
        this.hub = hub;
        this.artifacts = artifacts;
    }

    /** @throws RefusedException if nothing is fetched from there; said without asking the network */
    void check(URI url) throws RefusedException {
        throw new RefusedException("nothing is fetched yet; hand the jar in");
    }

    /**
     * Fetches it into the artifacts, unless it is there. Blocks; goes on where it was cut off, again and again, for as long as this; what has
     * come so far is kept for another call.
     *
     * @throws RefusedException if it comes from elsewhere, has another hash, is too large or no whole jar, or did not come in time
     */
    void fetch(URI url, String sha256, Duration within) throws RefusedException, IOException, InterruptedException {
        if (!artifacts.has(sha256)) {
            check(url);
        }
    }
}
