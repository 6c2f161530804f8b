package io.pantograph.hub.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/** Counts the bytes of one MQTT connection, after TLS. */
final class PeerMeter extends ChannelDuplexHandler {

    static final String NAME = "meter";

    private final Peer.Meter meter;

    PeerMeter(Peer.Meter meter) {
        this.meter = meter;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            meter.readBytes.getAndAdd(bytes.readableBytes());
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            meter.writtenBytes.getAndAdd(bytes.readableBytes());
        }
        ctx.write(message, promise);
    }
}
