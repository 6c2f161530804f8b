package io.pantograph.api.twin;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Applies what the hub wants of a device. Register it as a service; {@link HandlesDesired} says for which properties and devices.
 *
 * <p>Called on a worker thread; for one device one call after the other, each after the stage of the one before has completed (or
 * after 60 s), never with a version older than one it was given. Values that were replaced while waiting are left out: it is given the
 * newest. After the start it is given every value that is wanted; after a reconnect only those that changed meanwhile. A handler
 * that comes later is given what waits for one, and what was given to one that has gone, such as its own bundle before an update.
 *
 * <p>The answer is reported to the hub. An exception thrown, or a failed stage, is reported as 500 and told to the
 * {@link io.pantograph.api.listener.DeviceListener}s. A value nobody handles is not answered and waits.
 */
@ConsumerType
@FunctionalInterface
public interface DesiredHandler {

    /** @return a stage with the answer; never null */
    CompletionStage<DesiredResult> handle(Desired desired) throws Exception;
}
