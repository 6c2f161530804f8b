package io.pantograph.bench.load;

import io.pantograph.bench.azure.Devices;
import io.pantograph.bench.azure.Trust;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSocket;

/**
 * As much telemetry as a broker takes over one connection in TLS at QoS 1, window 100, from a client that does as little as it can; so
 * that the broker is what is measured. A process of its own; arguments: address, port, client id, user and password, and the
 * broker's process, whose CPU is told as well.
 */
public final class Flood {

    private static final int WINDOW = 100;

    private final DataInputStream in;
    private final DataOutputStream out;
    private final Semaphore open = new Semaphore(WINDOW);
    private final AtomicLong acknowledged = new AtomicLong();
    private final byte[] packet;
    private final int idAt;
    private int id;

    private Flood(SSLSocket socket, String clientId) throws IOException {
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 14));
        out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 1 << 14));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream content = new DataOutputStream(bytes);
        content.writeUTF("devices/" + clientId + "/messages/events/");
        int topic = bytes.size();
        content.writeShort(0);
        content.write(Devices.BODY.getBytes(StandardCharsets.US_ASCII));
        packet = packet(0x32, bytes.toByteArray());
        idAt = packet.length - bytes.size() + topic;
    }

    private static byte[] packet(int head, byte[] content) {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(head);
        int length = content.length;
        while (length > 127) {
            packet.write(length & 0x7f | 0x80);
            length >>= 7;
        }
        packet.write(length);
        packet.writeBytes(content);
        return packet.toByteArray();
    }

    public static void main(String[] arguments) throws Exception {
        try (SSLSocket socket = (SSLSocket) Trust.in(Path.of(System.getProperty("target.ca"))).getSocketFactory()
                .createSocket(arguments[0], Integer.parseInt(arguments[1]))) {
            socket.setTcpNoDelay(true);
            Flood flood = new Flood(socket, arguments[2]);
            flood.logIn(arguments[2], arguments[3], arguments[4]);
            System.out.println("result " + flood.measure(ProcessHandle.of(Long.parseLong(arguments[5])).orElseThrow()));
            System.exit(0);
        }
    }

    private void logIn(String clientId, String user, String password) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream content = new DataOutputStream(bytes);
        content.writeUTF("MQTT");
        content.write(4);
        content.write(0xc2); // a user, a password, a clean session
        content.writeShort(60);
        content.writeUTF(clientId);
        content.writeUTF(user);
        content.writeUTF(password);
        out.write(packet(0x10, bytes.toByteArray()));
        out.flush();
        int answer = in.readInt();
        if (answer != 0x20020000) {
            throw new IOException("the login was answered " + Integer.toHexString(answer));
        }
    }

    private String measure(ProcessHandle broker) throws Exception {
        Thread reader = new Thread(this::read, "acknowledgements");
        reader.setDaemon(true);
        reader.start();
        send(Long.getLong("bench.warm", 3_000));
        long count = acknowledged.get();
        Duration cpu = broker.info().totalCpuDuration().orElse(Duration.ZERO);
        long begin = System.nanoTime();
        send(Long.getLong("bench.run", 4_000));
        count = acknowledged.get() - count;
        double seconds = (System.nanoTime() - begin) / 1e9;
        double used = broker.info().totalCpuDuration().orElse(Duration.ZERO).minus(cpu).toNanos() / 1e3;
        return String.format(Locale.ROOT, "rate=%.0f cpu=%.3f", count / seconds, used / count);
    }

    private void read() {
        try {
            while (true) {
                if (in.readUnsignedByte() != 0x40) {
                    throw new IOException("not a PUBACK");
                }
                in.skipNBytes(3);
                acknowledged.incrementAndGet();
                open.release();
            }
        } catch (IOException e) {
            e.printStackTrace();
        }
    }

    private void send(long millis) throws Exception {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() < end) {
            if (!open.tryAcquire()) {
                out.flush();
                if (!open.tryAcquire(20, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("no acknowledgement for 20 s");
                }
            }
            id = id % 65_535 + 1;
            packet[idAt] = (byte) (id >> 8);
            packet[idAt + 1] = (byte) id;
            out.write(packet);
        }
        out.flush();
    }
}
