package io.pantograph.hub.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.pantograph.api.hub.HttpBackend;
import io.pantograph.api.hub.Remote;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the first bytes of a connection and sends it where it belongs: MQTT begins with 0x10 (CONNECT), HTTP with a capital letter.
 * Whoever does not say within the {@link House#patience} what it wants is sent away; that holds for TLS, for an HTTP head and for a
 * CONNECT that comes in byte by byte.
 */
final class Doorman extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(Doorman.class);
    private static final int LONGEST_HEAD = 16_384;
    private static final byte CONNECT = 0x10;

    private enum State {
        /** It has not said yet what it wants. */
        LISTENING,
        /** It wants the HTTP server, which is being called; what it says meanwhile is kept. */
        CALLING,
        /** It was sent where it belongs, or away. */
        SETTLED
    }

    private final House house;
    private State state = State.LISTENING;
    private ByteBuf heard = Unpooled.EMPTY_BUFFER;
    private int searched;
    private Future<?> deadline;
    private Peer peer;

    Doorman(House house) {
        this.house = house;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        deadline = ctx.executor().schedule(() -> {
            if (state == State.LISTENING || peer != null && !peer.asked()) {
                LOG.debug("{} did not say in time what it wants", ctx.channel().remoteAddress());
                ctx.channel().close();
            }
        }, house.patience().toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        deadline.cancel(false);
        forget();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        forget();
    }

    private void forget() {
        heard.release();
        heard = Unpooled.EMPTY_BUFFER;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A failed TLS handshake, mostly: a client that does not know our authority.
        LOG.debug("{} at the door: {}", ctx.channel().remoteAddress(), cause.toString());
        ctx.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf more = (ByteBuf) message;
        if (state == State.SETTLED || !ctx.channel().isActive()) {
            more.release();
            return;
        }
        heard = heard.isReadable() ? Unpooled.wrappedBuffer(heard, more) : more;
        if (state == State.LISTENING && heard.isReadable()) {
            decide(ctx);
        }
    }

    private void decide(ChannelHandlerContext ctx) {
        byte first = heard.getByte(heard.readerIndex());
        if (first == CONNECT) {
            mqtt(ctx, false, heard.retain());
        } else if (first >= 'A' && first <= 'Z') {
            http(ctx);
        } else {
            LOG.debug("{} speaks neither MQTT nor HTTP", ctx.channel().remoteAddress());
            state = State.SETTLED;
            ctx.close();
        }
    }

    private void http(ChannelHandlerContext ctx) {
        byte[] bytes = ByteBufUtil.getBytes(heard, heard.readerIndex(), Math.min(heard.readableBytes(), LONGEST_HEAD));
        int end = HttpHead.end(bytes, searched);
        searched = bytes.length;
        if (end < 0) {
            if (bytes.length == LONGEST_HEAD) {
                answer(ctx, "431 Request Header Fields Too Large", "the head of a request may have " + LONGEST_HEAD + " bytes");
            }
            return;
        }
        Optional<HttpHead> head = HttpHead.read(bytes, end);
        if (head.isEmpty()) {
            answer(ctx, "400 Bad Request", "this is not HTTP/1.1");
        } else if (head.get().mqtt()) {
            mqtt(ctx, true, replaceHead(head.get().at(MqttEntrance.PATH), end));
        } else {
            pipe(ctx, replaceHead(head.get().from(address(ctx), secure(ctx)), end));
        }
    }

    private ByteBuf replaceHead(byte[] head, int end) {
        return Unpooled.wrappedBuffer(Unpooled.wrappedBuffer(head), heard.retainedSlice(heard.readerIndex() + end, heard.readableBytes() - end));
    }

    private void mqtt(ChannelHandlerContext ctx, boolean webSocket, ByteBuf first) {
        state = State.SETTLED;
        peer = new Peer(remote(ctx, webSocket), ctx.channel());
        ctx.pipeline().addLast(PeerMeter.NAME, new PeerMeter(peer.meter));
        ctx.pipeline().addLast(house.entrance(peer));
        ctx.pipeline().remove(this);
        ctx.fireChannelActive();
        ctx.fireChannelRead(first);
        ctx.fireChannelReadComplete();
    }

    private void pipe(ChannelHandlerContext ctx, ByteBuf first) {
        forget();
        Optional<HttpBackend> server = house.http();
        if (server.isEmpty()) {
            first.release();
            answer(ctx, "503 Service Unavailable", "the hub's HTTP server is not there (yet)");
            return;
        }
        state = State.CALLING;
        Pipe.open(ctx.channel(), server.get(), remote(ctx, false), first).addListener(done -> {
            if (done.isSuccess()) {
                state = State.SETTLED;
                ctx.fireChannelRead(heard.retain());
                ctx.fireChannelReadComplete();
                ctx.pipeline().remove(this);
            } else {
                answer(ctx, "503 Service Unavailable", "the hub's HTTP server does not answer");
            }
        });
    }

    private void answer(ChannelHandlerContext ctx, String status, String text) {
        state = State.SETTLED;
        String body = text + "\n";
        String response = "HTTP/1.1 " + status + "\r\nContent-Type: text/plain\r\nContent-Length: " + body.length() + "\r\nConnection: close\r\n\r\n" + body;
        ctx.writeAndFlush(Unpooled.copiedBuffer(response, StandardCharsets.US_ASCII)).addListener(ChannelFutureListener.CLOSE);
    }

    private static Remote remote(ChannelHandlerContext ctx, boolean webSocket) {
        return new Remote(address(ctx), port(ctx), secure(ctx), webSocket, chain(ctx));
    }

    private static String address(ChannelHandlerContext ctx) {
        return ((InetSocketAddress) ctx.channel().remoteAddress()).getAddress().getHostAddress();
    }

    private static int port(ChannelHandlerContext ctx) {
        return ((InetSocketAddress) ctx.channel().localAddress()).getPort();
    }

    private static boolean secure(ChannelHandlerContext ctx) {
        return ctx.pipeline().get(SslHandler.class) != null;
    }

    private static List<X509Certificate> chain(ChannelHandlerContext ctx) {
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        try {
            return tls == null ? List.of() : Stream.of(tls.engine().getSession().getPeerCertificates()).map(X509Certificate.class::cast).toList();
        } catch (SSLPeerUnverifiedException none) {
            return List.of();
        }
    }
}
