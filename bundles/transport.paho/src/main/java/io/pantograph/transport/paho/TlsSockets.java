package io.pantograph.transport.paho;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** TLS 1.2 and 1.3 with the host's name checked as in HTTPS. */
final class TlsSockets extends SSLSocketFactory {

    private final SSLSocketFactory trusted;
    private final Wire wire;

    TlsSockets(SSLSocketFactory trusted, Wire wire) {
        this.trusted = trusted;
        this.wire = wire;
    }

    @Override
    public Socket createSocket() throws IOException {
        SSLSocket socket = wire.keep(new TlsSocket((SSLSocket) trusted.createSocket(), wire));
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        parameters.setEndpointIdentificationAlgorithm("HTTPS"); // said here too, not left to what Paho's options do
        socket.setSSLParameters(parameters);
        return socket;
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return trusted.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return trusted.getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose) {
        throw connected();
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
}
