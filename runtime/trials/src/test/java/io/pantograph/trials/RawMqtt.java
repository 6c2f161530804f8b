package io.pantograph.trials;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** MQTT by hand, for packets that no client library would send. */
final class RawMqtt implements AutoCloseable {

    private final Socket socket;

    RawMqtt(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(15_000);
    }

    static byte[] connect(String clientId, String user, String password) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(text("MQTT"));
        body.write(4);
        body.write(0x02 | (user == null ? 0 : 0x80) | (password == null ? 0 : 0x40));
        body.write(new byte[] {0, 60});
        body.write(text(clientId));
        if (user != null) {
            body.write(text(user));
        }
        if (password != null) {
            body.write(text(password));
        }
        return packet(0x10, body.toByteArray());
    }

    static byte[] publish(int flags, byte[] topic, int packetId, byte[] payload) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(topic.length >> 8);
        body.write(topic.length);
        body.write(topic);
        if ((flags & 0x06) != 0) {
            body.write(packetId >> 8);
            body.write(packetId);
        }
        body.write(payload);
        return packet(0x30 | flags, body.toByteArray());
    }

    static byte[] subscribe(String filter) throws IOException {
        return subscribe(filter, 1);
    }

    static byte[] subscribe(String filter, int qos) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(new byte[] {0, 7});
        body.write(text(filter));
        body.write(qos);
        return packet(0x82, body.toByteArray());
    }

    static byte[] text(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes.length >> 8);
        out.write(bytes.length);
        out.write(bytes);
        return out.toByteArray();
    }

    static byte[] packet(int first, byte[] body) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first);
        int length = body.length;
        do {
            int digit = length % 128;
            length /= 128;
            out.write(length > 0 ? digit | 0x80 : digit);
        } while (length > 0);
        out.write(body);
        return out.toByteArray();
    }

    void send(byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (IOException e) {
            // The hub may have hung up in the middle of it; what it said is read next.
        }
    }

    InputStream in() throws IOException {
        return socket.getInputStream();
    }

    /** CONNACK's return code. */
    int connack() throws IOException {
        byte[] answer = socket.getInputStream().readNBytes(4);
        if (answer.length < 4 || answer[0] != 0x20) {
            throw new IOException("no CONNACK but " + answer.length + " bytes");
        }
        return answer[3];
    }

    /** The next packet's first byte; -1 if the hub hung up. */
    int next() throws IOException {
        try {
            InputStream in = socket.getInputStream();
            int first = in.read();
            if (first >= 0) {
                int length = in.read();
                in.readNBytes(length & 0x7f);
            }
            return first;
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException reset) {
            return -1;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
