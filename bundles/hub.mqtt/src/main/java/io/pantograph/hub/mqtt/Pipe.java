package io.pantograph.hub.mqtt;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.pantograph.api.hub.HttpBackend;
import io.pantograph.api.hub.Remote;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * One end of a pipe between a client and the HTTP server behind the door: what is read here is written there. Reading stops while the
 * other end cannot take more, so a slow reader costs no memory.
 */
final class Pipe extends ChannelInboundHandlerAdapter {

    private static final int CONNECT_TIMEOUT_MS = 5_000;

    private final Channel other;

    private Pipe(Channel other) {
        this.other = other;
    }

    /**
     * Connects the client to the HTTP server, and tells it who that is before it hears a word.
     *
     * @param first what was read already; passed on, and released in any case
     */
    static ChannelFuture open(Channel client, HttpBackend backend, Remote remote, ByteBuf first) {
        client.config().setAutoRead(false);
        Bootstrap bootstrap = new Bootstrap().group(client.eventLoop()).channel(NioSocketChannel.class).option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.AUTO_READ, false).option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS).handler(new Pipe(client));
        ChannelFuture connected = bootstrap.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), backend.port()));
        Channel server = connected.channel();
        connected.addListener(done -> {
            if (!done.isSuccess()) {
                first.release();
            } else if (!client.isActive()) {
                first.release();
                server.close();
            } else {
                client.pipeline().addLast(new Pipe(server));
                Runnable left = backend.guest(((InetSocketAddress) server.localAddress()).getPort(), remote);
                server.closeFuture().addListener(closed -> left.run());
                server.writeAndFlush(first);
                client.config().setAutoRead(server.isWritable());
                server.config().setAutoRead(true);
            }
        });
        return connected;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        other.write(message, other.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        other.flush();
        if (!other.isWritable()) {
            ctx.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        other.config().setAutoRead(ctx.channel().isWritable());
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (other.isActive()) {
            other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
