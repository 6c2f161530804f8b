package io.pantograph.api.service;

import io.pantograph.api.model.Values;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A program's way to a hub, Azure's or the local one. Documents are plain data in the shape of the REST API, version 2021-04-12.
 *
 * <p>From any thread; nothing here waits. Stages complete on a thread of the client: for long work go on elsewhere. They fail with
 * {@link ServiceException}, at the latest when the time of {@link ServiceOptions#timeout} is over. A hub that is busy (429, 503) is asked
 * again within that time, when it says; what must not happen twice, a method or a message, only if the hub surely has not begun.
 */
@ProviderType
public interface ServiceClient extends AutoCloseable {

    /** The hub's name, of the connection string. */
    String host();

    DeviceRegistry registry();

    DeviceTwins twins();

    /**
     * Calls a direct method. Takes at most {@code connectTimeout + responseTimeout} of the call and {@link ServiceOptions#timeout}.
     *
     * @return what the device answered, whatever its status. Fails with {@code DeviceNotOnline} (404) if it is not there, with
     *     {@code GatewayTimeout} (504) if it does not answer in time
     */
    CompletionStage<MethodAnswer> invoke(Target target, MethodCall call);

    /** Puts a message into a device's queue. */
    CompletionStage<Void> send(Target target, OutboundMessage message);

    /** Drops what waits in a device's queue. @return how many */
    CompletionStage<Long> purge(String device);

    /**
     * One page of what a query finds, such as {@code SELECT * FROM devices WHERE tags.hall = 'A'}.
     *
     * @param most of the page, 1 to 1000; the hub may give fewer though more follow
     * @param from of the page before
     */
    CompletionStage<QueryPage> query(String query, int most, Optional<String> from);

    /** All pages of a query, one after the other. @param each called for each finding, in order. @return how many there were */
    default CompletionStage<Long> queryAll(String query, Consumer<? super Values> each) {
        return Paging.from(this, query, each, Optional.empty(), 0);
    }

    /**
     * Listens to what devices send, until the watch is closed. After a broken connection it goes on where it was; what the hub's log does
     * not hold any more by then is missed.
     *
     * <p>The local hub only: the cloud's own stream needs Event Hubs' AMQP protocol, which is not spoken here, and then the watch ends at
     * once with {@code NoEvents}.
     */
    EventWatch watch(EventFilter filter, EventListener listener);

    /** Ends all that is under way; its stages fail. */
    @Override
    void close();

    /** For programs that wait. @throws InterruptedException while waiting; the request goes on */
    static <T> T await(CompletionStage<T> stage) throws ServiceException, InterruptedException {
        try {
            return stage.toCompletableFuture().get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            while (cause instanceof CompletionException && cause.getCause() != null) {
                cause = cause.getCause();
            }
            if (cause instanceof ServiceException refusal) {
                throw refusal;
            }
            throw new IllegalStateException(cause);
        }
    }

    /** @param next for the page that follows; empty if this was the last */
    record QueryPage(List<Values> found, Optional<String> next) {

        public QueryPage {
            found = List.copyOf(found);
        }
    }
}
