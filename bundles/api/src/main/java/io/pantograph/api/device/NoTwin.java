package io.pantograph.api.device;

import io.pantograph.api.model.DeliveryException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What a device without a twin says. */
final class NoTwin {

    private NoTwin() {
    }

    static <T> CompletionStage<T> stage() {
        return CompletableFuture.failedStage(new DeliveryException(DeliveryException.Reason.UNSUPPORTED, "this device has no twin"));
    }
}
