package io.pantograph.api.operator;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Messages kept aside until a codec for them comes. Several rooms have one; each is a service. Bounded by number and bytes: beyond that the
 * newest is not taken, which is told as a condition. From any thread.
 */
@ProviderType
public interface Parking {

    /** The oldest first, at most this many. */
    List<Parked> parked(int most);

    int count();

    /** How many have left since the start because a codec came. */
    long decoded();

    /** How many were not taken for want of room, or whose time was over. */
    long dropped();
}
