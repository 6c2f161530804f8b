package io.pantograph.api.service;

import org.osgi.annotation.versioning.ProviderType;

/** A listener's place at a hub. */
@ProviderType
public interface EventWatch extends AutoCloseable {

    /** Ends it; returns at once. A call of the listener that is under way ends by itself. */
    @Override
    void close();
}
