package io.pantograph.trials;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * A hub that does what no good one would: it says things twice, late and in the wrong order. It lets in whoever comes, takes whatever is
 * subscribed and published, and keeps no session.
 */
final class RudeHub implements AutoCloseable {

    /** What a device published. */
    record Heard(String topic, String text) {
    }

    final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
    private final SSLServerSocket door;
    private final Function<Heard, String[]> answers;
    private volatile SSLSocket device;

    /** @param answers topics and texts in turn, said when a device publishes this */
    RudeHub(SSLContext tls, Function<Heard, String[]> answers) throws IOException {
        this.answers = answers;
        door = (SSLServerSocket) tls.getServerSocketFactory().createServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "rude-hub");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return door.getLocalPort();
    }

    private void serve() {
        while (!door.isClosed()) {
            try (SSLSocket socket = (SSLSocket) door.accept()) {
                device = socket;
                DataInputStream in = new DataInputStream(socket.getInputStream());
                while (true) {
                    packet(in.readUnsignedByte(), in);
                }
            } catch (IOException gone) {
                // the next may come
            }
        }
    }

    private void packet(int first, DataInputStream in) throws IOException {
        int length = 0;
        int digit;
        int shift = 0;
        do {
            digit = in.readUnsignedByte();
            length |= (digit & 0x7f) << shift;
            shift += 7;
        } while ((digit & 0x80) != 0);
        byte[] body = in.readNBytes(length);
        switch (first >> 4) {
            case 1 -> send(new byte[] {0x20, 2, 0, 0});
            case 8 -> send(new byte[] {(byte) 0x90, 3, body[0], body[1], 1});
            case 12 -> send(new byte[] {(byte) 0xd0, 0});
            case 3 -> published(first, body);
            default -> { }
        }
    }

    private void published(int first, byte[] body) throws IOException {
        int end = 2 + ((body[0] & 0xff) << 8 | body[1] & 0xff);
        int payload = (first & 6) == 0 ? end : end + 2;
        if (payload > end) {
            send(new byte[] {0x40, 2, body[end], body[end + 1]});
        }
        Heard said = new Heard(new String(body, 2, end - 2, StandardCharsets.UTF_8), new String(body, payload, body.length - payload, StandardCharsets.UTF_8));
        heard.add(said);
        String[] answer = answers.apply(said);
        for (int i = 0; i < answer.length; i += 2) {
            say(answer[i], answer[i + 1]);
        }
    }

    /** To whoever is connected, at QoS 0. */
    void say(String topic, String text) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(RawMqtt.text(topic));
        body.write(text.getBytes(StandardCharsets.UTF_8));
        send(RawMqtt.packet(0x30, body.toByteArray()));
    }

    private synchronized void send(byte[] packet) throws IOException {
        device.getOutputStream().write(packet);
        device.getOutputStream().flush();
    }

    @Override
    public void close() throws IOException {
        door.close();
        SSLSocket last = device;
        if (last != null) {
            last.close();
        }
    }
}
