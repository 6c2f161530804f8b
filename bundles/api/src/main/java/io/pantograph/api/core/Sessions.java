package io.pantograph.api.core;

import io.pantograph.api.dialect.Profile;
import org.osgi.annotation.versioning.ProviderType;

/** Opens sessions: one for each client id. */
@ProviderType
public interface Sessions {

    /**
     * Begins to connect, drains the lane, and goes on over every cut until it is closed. Commands go to the
     * {@link CommandDispatcher}, news to {@link News}. Returns at once.
     */
    Session open(Profile profile, OutboxLane lane);
}
