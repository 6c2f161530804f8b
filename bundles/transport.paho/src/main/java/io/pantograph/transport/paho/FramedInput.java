package io.pantograph.transport.paho;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;

/**
 * The input of a WebSocket. Paho lets each read last a second and takes a longer one for a quiet moment, after which it begins with a
 * new frame, even if it was within one: on a busy machine or a slow line it then reads a message's body as a frame's head, and the
 * connection ends. So within a frame a read goes on, for as long as a hub may be silent. A frame begins where Paho asks how much is there.
 */
final class FramedInput extends GatedInput {

    @FunctionalInterface
    private interface Read {
        int read() throws IOException;
    }

    /** Seconds, as Paho sets them. Then the line is dead, and Paho's own end of it would wait for this read. */
    private static final int MOST_READS = 20;

    private boolean within;

    FramedInput(Wire wire, InputStream in) {
        super(wire, in);
    }

    @Override
    public int available() throws IOException {
        within = false;
        return super.available();
    }

    @Override
    public int read() throws IOException {
        return whole(super::read);
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        return whole(() -> super.read(bytes, from, length));
    }

    /** A connection that is given up meanwhile has its socket closed, which ends the read too. */
    private int whole(Read read) throws IOException {
        for (int reads = 1; ; reads++) {
            try {
                int got = read.read();
                within = true;
                return got;
            } catch (SocketTimeoutException e) {
                if (!within) {
                    throw e;
                }
                if (reads == MOST_READS) {
                    throw new IOException("the rest of a WebSocket frame did not come", e);
                }
            }
        }
    }
}
