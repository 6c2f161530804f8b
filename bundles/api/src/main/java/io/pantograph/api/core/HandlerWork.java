package io.pantograph.api.core;

import io.pantograph.api.operator.Evidence;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** What the handlers of each bundle have done, as the room knows that gives them work. Several rooms have one; each is a service. */
@ProviderType
public interface HandlerWork {

    /**
     * By the id of the bundle that registered the handlers; only calls, errors and latency of the evidence are filled. Counts from the moment
     * the handler came. A handler that throws or whose stage fails is an error, a status of 400 or more is not.
     */
    Map<Long, Evidence> work();
}
