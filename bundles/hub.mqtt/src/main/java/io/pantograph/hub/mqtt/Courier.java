package io.pantograph.hub.mqtt;

import com.hivemq.bootstrap.ClientConnection;
import com.hivemq.mqtt.message.ProtocolVersion;
import com.hivemq.mqtt.message.QoS;
import com.hivemq.mqtt.message.connack.CONNACK;
import com.hivemq.mqtt.message.mqtt5.Mqtt5UserProperties;
import com.hivemq.mqtt.message.pool.FreePacketIdRanges;
import com.hivemq.mqtt.message.pool.exception.MessageIdUnavailableException;
import com.hivemq.mqtt.message.puback.PUBACK;
import com.hivemq.mqtt.message.publish.PUBLISH;
import com.hivemq.mqtt.message.publish.PUBLISHFactory;
import com.hivemq.mqtt.message.pubrec.PUBREC;
import com.hivemq.mqtt.message.reason.Mqtt5ConnAckReasonCode;
import com.hivemq.mqtt.message.suback.SUBACK;
import com.hivemq.mqtt.message.unsuback.UNSUBACK;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.pantograph.api.hub.HubClient;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands messages over to one connection, past HiveMQ's sessions, queues and subscriptions: it writes them into the client's pipeline, just
 * before they become bytes, and takes the client's acknowledgements out again just after they were bytes.
 *
 * <p>A packet id is taken from HiveMQ's own pool of this connection, so no two messages under way have the same one; from its upper
 * half, since HiveMQ takes the lowest that is free and a session that is resumed wants its old ids back.
 *
 * <p>All fields without a comment on threads belong to the channel's thread.
 */
final class Courier extends ChannelDuplexHandler {

    /** Waiting or not acknowledged. A client that never acknowledges must not fill the memory. */
    static final int MOST = 20_000;
    /** Likewise, of their topics and payloads. */
    static final long MOST_BYTES = 8 << 20;
    static final int LOWEST_ID = 0x8000;
    private static final int HIGHEST_ID = 0xFFFF;
    /** Of a message at QoS 0. */
    private static final int NO_ID = 0;
    private static final int NONE_FREE = -1;

    /** @param qos 0 or 1 */
    private record Letter(String topic, Bytes payload, Qos qos, CompletableFuture<Void> delivered) {

        int size() {
            return topic.length() + payload.length();
        }
    }

    private final Peer peer;
    private final Channel channel;
    /** From any thread. */
    private final Queue<Letter> waiting = new ConcurrentLinkedQueue<>();
    /** From any thread. */
    private final AtomicInteger count = new AtomicInteger();
    /** Of {@link #count}. */
    private final AtomicLong bytes = new AtomicLong();
    /** From any thread: the channel's is about to look into {@link #waiting}. */
    private final AtomicBoolean called = new AtomicBoolean();
    private final IntObjectMap<Letter> underWay = new IntObjectHashMap<>();
    private int lastId = HIGHEST_ID;
    private ChannelHandlerContext context;
    /** CONNACK has been written. */
    private boolean open;
    private boolean ended;

    Courier(Peer peer, Channel channel) {
        this.peer = peer;
        this.channel = channel;
    }

    /** From any thread. @return as {@link io.pantograph.api.hub.HubTransport#handOver} says */
    CompletionStage<Void> hand(String topic, Bytes payload, Qos qos) {
        if (qos == Qos.EXACTLY_ONCE) {
            throw new IllegalArgumentException("QoS 2 cannot be handed over; use 0 or 1");
        }
        if (count.incrementAndGet() > MOST) {
            count.decrementAndGet();
            return CompletableFuture.failedStage(new IllegalStateException("more than " + MOST + " messages wait for " + who()));
        }
        Letter letter = new Letter(topic, payload, qos, new CompletableFuture<>());
        if (bytes.addAndGet(letter.size()) > MOST_BYTES) {
            bytes.addAndGet(-letter.size());
            count.decrementAndGet();
            return CompletableFuture.failedStage(new IllegalStateException("more than " + MOST_BYTES + " bytes wait for " + who()));
        }
        waiting.add(letter);
        if (called.compareAndSet(false, true)) {
            try {
                channel.eventLoop().execute(this::look);
            } catch (RejectedExecutionException stopped) {
                end();
            }
        }
        return letter.delivered;
    }

    private void look() {
        called.set(false);
        if (ended || !channel.isActive()) {
            end();
        } else if (open) {
            send();
        }
    }

    private void send() {
        boolean written = false;
        while (channel.isWritable()) {
            Letter letter = waiting.peek();
            if (letter == null) {
                break;
            }
            int id = letter.qos == Qos.AT_MOST_ONCE ? NO_ID : takeId();
            if (id == NONE_FREE) {
                break;
            }
            waiting.remove(); // first: a write that fills the buffer may have it emptied at once, and then calls this from within
            write(letter, id);
            written = true;
        }
        if (written) {
            context.flush();
        }
    }

    private void write(Letter letter, int id) {
        if (letter.qos == Qos.AT_MOST_ONCE) {
            context.write(packet(letter, id)).addListener(done -> {
                if (done.isSuccess()) {
                    finish(letter, null);
                } else {
                    finish(letter, done.cause());
                }
            });
        } else {
            underWay.put(id, letter);
            context.write(packet(letter, id));
        }
        peer.meter.writtenMessages.incrementAndGet();
    }

    /** @return {@link #NONE_FREE} if there is none now */
    private int takeId() {
        FreePacketIdRanges pool = ClientConnection.of(channel).getFreePacketIdRanges();
        for (int tried = LOWEST_ID; tried <= HIGHEST_ID; tried++) {
            lastId = lastId == HIGHEST_ID ? LOWEST_ID : lastId + 1;
            if (!underWay.containsKey(lastId)) {
                try {
                    pool.takeSpecificId(lastId);
                    return lastId;
                } catch (MessageIdUnavailableException taken) {
                    // by HiveMQ
                }
            }
        }
        return NONE_FREE;
    }

    private PUBLISH packet(Letter letter, int id) {
        QoS qos = QoS.valueOf(letter.qos.level());
        if (ClientConnection.of(channel).getProtocolVersion() == ProtocolVersion.MQTTv5) {
            return new PUBLISHFactory.Mqtt5Builder().withHivemqId("").withTopic(letter.topic).withPayload(letter.payload.shared()).withQoS(qos)
                    .withOnwardQos(qos).withPacketIdentifier(id).withUserProperties(Mqtt5UserProperties.NO_USER_PROPERTIES).build();
        }
        return new PUBLISHFactory.Mqtt3Builder().withHivemqId("").withTopic(letter.topic).withPayload(letter.payload.shared()).withQoS(qos)
                .withOnwardQos(qos).withPacketIdentifier(id).build();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof PUBACK puback) {
            Letter letter = underWay.remove(puback.getPacketIdentifier());
            if (letter != null) {
                ClientConnection.of(channel).getFreePacketIdRanges().returnId(puback.getPacketIdentifier());
                finish(letter, null);
                return;
            }
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof CONNACK connack && connack.getReasonCode() == Mqtt5ConnAckReasonCode.SUCCESS) {
            ctx.write(told(connack), promise);
            open = true;
            ctx.executor().execute(this::look);
        } else if (peer.isCut() && (message instanceof SUBACK || message instanceof UNSUBACK || message instanceof PUBACK || message instanceof PUBREC)) {
            promise.tryFailure(new ClosedChannelException()); // to acknowledge what ended the connection would be a lie
        } else {
            ctx.write(message, promise);
            if (message instanceof SUBACK suback) {
                peer.grants.granted(suback.getPacketIdentifier(), suback.getReasonCodes());
            } else if (message instanceof UNSUBACK unsuback) {
                peer.grants.released(unsuback.getPacketIdentifier());
            }
        }
    }

    /** What HiveMQ says of the session, which it does not keep, is not what the cloud says of it. */
    private CONNACK told(CONNACK connack) {
        HubClient client = peer.client();
        if (client.kept() || ClientConnection.of(channel).getProtocolVersion() == ProtocolVersion.MQTTv5) {
            return connack;
        }
        return CONNACK.builder().withMqtt3ReturnCode(connack.getReturnCode()).withSessionPresent(client.resumed()).build();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (open && channel.isWritable()) {
            send();
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        end();
    }

    private void end() {
        ended = true;
        Collection<Letter> left = new ArrayList<>(underWay.values());
        underWay.clear();
        for (Letter letter = waiting.poll(); letter != null; letter = waiting.poll()) {
            left.add(letter);
        }
        if (!left.isEmpty()) {
            IllegalStateException why = new IllegalStateException("the connection of " + who() + " ended", new ClosedChannelException());
            left.forEach(letter -> finish(letter, why));
        }
    }

    private void finish(Letter letter, Throwable failure) {
        count.decrementAndGet();
        bytes.addAndGet(-letter.size());
        if (failure == null) {
            letter.delivered.complete(null);
        } else {
            letter.delivered.completeExceptionally(failure);
        }
    }

    private String who() {
        return peer.client().session();
    }
}
