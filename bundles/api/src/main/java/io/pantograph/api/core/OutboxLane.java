package io.pantograph.api.core;

import io.pantograph.api.dialect.Reading;
import io.pantograph.api.model.DeliveryException;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One device's readings in the order they were accepted. Appending is for any thread; all that takes out is for the one session
 * that drains the lane.
 */
@ProviderType
public interface OutboxLane extends AutoCloseable {

    /** One accepted reading and the promise made for it. */
    @ProviderType
    interface Entry {
        /** Grows by 1 with each reading of the lane that is polled for the first time. */
        long sequence();

        Reading reading();
    }

    /**
     * Accepts a reading. Its stage completes on a thread of the outbox: an author who waits there keeps other authors waiting, but
     * no connection.
     *
     * @return completes when it was acknowledged; fails with {@link DeliveryException}: OVERFLOW at once, EXPIRED, REFUSED or CLOSED later
     */
    CompletionStage<Void> append(Reading reading);

    /** The next one to send, which is from now on under way; null if there is none. Skips and fails those whose time is over. */
    Entry poll();

    /** Was acknowledged: forgets it and completes its stage. A second time does nothing. */
    void acknowledge(Entry entry);

    /** Will never be acknowledged: forgets it and fails its stage. */
    void refuse(Entry entry, DeliveryException why);

    /** The connection ended: all that are under way are next again, in their order, before the others. */
    void rewind();

    /** Who is to be told, on the appending thread, that something was appended; must be quick. Replaces the one before. */
    void whenFilled(Runnable wake);

    /** How many are waiting or under way. */
    int depth();

    /** Fails what is left with CLOSED; later appends fail likewise. */
    @Override
    void close();
}
