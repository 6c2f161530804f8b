package io.pantograph.transport.paho;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import javax.net.SocketFactory;

/** Unencrypted sockets, to this machine only. */
final class PlainSockets extends SocketFactory {

    private final Wire wire;

    PlainSockets(Wire wire) {
        this.wire = wire;
    }

    @Override
    public Socket createSocket() throws IOException {
        return wire.keep(new LoopbackSocket(wire));
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw connected();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw connected();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw connected();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw connected();
    }

    private static UnsupportedOperationException connected() {
        return new UnsupportedOperationException("only unconnected sockets, whose options can be set first");
    }

    /** Looks at the address it is really about to connect to, since a name may mean anything. */
    private static final class LoopbackSocket extends Socket {

        private final Wire wire;
        private InputStream input;
        private OutputStream output;

        LoopbackSocket(Wire wire) {
            this.wire = wire;
        }

        @Override
        public void connect(SocketAddress to, int timeout) throws IOException {
            if (to instanceof InetSocketAddress address && !address.isUnresolved() && !address.getAddress().isLoopbackAddress()) {
                throw new PlainRefusedException(address);
            }
            super.connect(to, timeout);
        }

        @Override
        public synchronized void setSoTimeout(int timeout) throws SocketException {
            super.setSoTimeout(wire.patience(timeout));
        }

        /** Buffered: Paho reads a packet's head byte by byte, and each would be a system call. */
        @Override
        public synchronized InputStream getInputStream() throws IOException {
            if (input == null) {
                input = wire.gated(new Buffered(super.getInputStream()));
            }
            return input;
        }

        @Override
        public synchronized OutputStream getOutputStream() throws IOException {
            if (output == null) {
                output = wire.gathered(super.getOutputStream());
            }
            return output;
        }
    }

    /** Asks the system how much is there only when it has nothing itself. */
    private static final class Buffered extends BufferedInputStream {

        Buffered(InputStream in) {
            super(in, 8 * 1024);
        }

        @Override
        public synchronized int available() throws IOException {
            return pos < count ? count - pos : super.available();
        }
    }
}
