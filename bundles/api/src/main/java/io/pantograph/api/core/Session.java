package io.pantograph.api.core;

import io.pantograph.api.model.DeviceStatus;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** One device's standing conversation with the hub, over however many connections. */
@ProviderType
public interface Session {

    DeviceStatus status();

    /** As {@link io.pantograph.api.device.Device#connected()}. */
    CompletionStage<Void> connected();

    /**
     * Ends the conversation and any retry. What is under way may still be acknowledged for 2 s; the stage completes when the
     * connection is gone. The lane is left as it is.
     */
    CompletionStage<Void> close();
}
