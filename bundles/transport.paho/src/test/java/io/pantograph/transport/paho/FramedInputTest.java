package io.pantograph.transport.paho;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.pantograph.api.transport.ConnectionEvents;
import io.pantograph.api.transport.Incoming;
import io.pantograph.api.transport.TransportException;
import io.pantograph.api.wire.Endpoint;
import io.pantograph.api.wire.Endpoint.Scheme;
import io.pantograph.testkit.Await;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A WebSocket frame that comes in two parts, the second of them late. */
@Timeout(60)
class FramedInputTest {

    /** Longer than the second for which Paho lets a read last. */
    private static final int LATE_MILLIS = 1_600;

    @Test
    void aFrameThatComesInPartsIsOneMessage() throws Exception {
        PahoTransport transport = new PahoTransport(Duration.ofSeconds(20));
        Heard heard = new Heard();
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            Thread hub = new Thread(() -> serve(server));
            hub.setDaemon(true);
            hub.start();
            Await.result(transport.connect(new Endpoint(Scheme.WS, "localhost", server.getLocalPort(), "/mqtt"),
                    Broker.login("c", Broker.TOKEN, true), SSLContext.getDefault(), heard));
            Await.until(() -> "both messages to arrive: " + heard.arrived + ", " + heard.lost, Await.USUAL,
                    () -> heard.arrived.size() == 2 || heard.lost != null);
            assertNull(heard.lost, () -> heard.lost.getMessage());
            assertEquals(List.of("a".repeat(90), "b"), heard.arrived);
        } finally {
            transport.close();
        }
    }

    private static void serve(ServerSocket server) {
        try (Socket socket = server.accept()) {
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            String key = "";
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                if (line.toLowerCase().startsWith("sec-websocket-key:")) {
                    key = line.substring(line.indexOf(':') + 1).trim();
                }
            }
            OutputStream out = socket.getOutputStream();
            out.write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Protocol: mqtt\r\n"
                    + "Sec-WebSocket-Accept: " + accept(key) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            in.read(); // CONNECT
            out.write(frame(new byte[] {0x20, 2, 0, 0}));
            byte[] first = frame(publish("a".repeat(90)));
            out.write(first, 0, 40);
            out.flush();
            Thread.sleep(LATE_MILLIS);
            out.write(Arrays.copyOfRange(first, 40, first.length));
            out.write(frame(publish("b")));
            out.flush();
            while (in.read() >= 0) {
                // until the client goes
            }
        } catch (IOException | GeneralSecurityException | InterruptedException e) {
            // the test sees what is missing
        }
    }

    private static String accept(String key) throws GeneralSecurityException {
        byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
        return Base64.getEncoder().encodeToString(hash);
    }

    private static byte[] publish(String body) {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(0x30);
        packet.write(3 + body.length());
        packet.writeBytes(new byte[] {0, 1, 't'});
        packet.writeBytes(body.getBytes(StandardCharsets.US_ASCII));
        return packet.toByteArray();
    }

    private static byte[] frame(byte[] payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(0x82);
        frame.write(payload.length);
        frame.writeBytes(payload);
        return frame.toByteArray();
    }

    private static final class Heard implements ConnectionEvents {

        final List<String> arrived = new CopyOnWriteArrayList<>();
        volatile TransportException lost;

        @Override
        public void arrived(Incoming message) {
            arrived.add(message.payload().text());
        }

        @Override
        public void lost(TransportException cause) {
            lost = cause;
        }
    }
}
