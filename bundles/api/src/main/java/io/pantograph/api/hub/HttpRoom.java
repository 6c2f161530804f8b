package io.pantograph.api.hub;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A part of the hub's HTTP API. Register it as a service; the HTTP front gives it every request whose first level it claims. Levels that
 * the front serves itself ({@code api}, {@code artifacts}) are not asked for.
 */
@ConsumerType
public interface HttpRoom {

    /** Whether requests to paths that begin with this level are its own. Quick, and the same answer each time. */
    boolean claims(String firstLevel);

    /**
     * Called on a thread of the HTTP server: whoever has to wait returns at once and completes later (within 330 s). A failed stage is
     * answered with 500.
     */
    CompletionStage<HttpAnswer> answer(HttpRequest request);
}
