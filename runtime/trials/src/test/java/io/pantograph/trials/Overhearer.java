package io.pantograph.trials;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An application at QoS 0 that only listens, on one thread and with nothing made for a message but the message: it shares the machine with
 * what it measures.
 */
final class Overhearer implements AutoCloseable {

    interface Ear {

        void heard(String topic, byte[] payload);
    }

    private static final int PUBLISH = 3;
    private static final long PING_NANOS = TimeUnit.SECONDS.toNanos(20);

    final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final RawMqtt connection;
    private final Ear ear;
    private volatile boolean closed;

    /** Subscribed when it returns. */
    Overhearer(TestHub hub, String id, String filter, Ear ear) throws IOException {
        this.ear = ear;
        connection = new RawMqtt(hub.mqtt());
        connection.send(RawMqtt.connect("a:" + hub.org + ':' + id, hub.key, hub.keyToken));
        if (connection.connack() != 0) {
            throw new IOException("the hub refuses the application");
        }
        connection.send(RawMqtt.subscribe(filter, 0));
        if (connection.next() >> 4 != 9) {
            throw new IOException("no SUBACK");
        }
        Thread thread = new Thread(this::listen, "overhearer-" + id);
        thread.setDaemon(true);
        thread.start();
    }

    private void listen() {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(connection.in(), 1 << 16))) {
            long pinged = System.nanoTime();
            while (!closed) {
                int first = in.readUnsignedByte();
                byte[] body = new byte[length(in)];
                in.readFully(body);
                if (first >> 4 == PUBLISH) {
                    int topic = (body[0] & 0xff) << 8 | body[1] & 0xff;
                    byte[] payload = new byte[body.length - 2 - topic];
                    System.arraycopy(body, 2 + topic, payload, 0, payload.length);
                    ear.heard(new String(body, 2, topic, StandardCharsets.UTF_8), payload);
                }
                if (System.nanoTime() - pinged > PING_NANOS) {
                    pinged = System.nanoTime();
                    connection.send(new byte[] {(byte) 0xc0, 0});
                }
            }
        } catch (EOFException e) {
            fail(new IOException("the hub ended the application's connection", e));
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    private static int length(DataInputStream in) throws IOException {
        int length = 0;
        for (int shift = 0; ; shift += 7) {
            int digit = in.readUnsignedByte();
            length |= (digit & 0x7f) << shift;
            if (digit < 0x80) {
                return length;
            }
        }
    }

    private void fail(Exception why) {
        if (!closed) {
            failure.compareAndSet(null, why);
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        connection.close();
    }
}
