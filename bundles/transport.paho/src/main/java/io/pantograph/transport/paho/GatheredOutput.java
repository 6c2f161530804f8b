package io.pantograph.transport.paho;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Writes messages that follow one another closely to the socket in one call. Paho flushes behind each packet, and each flush is a system
 * call here, a wake-up at the hub, and an acknowledgement of its own on the way back. So a message stays here while another one has been
 * given to Paho already, which its sending thread takes next; whatever else is written, and a full buffer, takes everything with it.
 *
 * <p>Nothing can stay behind: the last message that was given to Paho is followed by none. For that, Paho must never keep a message back, so its
 * own limit of messages under way lies above the session's.
 */
final class GatheredOutput extends OutputStream {

    private static final int PUBLISH = 3;
    private static final int SIZE = 8 * 1024;

    private final OutputStream out;
    /** Messages given to Paho that did not come here yet. */
    private final AtomicInteger ahead;
    private final byte[] buffer = new byte[SIZE];
    private int count;
    /** The type of the packet that is being written; 0 between packets. */
    private int type;

    GatheredOutput(OutputStream out, AtomicInteger ahead) {
        this.out = out;
        this.ahead = ahead;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) throws IOException {
        if (length == 0) {
            return;
        }
        if (type == 0) {
            type = (bytes[from] & 0xf0) >> 4;
        }
        if (count + length > SIZE) {
            drain();
        }
        if (length > SIZE) {
            out.write(bytes, from, length);
        } else {
            System.arraycopy(bytes, from, buffer, count, length);
            count += length;
        }
    }

    /** By Paho behind each packet. */
    @Override
    public synchronized void flush() throws IOException {
        boolean message = type == PUBLISH;
        type = 0;
        if (!message || ahead.decrementAndGet() <= 0) {
            drain();
            out.flush();
        }
    }

    /** One of those that were ahead will not come; what waited for it goes now. */
    synchronized void noLongerAhead() throws IOException {
        if (ahead.decrementAndGet() <= 0) {
            drain();
            out.flush();
        }
    }

    private void drain() throws IOException {
        int length = count;
        count = 0;
        if (length > 0) {
            out.write(buffer, 0, length);
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
