package io.pantograph.api.azure;

import io.pantograph.api.model.Bytes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What devices sent, in the order the hub took it. Bounded: the oldest go when there are more than 256 MiB or a day has passed
 * (settings {@code pantograph.hub.events.mib} and {@code pantograph.hub.events.hours}). From any thread.
 */
@ProviderType
public interface EventLog {

    /** Takes an event. When it returns, it outlives the end of the process (kill -9); a power cut may lose the last second. On the hot path. */
    long append(Identity from, String source, Map<String, String> system, Map<String, String> properties, Bytes body);

    /** The sequence that the next event gets. */
    long end();

    /** The sequence of the first event there is that was taken at this time or later; {@link #end} if there is none. */
    long since(Instant time);

    /** Events in order, at most so many and 4 MiB or one; those too old to be there are left out. Empty at the end. */
    List<Event> read(long from, int most);

    /** Is woken, on any thread, after something was appended; several appends may be one call. Close to end. */
    AutoCloseable follow(Runnable wake);
}
