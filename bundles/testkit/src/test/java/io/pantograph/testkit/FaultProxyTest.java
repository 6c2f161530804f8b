package io.pantograph.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FaultProxyTest {

    private ServerSocket echo;
    private FaultProxy proxy;

    @BeforeEach
    void start() throws IOException {
        echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread server = new Thread(() -> {
            try {
                while (true) {
                    Socket socket = echo.accept();
                    Thread each = new Thread(() -> {
                        try (socket) {
                            socket.getInputStream().transferTo(socket.getOutputStream());
                        } catch (IOException e) {
                            // the client went
                        }
                    });
                    each.setDaemon(true);
                    each.start();
                }
            } catch (IOException e) {
                // the test is over
            }
        });
        server.setDaemon(true);
        server.start();
        proxy = new FaultProxy("127.0.0.1", echo.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        echo.close();
    }

    @Test
    void forwardsBothWays() throws IOException {
        try (Socket socket = client()) {
            assertEquals(42, echoOf(socket, 42));
        }
        assertEquals(1, proxy.accepted());
    }

    @Test
    void cutsAndTakesTheNext() throws IOException {
        try (Socket socket = client()) {
            echoOf(socket, 1);
            proxy.cut();
            assertThrows(IOException.class, () -> {
                if (socket.getInputStream().read() < 0) {
                    throw new IOException("end of stream");
                }
            });
        }
        try (Socket socket = client()) {
            assertEquals(2, echoOf(socket, 2));
        }
    }

    @Test
    void swallowsAnswersOnly() throws IOException {
        try (Socket socket = client()) {
            echoOf(socket, 1);
            proxy.silence(FaultProxy.Silence.ANSWERS);
            socket.setSoTimeout(200);
            assertThrows(SocketTimeoutException.class, () -> echoOf(socket, 2));
            Await.until("the byte to reach the server", () -> proxy.bytesUp() == 2);
            assertEquals(1, proxy.bytesDown());
        }
    }

    @Test
    void refusesAndOpensTheSamePortAgain() throws IOException {
        proxy.refuse(true);
        assertThrows(ConnectException.class, this::client);
        proxy.refuse(false);
        try (Socket socket = client()) {
            assertEquals(3, echoOf(socket, 3));
        }
    }

    @Test
    void holdsBack() throws IOException {
        proxy.latency(Duration.ofMillis(50));
        try (Socket socket = client()) {
            long start = System.nanoTime();
            assertEquals(4, echoOf(socket, 4));
            assertEquals(true, System.nanoTime() - start >= 100_000_000L, "50 ms in each direction");
        }
    }

    private Socket client() throws IOException {
        Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), proxy.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static int echoOf(Socket socket, int value) throws IOException {
        socket.getOutputStream().write(value);
        return socket.getInputStream().read();
    }
}
