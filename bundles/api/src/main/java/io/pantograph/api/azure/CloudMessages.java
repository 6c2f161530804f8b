package io.pantograph.api.azure;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The queues of cloud-to-device messages: at most 50 wait for a device, 64 KiB each, for 1 h unless told, 10 deliveries. On disk when a
 * call returns or its stage completes. From any thread.
 */
@ProviderType
public interface CloudMessages {

    /** @return with its number; a message id is made if there is none */
    CloudMessage send(Identity to, Map<String, String> system, Map<String, String> properties, Bytes body) throws AzureException;

    /**
     * The first that is not locked, in order; it is then locked for a minute and its delivery counted. Empty if there is none. Those whose
     * time is over or that were delivered too often go to the dead letters on the way. When a lock ends by itself, {@link AzureListener#waiting}
     * is told.
     */
    Optional<CloudMessage> take(Identity to);

    /** The device has it. */
    CompletionStage<Void> complete(CloudMessage message);

    /** It could not be handed over: is the next again. */
    CompletionStage<Void> abandon(CloudMessage message);

    int count(Identity to);

    /** How many wait, for whom any wait: instead of asking for many one by one. */
    Map<Identity, Integer> counts();

    /** Drops all that wait. @return how many */
    int purge(Identity to);

    /**
     * The oldest feedback records, at most 64, locked for a minute; in the shape of {@code application/vnd.microsoft.iothub.feedback.json}.
     * @return empty if there are none
     */
    Optional<Feedback> feedback();

    /** @param lock that {@link #feedback} gave. @return false if it is not known any more */
    boolean settle(String lock, boolean done);

    record Feedback(String lock, List<Values> records) {
    }
}
