package io.pantograph.transport.paho;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;

/**
 * The socket under a Paho client, kept in our own hand: closing it is the only thing that ends every wait inside Paho (its own
 * close of a WebSocket writes first, that of TLS waits for a stuck writer, and a failed connect forgets it).
 */
final class Wire {

    private Socket socket;
    private boolean aborted;

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
        return fresh;
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
