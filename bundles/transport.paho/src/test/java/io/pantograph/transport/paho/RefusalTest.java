package io.pantograph.transport.paho;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.model.DeviceStatus.Reason;
import io.pantograph.api.transport.ConnectionEvents;
import io.pantograph.api.transport.Incoming;
import io.pantograph.api.transport.TransportException;
import io.pantograph.api.wire.Endpoint;
import io.pantograph.api.wire.Endpoint.Scheme;
import io.pantograph.testkit.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Everything that can be said against a connection is told by its reason, with a sentence that helps, and without the token. */
@Timeout(60)
class RefusalTest {

    private static final String SECRET = "the-token-nobody-may-see";

    @TempDir
    Path folder;

    private final PahoTransport transport = new PahoTransport(Duration.ofSeconds(10));
    private ServerSocket server;

    @AfterEach
    void stop() throws IOException {
        transport.close();
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, HUB_UNAVAILABLE", "2, BAD_CREDENTIAL", "3, HUB_UNAVAILABLE", "4, BAD_CREDENTIAL", "5, BAD_CREDENTIAL"})
    void namesTheAnswerToTheLogin(int code, Reason reason) throws Exception {
        Endpoint hub = serve(ServerSocketFactory.getDefault(), Scheme.TCP, "localhost", new byte[] {0x20, 2, 0, (byte) code});
        TransportException refusal = refusal(hub, SSLContext.getDefault());
        assertEquals(reason, refusal.reason());
        assertTrue(refusal.getMessage().contains("refusal " + code), refusal.getMessage());
    }

    @Test
    void takesACertificateThatIsRight() throws Exception {
        KeyStore right = Certificates.self(folder, "dns:localhost");
        Endpoint hub = serve(Certificates.server(right).getServerSocketFactory(), Scheme.TLS, "localhost", new byte[] {0x20, 2, 0, 0});
        Await.result(transport.connect(hub, Broker.login("c", SECRET, true), Certificates.trusting(right), new Deaf()));
    }

    @ParameterizedTest
    @EnumSource(value = Scheme.class, names = {"TLS", "WSS"})
    void refusesACertificateForAnotherHost(Scheme scheme) throws Exception {
        KeyStore other = Certificates.self(folder, "dns:hub.example.org");
        assertEquals(Reason.NOT_TRUSTED, overTls(scheme, other, "localhost").reason());
    }

    @Test
    void refusesACertificateForAnotherAddress() throws Exception {
        KeyStore byName = Certificates.self(folder, "dns:localhost");
        assertEquals(Reason.NOT_TRUSTED, overTls(Scheme.TLS, byName, "127.0.0.1").reason());
    }

    @Test
    void refusesACertificateOfNobody() throws Exception {
        KeyStore self = Certificates.self(folder, "dns:localhost");
        KeyStore trusted = Certificates.self(folder, "dns:localhost");
        Endpoint hub = serve(Certificates.server(self).getServerSocketFactory(), Scheme.TLS, "localhost", new byte[] {0x20, 2, 0, 0});
        assertEquals(Reason.NOT_TRUSTED, refusal(hub, Certificates.trusting(trusted)).reason());
    }

    @Test
    void refusesACertificateThatIsOver() throws Exception {
        assertEquals(Reason.NOT_TRUSTED, overTls(Scheme.TLS, Certificates.over(folder), "localhost").reason());
    }

    // A hub whose plain port was given for TLS.
    @Test
    void refusesWhatIsNoTls() throws Exception {
        Endpoint plain = serve(ServerSocketFactory.getDefault(), Scheme.TLS, "localhost", "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes());
        assertEquals(Reason.NOT_TRUSTED, refusal(plain, SSLContext.getDefault()).reason());
    }

    // 192.0.2.1 is nobody's address by RFC 5737: had it tried to connect, this would be a timeout.
    @ParameterizedTest
    @EnumSource(value = Scheme.class, names = {"TCP", "WS"})
    void sendsNoTokenInTheClearToOtherMachines(Scheme scheme) throws Exception {
        TransportException refusal = refusal(new Endpoint(scheme, "192.0.2.1", 1883, ""), SSLContext.getDefault());
        assertEquals(Reason.NOT_TRUSTED, refusal.reason());
        assertTrue(refusal.getMessage().contains("192.0.2.1") && refusal.getMessage().contains("use TLS"), refusal.getMessage());
    }

    private TransportException overTls(Scheme scheme, KeyStore certificate, String host) throws Exception {
        Endpoint hub = serve(Certificates.server(certificate).getServerSocketFactory(), scheme, host, new byte[] {0x20, 2, 0, 0});
        return refusal(hub, Certificates.trusting(certificate));
    }

    private TransportException refusal(Endpoint hub, SSLContext trust) {
        TransportException refusal = Await.failure(TransportException.class,
                transport.connect(hub, Broker.login("c", SECRET, true), trust, new Deaf()));
        for (Throwable each = refusal; each != null; each = each.getCause()) {
            assertFalse(String.valueOf(each.getMessage()).contains(SECRET), "the token is in: " + each);
        }
        return refusal;
    }

    /** Answers the first bytes of everybody with these, and then nothing. */
    private Endpoint serve(ServerSocketFactory sockets, Scheme scheme, String host, byte[] answer) throws IOException {
        server = sockets.createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        Thread thread = new Thread(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    if (socket.getInputStream().read() >= 0) {
                        socket.getOutputStream().write(answer);
                        socket.getOutputStream().flush();
                    }
                } catch (IOException e) {
                    // that one did not like us; the next, please
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
        return new Endpoint(scheme, host, server.getLocalPort(), "");
    }

    private static final class Deaf implements ConnectionEvents {

        @Override
        public void arrived(Incoming message) {
            // none does
        }

        @Override
        public void lost(TransportException cause) {
            // expected
        }
    }
}
