package io.pantograph.hub.mqtt;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A bare socket that says whatever it likes. */
final class Wire implements AutoCloseable {

    private final Socket socket;

    Wire(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    Wire(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(15_000);
    }

    Wire say(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    Wire say(int... bytes) throws IOException {
        byte[] all = new byte[bytes.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) bytes[i];
        }
        return say(all);
    }

    Wire say(String text) throws IOException {
        return say(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    byte[] hear(int length) throws IOException {
        byte[] heard = socket.getInputStream().readNBytes(length);
        if (heard.length < length) {
            throw new EOFException("after " + Arrays.toString(heard));
        }
        return heard;
    }

    /** The next MQTT packet, whole. */
    byte[] hearPacket() throws IOException {
        byte[] head = hear(2);
        int length = 0;
        for (int shift = 0; ; shift += 7) {
            int digit = head[head.length - 1];
            length |= (digit & 0x7F) << shift;
            if (digit >= 0) {
                return join(head, hear(length));
            }
            head = join(head, hear(1));
        }
    }

    /** Whatever comes until the other side ends it. @throws java.net.SocketTimeoutException if it does not */
    byte[] hearTheEnd() throws IOException {
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        try {
            InputStream in = socket.getInputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                heard.write(next);
            }
        } catch (java.net.SocketException reset) {
            // an end too
        }
        return heard.toByteArray();
    }

    String hearText() throws IOException {
        return new String(hearTheEnd(), StandardCharsets.ISO_8859_1);
    }

    /** Logs in with a clean session. */
    Wire connect(String clientId) throws IOException {
        say(connectPacket(clientId));
        byte[] connack = hear(4);
        if (connack[0] != 0x20 || connack[3] != 0) {
            throw new IOException("refused: " + Arrays.toString(connack));
        }
        return this;
    }

    static byte[] connectPacket(String clientId) {
        return packet(0x10, join(string("MQTT"), new byte[] {4, (byte) 0xC2, 0, 60}, string(clientId), string("user"), string("secret")));
    }

    static byte[] string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return join(new byte[] {(byte) (utf8.length >> 8), (byte) utf8.length}, utf8);
    }

    static byte[] packet(int header, byte[] body) {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(header);
        int left = body.length;
        do {
            packet.write(left > 127 ? left & 127 | 128 : left);
            left >>= 7;
        } while (left > 0);
        packet.writeBytes(body);
        return packet.toByteArray();
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
