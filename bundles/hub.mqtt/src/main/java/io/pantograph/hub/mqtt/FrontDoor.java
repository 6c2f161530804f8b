package io.pantograph.hub.mqtt;

import com.hivemq.bootstrap.netty.NettyConfiguration;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Where clients come in. Each port takes MQTT, MQTT over WebSocket and HTTP, as the clouds' do; some in TLS, which ends here. What is
 * behind it, see {@link Doorman}.
 */
final class FrontDoor implements AutoCloseable {

    private static final int BACKLOG = 256;
    private static final WriteBufferWaterMark WATERMARK = new WriteBufferWaterMark(32 * 1024, 64 * 1024);

    private final NettyConfiguration netty;
    private final House house;
    private final List<Channel> listeners = new ArrayList<>();
    private final ChannelGroup inside = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

    FrontDoor(NettyConfiguration netty, House house) {
        this.netty = netty;
        this.house = house;
    }

    /**
     * Listens.
     *
     * @param port 0 for any free one
     * @param tls what TLS needs; null for a plain port
     * @return the port
     * @throws BindException if it cannot, with what the system says
     */
    int open(InetAddress address, int port, SslContext tls) throws BindException, InterruptedException {
        ChannelFuture bound = new ServerBootstrap().group(netty.getParentEventLoopGroup(), netty.getChildEventLoopGroup()).channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG).option(ChannelOption.SO_REUSEADDR, true).childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true).childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATERMARK)
                .childHandler(new Entering(tls)).bind(address, port).await();
        if (!bound.isSuccess()) {
            BindException failure = new BindException(bound.cause().getMessage());
            failure.initCause(bound.cause());
            throw failure;
        }
        listeners.add(bound.channel());
        return ((InetSocketAddress) bound.channel().localAddress()).getPort();
    }

    /** Lets nobody in any more; those inside stay. */
    void shut() {
        listeners.forEach(listener -> listener.close().awaitUninterruptibly(1, TimeUnit.SECONDS));
        listeners.clear();
    }

    /** Nobody comes in, and whoever is still inside goes. */
    @Override
    public void close() {
        shut();
        inside.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    }

    private final class Entering extends ChannelInitializer<SocketChannel> {

        private final SslContext tls;

        Entering(SslContext tls) {
            this.tls = tls;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            if (inside.size() >= house.connections()) {
                channel.close();
                return;
            }
            inside.add(channel);
            if (tls != null) {
                SslHandler handler = tls.newHandler(channel.alloc());
                handler.setHandshakeTimeout(house.patience().toMillis(), TimeUnit.MILLISECONDS);
                channel.pipeline().addLast(handler);
            }
            channel.pipeline().addLast(new Doorman(house));
        }
    }
}
