package io.pantograph.transport.paho;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The socket under a Paho client, kept in our own hand: closing it is the only thing that ends every wait inside Paho (its own
 * close of a WebSocket writes first, that of TLS waits for a stuck writer, and a failed connect forgets it).
 *
 * <p>And a gate. Paho's connecting thread starts the others and looks in turn whether each runs; if the connection is cut just
 * then, the receiver has ended before it was looked at, and the connecting thread waits for it for ever. So nobody
 * else gets to read, not even that the connection is cut, before the connecting thread is through.
 */
final class Wire {

    private static final int PAHO_READ_MILLIS = 1_000;
    private static final int GATE_MILLIS = PAHO_READ_MILLIS;
    private static final int QUIET_MILLIS = 60_000;

    private final CountDownLatch gate = new CountDownLatch(1);
    private final boolean webSocket;
    private final AtomicInteger ahead = new AtomicInteger();
    private volatile GatheredOutput output;
    private Thread connecting;
    private Socket socket;
    private boolean aborted;

    Wire(boolean webSocket) {
        this.webSocket = webSocket;
    }

    /** Keeps this fresh socket, and makes it answer small messages at once and notice a dead peer some day. */
    synchronized <S extends Socket> S keep(S fresh) throws IOException {
        if (aborted) {
            fresh.close();
            throw new SocketException("the attempt to connect was given up");
        }
        // With Nagle's algorithm on, an acknowledgement followed by a message waits 40 ms for the peer's delayed ACK.
        fresh.setTcpNoDelay(true);
        fresh.setKeepAlive(true);
        socket = fresh;
        connecting = Thread.currentThread();
        return fresh;
    }

    /**
     * How long a read may last where Paho asks for so long. Its usual second would wake each of a hundred quiet connections once a second,
     * and cut the head of a packet in two if the line is slow just there. Nothing needs it: closing the socket ends a read at once. Only
     * the reader of WebSockets counts in Paho's seconds.
     */
    int patience(int millis) {
        return millis == PAHO_READ_MILLIS && !webSocket ? QUIET_MILLIS : millis;
    }

    /** Paho's connecting thread is through. */
    void openGate() {
        gate.countDown();
    }

    /** This stream, behind the gate. */
    InputStream gated(InputStream in) {
        return webSocket ? new FramedInput(this, in) : new GatedInput(this, in);
    }

    /** This stream, with small packets put together; but for WebSockets, whose frames say nothing of packets. */
    OutputStream gathered(OutputStream out) {
        if (webSocket) {
            return out;
        }
        GatheredOutput made = new GatheredOutput(out, ahead);
        output = made;
        return made;
    }

    /** Paho is about to be given a message. */
    void messageAhead() {
        ahead.incrementAndGet();
    }

    /** It did not take it. */
    void noMessageAhead() {
        GatheredOutput here = output;
        if (here == null) {
            ahead.decrementAndGet();
            return;
        }
        try {
            here.noLongerAhead();
        } catch (IOException e) {
            // the connection has just ended, which its reader notices
        }
    }

    /** @throws SocketTimeoutException if the gate stays shut for so long, which Paho takes for a quiet moment */
    void passGate() throws SocketTimeoutException {
        if (gate.getCount() == 0 || Thread.currentThread() == connecting()) {
            return;
        }
        try {
            if (!gate.await(GATE_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new SocketTimeoutException("still connecting");
            }
        } catch (InterruptedException e) {
            throw new SocketTimeoutException("interrupted while still connecting");
        }
    }

    private synchronized Thread connecting() {
        return connecting;
    }

    /** Ends it without waiting for anything; unsent bytes are dropped. Also for a socket that is still to come. */
    synchronized void abort() {
        aborted = true;
        if (socket == null || socket.isClosed()) {
            return;
        }
        try {
            socket.setSoLinger(true, 0); // for TLS this also says: do not wait for a writer that is stuck
        } catch (IOException e) {
            // not connected any more
        }
        try {
            socket.close();
        } catch (IOException e) {
            // what matters is released
        }
    }
}
