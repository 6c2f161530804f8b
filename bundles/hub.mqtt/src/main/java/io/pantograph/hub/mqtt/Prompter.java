package io.pantograph.hub.mqtt;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.hivemq.bootstrap.ClientConnection;
import com.hivemq.configuration.service.InternalConfigurations;
import com.hivemq.mqtt.message.MessageWithID;
import com.hivemq.mqtt.message.QoS;
import com.hivemq.mqtt.message.publish.PUBLISH;
import com.hivemq.mqtt.message.pubrel.PUBREL;
import com.hivemq.mqtt.services.PublishPollService;
import com.hivemq.persistence.clientqueue.ClientQueuePersistence;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets a client the messages behind one that it does not acknowledge. HiveMQ reads a client's queue in batches, and the next batch only
 * when all of the last is acknowledged; whoever holds back one message, because it can do nothing with it yet, would hear nothing
 * any more. MQTT lets it have a window full.
 *
 * <p>While anything is unacknowledged, this looks every 50 ms whether a message was written since the last look, and after a while
 * without any every 200 ms. As long as there was, batches follow one another and nothing is done. Otherwise HiveMQ is asked for the next
 * batch already now. All reading of one client's queue is asked for on its channel's thread and done in that order, so messages keep
 * theirs; and HiveMQ itself keeps back what the window has no room for.
 *
 * <p>Two things still wait for the acknowledgement: messages of shared subscriptions, which another member of the group gets meanwhile,
 * and messages of QoS 0 until one of QoS 1 or 2 comes with them.
 *
 * <p>All fields belong to the channel's thread.
 */
final class Prompter extends ChannelOutboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(Prompter.class);

    /** Longer than a batch takes a client that reads, even one that leaves Nagle's algorithm on (44 ms). */
    private static final long LOOK_MILLIS = 50;
    /** Thousands of clients may sit on a message for hours, and each look is a task for the few threads of the queues. */
    private static final long LONGEST_MILLIS = 200;
    /** Looks after which HiveMQ is asked again although nothing seems to have changed. */
    private static final int PATIENCE = 5;

    private final ClientQueuePersistence queues;
    private final PublishPollService batches;
    private final int window;

    private ChannelHandlerContext context;
    private boolean watching;
    /** A message was written since the last look. */
    private boolean moved;
    /** Until the next look, in milliseconds. */
    private long pause = LOOK_MILLIS;
    /** In the queue, with those under way, when HiveMQ was last asked. */
    private int queued;
    /** Written and unacknowledged, or about to be written, when HiveMQ was last asked. */
    private int underWay;
    /** Looks since HiveMQ was last asked. */
    private int looks;
    /** Under way when HiveMQ had still more to send a second time. */
    private int unsent;

    /** @param window unacknowledged messages that a client may have, unless it wants fewer */
    Prompter(ClientQueuePersistence queues, PublishPollService batches, int window) {
        this.queues = queues;
        this.batches = batches;
        this.window = window;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        ctx.write(message, promise);
        if (message instanceof PUBLISH publish ? publish.getQoS() != QoS.AT_MOST_ONCE : message instanceof PUBREL) {
            moved = true;
            pause = LOOK_MILLIS;
            if (!watching) {
                watching = true;
                // the usual: this one, and nothing behind it
                queued = 1;
                underWay = 1;
                again();
            }
        }
    }

    private void again() {
        context.executor().schedule(this::look, pause, TimeUnit.MILLISECONDS);
    }

    private void look() {
        Channel channel = context.channel();
        ClientConnection connection = ClientConnection.of(channel);
        int now = connection.inFlightMessageCount();
        if (!channel.isActive() || now <= 0) {
            watching = false;
        } else if (moved || !channel.isWritable() || now >= connection.getMaxInflightWindow(window)) {
            moved = false;
            again();
        } else if (connection.isInFlightMessagesSent()) {
            then(queues.size(connection.getClientId(), false), size -> goOn(connection, size));
        } else if (now == unsent) {
            again();
        } else {
            then(queues.readInflight(connection.getClientId(), InternalConfigurations.PUBLISH_POLL_BATCH_SIZE_BYTES, now + 1),
                    old -> beginNew(connection, old, now));
        }
    }

    private void goOn(ClientConnection connection, int size) {
        int now = connection.inFlightMessageCount();
        boolean changed = size != queued || now != underWay;
        if (isStill(connection) && (changed || size > now && ++looks >= PATIENCE)) {
            ask(connection, size);
        } else {
            pause = Math.min(2 * pause, LONGEST_MILLIS);
        }
        again();
    }

    /**
     * After a reconnect HiveMQ sends what is unacknowledged once more, and new messages only when it is acknowledged. It need not be, if all
     * of it has been sent.
     *
     * @param old what is unacknowledged: all of it, or one message more than HiveMQ has sent, or a little more than 5 MB; some of it may be
     *            acknowledged by now
     * @param then how many were under way when that was asked for
     */
    private void beginNew(ClientConnection connection, List<MessageWithID> old, int then) {
        if (isStill(connection) && !connection.isInFlightMessagesSent()) {
            if (old.size() <= then && bytes(old) <= InternalConfigurations.PUBLISH_POLL_BATCH_SIZE_BYTES) {
                connection.setInFlightMessagesSent(true);
                ask(connection, old.size());
            } else {
                unsent = then;
            }
        }
        again();
    }

    private static long bytes(List<MessageWithID> messages) {
        long bytes = 0;
        for (MessageWithID message : messages) {
            bytes += message instanceof PUBLISH publish ? publish.getEstimatedSizeInMemory() : 0;
        }
        return bytes;
    }

    private boolean isStill(ClientConnection connection) {
        return context.channel().isActive() && !moved && connection.inFlightMessageCount() > 0;
    }

    private void ask(ClientConnection connection, int size) {
        queued = size;
        underWay = connection.inFlightMessageCount();
        looks = 0;
        batches.pollNewMessages(connection.getClientId(), context.channel());
    }

    /** Goes on on the channel's thread. */
    private <T> void then(ListenableFuture<T> answer, Consumer<T> next) {
        Futures.addCallback(answer, new FutureCallback<T>() {
            @Override
            public void onSuccess(T result) {
                next.accept(result);
            }

            @Override
            public void onFailure(Throwable failure) {
                LOG.debug("cannot look into the queue of {}", context.channel(), failure);
                again();
            }
        }, context.executor());
    }
}
