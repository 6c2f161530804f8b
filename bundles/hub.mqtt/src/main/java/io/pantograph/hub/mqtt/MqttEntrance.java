package io.pantograph.hub.mqtt;

import com.hivemq.bootstrap.netty.ChannelDependencies;
import com.hivemq.bootstrap.netty.ChannelHandlerNames;
import com.hivemq.bootstrap.netty.initializer.AbstractChannelInitializer;
import com.hivemq.configuration.service.entity.TcpListener;
import com.hivemq.websocket.MQTTWebsocketEncoder;
import com.hivemq.websocket.WebSocketBinaryFrameHandler;
import com.hivemq.websocket.WebSocketContinuationFrameHandler;
import com.hivemq.websocket.WebSocketTextFrameHandler;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.flush.FlushConsolidationHandler;

/**
 * Lays HiveMQ's own handlers behind ours, so that a connection which came in by the {@link FrontDoor} is served like one of its own
 * listeners', without a second socket between them.
 */
final class MqttEntrance extends AbstractChannelInitializer {

    /** Where WebSocket clients knock, after the door has put it in place of what they asked for. */
    static final String PATH = "/mqtt";
    private static final String SUBPROTOCOLS = "mqtt,mqttv3.1,mqttv3.1.1";
    private static final int REQUEST = 16_384;
    /** HiveMQ flushes behind each packet; of what one turn of the event loop writes, so many packets go to the socket in one call. */
    private static final int TOGETHER = 256;

    private final Prompter prompter;
    private final Peer peer;

    MqttEntrance(ChannelDependencies dependencies, Prompter prompter, String address, Peer peer) {
        super(dependencies, new TcpListener(peer.remote.port(), address, "door-" + peer.remote.port()));
        this.prompter = prompter;
        this.peer = peer;
    }

    @Override
    protected void addSpecialHandlers(Channel channel) {
        channel.pipeline().addFirst("together", new FlushConsolidationHandler(TOGETHER, true));
        channel.pipeline().addAfter(ChannelHandlerNames.MQTT_MESSAGE_DECODER, "asking", new Asking());
        channel.pipeline().addAfter(ChannelHandlerNames.MQTT_MESSAGE_ENCODER, "courier", peer.courier);
        channel.pipeline().addAfter("courier", "prompter", prompter);
        if (!peer.remote.webSocket()) {
            return;
        }
        String before = PeerMeter.NAME;
        before = after(channel, before, "http", new HttpServerCodec());
        before = after(channel, before, "http-whole", new HttpObjectAggregator(REQUEST));
        // HiveMQ's own listener would take a frame of any length from anyone.
        before = after(channel, before, "ws", new WebSocketServerProtocolHandler(PATH, SUBPROTOCOLS, false, Engine.MAX_PACKET + 1_024));
        before = after(channel, before, "ws-binary", new WebSocketBinaryFrameHandler());
        before = after(channel, before, "ws-continuation", new WebSocketContinuationFrameHandler());
        before = after(channel, before, "ws-text", new WebSocketTextFrameHandler());
        after(channel, before, "ws-encoder", new MQTTWebsocketEncoder());
    }

    private static String after(Channel channel, String before, String name, ChannelHandler handler) {
        channel.pipeline().addAfter(before, name, handler);
        return name;
    }

    /** Notes that the client has said its CONNECT to the end, so that the {@link Doorman} need not lose patience. */
    private final class Asking extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            peer.asking();
            ctx.pipeline().remove(this);
            ctx.fireChannelRead(message);
        }
    }
}
