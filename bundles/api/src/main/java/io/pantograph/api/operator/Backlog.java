package io.pantograph.api.operator;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Events that were accepted and that no hub has acknowledged yet, by who wrote them: when a version of a codec turns out to be bad,
 * what it wrote and is still here. Several rooms may have one; each is a service.
 *
 * <p>Nothing is kept for this beside the events: each question walks over all that waits, and those who send and acknowledge meanwhile are
 * not held up. So the answer is of no one moment: what is accepted or acknowledged while it is made may be in it or not, and what is at this
 * moment being handed to its connection, or taken back because that ended, may be missing. Nothing is in it twice. From any thread.
 */
@ProviderType
public interface Backlog {

    /** The one with the oldest event first, at most this many; empty if nothing waits. Never throws. */
    List<Pending> pending(int most);

    /** How many events wait or are under way, those included for which {@link #pending} had no room. */
    int count();
}
