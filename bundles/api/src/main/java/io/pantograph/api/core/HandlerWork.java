package io.pantograph.api.core;

import io.pantograph.api.operator.Evidence;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What the handlers of each bundle have done, and how they are exchanged, as the room has it that gives them work. Several rooms have one; each
 * is a service. From any thread.
 */
@ProviderType
public interface HandlerWork {

    /**
     * By the id of the bundle that registered the handlers; only calls, errors and latency of the evidence are filled. Counts from the moment
     * the handler came. A handler that throws, whose stage fails, or that is late is an error; a status of 400 or more is none.
     */
    Map<Long, Evidence> work();

    /**
     * From now on nothing is given to the handlers of this bundle, those that it registers later included; what they have in hand they
     * finish. What only they could do waits, as for any missing handler.
     *
     * @return completes when they have nothing in hand; on any thread
     */
    CompletionStage<Void> retire(long bundle);

    /** Takes {@link #retire} back. */
    void restore(long bundle);
}
