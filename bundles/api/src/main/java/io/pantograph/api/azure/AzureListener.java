package io.pantograph.api.azure;

import io.pantograph.api.model.Values;
import org.osgi.annotation.versioning.ConsumerType;

/** Is told what changed. Register it as a service. Called on the thread that made the change, for one identity in order; must be quick. */
@ConsumerType
public interface AzureListener {

    /** The service changed desired properties. @param patch as the service sent it, nulls kept, without version */
    default void desired(Identity identity, Values patch, long version) {
    }

    /** The service replaced desired properties. @param all of them. A device is told the patch that leads there, nulls for what is gone */
    default void replaced(Identity identity, Values patch, Values all, long version) {
        desired(identity, patch, version);
    }

    /** Deleted, disabled, or its keys were changed: a connection it has must end. @param reason one sentence */
    default void ended(Identity identity, boolean deleted, String reason) {
    }

    /** A cloud-to-device message waits. */
    default void waiting(Identity identity) {
    }
}
