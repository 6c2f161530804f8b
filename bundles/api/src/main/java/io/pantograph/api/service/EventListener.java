package io.pantograph.api.service;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/** Is told events. Called on one thread, in the hub's order; one that is slow holds up the stream and is not overrun. */
@ConsumerType
public interface EventListener {

    void event(DeviceEvent event);

    /** The hub listens: whatever comes from now on will be told. After each broken connection again. */
    default void listening() {
    }

    /** The hub's log did not hold these any more. @param from the first of them. @param to the first after them */
    default void missed(long from, long to) {
    }

    /** The last call. @param why empty if the watch was closed */
    default void ended(Optional<ServiceException> why) {
    }
}
