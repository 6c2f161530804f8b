package io.pantograph.hub.mqtt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pantograph.api.hub.Departure;
import io.pantograph.api.hub.HttpBackend;
import io.pantograph.api.hub.LoginAttempt;
import io.pantograph.api.hub.Remote;
import io.pantograph.hub.mqtt.TestHub.Guest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All that comes in by the ports: TLS, certificates, WebSocket, HTTP, and what is neither. */
class DoorsTest {

    @TempDir
    static Path home;
    private static HttpServer http;
    private static TestHub hub;
    private static final String UPGRADE = "GET /mqtt HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n";
    /** By the port of the door's end of the connection, while there is one. */
    private static final Map<Integer, Remote> GUESTS = new ConcurrentHashMap<>();
    private static final HttpBackend BACKEND = new HttpBackend() {

        @Override
        public int port() {
            return http.getAddress().getPort();
        }

        @Override
        public Runnable guest(int localPort, Remote remote) {
            GUESTS.put(localPort, remote);
            return () -> GUESTS.remove(localPort);
        }
    };

    @BeforeAll
    static void start() throws Exception {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }));
        http.createContext("/", DoorsTest::echo);
        http.start();
        hub = new TestHub(TestHub.settings(home), BACKEND, Duration.ofSeconds(10));
    }

    @AfterAll
    static void stop() throws Exception {
        hub.close();
        http.stop(0);
    }

    private static void echo(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String from = String.join(",", exchange.getRequestHeaders().getOrDefault("X-Forwarded-For", java.util.List.of("-")));
        String how = exchange.getRequestHeaders().getFirst("X-Forwarded-Proto");
        exchange.getResponseHeaders().set("Seen", exchange.getRequestMethod() + ' ' + exchange.getRequestURI() + ' ' + from + ' ' + how);
        Remote guest = GUESTS.get(exchange.getRemoteAddress().getPort());
        exchange.getResponseHeaders().set("Guest", guest.address() + ' ' + guest.port() + ' ' + guest.secure() + ' '
                + guest.certificate().map(X509Certificate::getSubjectX500Principal).map(Object::toString).orElse("-"));
        exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @BeforeEach
    void forgetThePast() {
        hub.rules.attempts.clear();
    }

    private static LoginAttempt enter(String uri, SSLContext tls) throws Exception {
        MqttConnectOptions options = new MqttConnectOptions();
        if (tls != null) {
            options.setSocketFactory(tls.getSocketFactory());
        }
        try (Guest guest = hub.guest("d:one", uri, options)) {
            guest.client.subscribe("cmd/#", 1);
            guest.say("eat", uri, 1);
            assertEquals(uri, hub.rules.eaten.poll(10, TimeUnit.SECONDS));
        }
        return hub.rules.attempts.poll(10, TimeUnit.SECONDS);
    }

    @Test
    void servesMqttInTlsToWhoKnowsTheAuthority() throws Exception {
        for (int port : new int[] {hub.at.mqtts(), hub.at.https()}) {
            LoginAttempt attempt = enter("ssl://localhost:" + port, Trust.in(hub.at.authority()));
            assertTrue(attempt.remote().secure());
            assertEquals(port, attempt.remote().port());
            assertEquals(Optional.empty(), attempt.remote().certificate());
        }
    }

    @Test
    void isNotTrustedByWhoDoesNotKnowTheAuthority() {
        assertThrows(MqttException.class, () -> enter("ssl://localhost:" + hub.at.mqtts(), SSLContext.getDefault()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void speaksTls(String version) throws Exception {
        SSLSocket socket = (SSLSocket) Trust.in(hub.at.authority()).getSocketFactory().createSocket("127.0.0.1", hub.at.mqtts());
        socket.setEnabledProtocols(new String[] {version});
        try (Wire wire = new Wire(socket)) {
            wire.connect("d:tls");
            assertEquals(version, socket.getSession().getProtocol());
        }
    }

    // Azure's devices show certificates they made themselves; the rules know them by fingerprint, and say whether their time is now.
    @ParameterizedTest
    @CsvSource({"TLSv1.2, RSA, 0, 4000", "TLSv1.3, RSA, 0, 4000", "TLSv1.2, EC, 0, 4000", "TLSv1.3, EC, 0, 4000",
        "TLSv1.2, RSA, 0, 1", "TLSv1.3, EC, 0, 1", "TLSv1.2, EC, 3999, 4000", "TLSv1.3, RSA, 3999, 4000"})
    void handsTheClientsOwnCertificateToTheRules(String version, String algorithm, long from, long until) throws Exception {
        KeyPair pair = Trust.pair(algorithm);
        X509Certificate own = Trust.selfSigned(pair, new Date(from * 1_000_000_000), new Date(until * 1_000_000_000));
        SSLSocket socket = (SSLSocket) Trust.in(hub.at.authority(), pair, own).getSocketFactory().createSocket("127.0.0.1", hub.at.mqtts());
        socket.setEnabledProtocols(new String[] {version});
        try (Wire wire = new Wire(socket).connect("d:tls")) {
            assertEquals(version, socket.getSession().getProtocol());
        }
        assertEquals(Optional.of(own), hub.rules.attempts.poll(10, TimeUnit.SECONDS).remote().certificate());
    }

    // One key signs for many devices: who issued it is for the rules to look up.
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void handsACertificateOfAnyIssuerToTheRules(String version) throws Exception {
        KeyPair pair = Trust.pair("RSA");
        X509Certificate issued = Trust.issued(pair, Trust.pair("EC"), "SHA256withECDSA", new Date(0), new Date(4_000_000_000_000L));
        SSLSocket socket = (SSLSocket) Trust.in(hub.at.authority(), pair, issued).getSocketFactory().createSocket("127.0.0.1", hub.at.https());
        socket.setEnabledProtocols(new String[] {version});
        new Wire(socket).connect("d:tls").close();
        assertEquals(Optional.of(issued), hub.rules.attempts.poll(10, TimeUnit.SECONDS).remote().certificate());
    }

    // Paho asks for /mqtt, mqtt.js for /, Azure's clients for a path of their own; on any port.
    @ParameterizedTest
    @ValueSource(strings = {"/mqtt", "/", "/mqtt?x=1", "/$iothub/websocket", "/$iothub/websocket?iothub-no-client-cert=true", "/%24iothub/websocket"})
    void servesMqttOverWebSocket(String path) throws Exception {
        for (int port : new int[] {hub.at.http(), hub.at.mqtt()}) {
            LoginAttempt attempt = enter("ws://127.0.0.1:" + port + path, null);
            assertTrue(attempt.remote().webSocket());
            assertFalse(attempt.remote().secure());
            assertEquals(port, attempt.remote().port());
        }
    }

    // The official Java client for provisioning ends with a code that no standard knows; that is no reason for a word, nor for a will.
    @Test
    void endsAWebSocketWithAnyCode() throws Exception {
        for (int code : new int[] {1000, 12_592, 999, 5_000}) {
            try (Wire wire = new Wire(hub.at.http())) {
                wire.say(UPGRADE.replace("Protocol: mqtt", "Protocol: mqttv3.1"));
                hearHead(wire);
                byte[] connect = Wire.connectPacket("d:closing");
                wire.say(Wire.join(new byte[] {(byte) 0x82, (byte) (0x80 | connect.length), 0, 0, 0, 0}, connect));
                assertArrayEquals(new byte[] {(byte) 0x82, 4, 0x20, 2, 0, 0}, wire.hear(6));
                wire.say(0x82, 0x82, 0, 0, 0, 0, 0xE0, 0).say(0x88, 0x82, 0, 0, 0, 0, code >> 8, code & 0xFF).hearTheEnd();
            }
            assertEquals(Departure.Cause.CLIENT, hub.rules.left("d:closing").departure().cause());
        }
    }

    // Some proxies take the sub-protocol away.
    @Test
    void servesMqttOverWebSocketWithoutASubProtocol() throws Exception {
        try (Wire wire = new Wire(hub.at.http())) {
            wire.say(UPGRADE.replace("Sec-WebSocket-Protocol: mqtt\r\n", ""));
            assertTrue(hearHead(wire).startsWith("HTTP/1.1 101 "));
        }
    }

    private static String hearHead(Wire wire) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) wire.hear(1)[0]);
        }
        return head.toString();
    }

    @Test
    void servesMqttOverWebSocketInTls() throws Exception {
        for (int port : new int[] {hub.at.https(), hub.at.mqtts()}) {
            LoginAttempt attempt = enter("wss://localhost:" + port + "/mqtt", Trust.in(hub.at.authority()));
            assertTrue(attempt.remote().webSocket());
            assertTrue(attempt.remote().secure());
        }
    }

    @Test
    void endsAWebSocketFrameThatIsTooLong() throws Exception {
        try (Wire wire = new Wire(hub.at.http())) {
            wire.say(UPGRADE);
            wire.say(0x82, 0xFF, 0, 0, 0, 0, 0x40, 0, 0, 0, 1, 2, 3, 4);
            assertTrue(wire.hearText().startsWith("HTTP/1.1 101 "));
        }
    }

    private static HttpResponse<byte[]> ask(String uri, byte[] body) throws Exception {
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(Trust.in(hub.at.authority())).build();
        return client.send(HttpRequest.newBuilder(URI.create(uri)).timeout(Duration.ofSeconds(30)).header("X-Forwarded-For", "1.2.3.4")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    void passesHttpToTheHttpServer() throws Exception {
        byte[] body = "{\"d\":{}}".getBytes();
        HttpResponse<byte[]> plain = ask("http://127.0.0.1:" + hub.at.http() + "/api/v0002?x", body);
        assertArrayEquals(body, plain.body());
        assertEquals("POST /api/v0002?x 127.0.0.1 http", plain.headers().firstValue("Seen").orElseThrow());
        for (int port : new int[] {hub.at.https(), hub.at.mqtts()}) {
            HttpResponse<byte[]> secure = ask("https://localhost:" + port + "/", body);
            assertArrayEquals(body, secure.body());
            assertEquals("POST / 127.0.0.1 https", secure.headers().firstValue("Seen").orElseThrow());
        }
    }

    // The HTTP server ends no TLS: who it speaks with it can know from the door alone.
    @Test
    void tellsTheHttpServerWhoAsks() throws Exception {
        HttpResponse<byte[]> plain = ask("http://127.0.0.1:" + hub.at.http() + "/", new byte[1]);
        assertEquals("127.0.0.1 " + hub.at.http() + " false -", plain.headers().firstValue("Guest").orElseThrow());
        KeyPair pair = Trust.pair();
        HttpClient client = HttpClient.newBuilder().sslContext(Trust.in(hub.at.authority(), pair, Trust.selfSigned(pair))).build();
        HttpResponse<Void> known = client.send(HttpRequest.newBuilder(URI.create("https://localhost:" + hub.at.https() + "/")).build(),
                HttpResponse.BodyHandlers.discarding());
        assertEquals("127.0.0.1 " + hub.at.https() + " true " + Trust.selfSigned(pair).getSubjectX500Principal(), known.headers().firstValue("Guest").orElseThrow());
    }

    @Test
    void passesBodiesThatDoNotFitIntoAnyBuffer() throws Exception {
        byte[] body = new byte[8 << 20];
        new Random(1).nextBytes(body);
        assertArrayEquals(body, ask("https://localhost:" + hub.at.https() + "/", body).body());
    }

    // Head and body in one TCP segment but in TLS records of their own: the body comes while the HTTP server is still being called.
    @Test
    void losesNothingThatComesWhileTheHttpServerIsCalled() throws Exception {
        SSLSocket socket = (SSLSocket) Trust.in(hub.at.authority()).getSocketFactory().createSocket("127.0.0.1", hub.at.https());
        try (Wire wire = new Wire(socket)) {
            wire.say("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 6\r\n\r\n").say("ab").say("cd").say("ef");
            assertTrue(wire.hearText().endsWith("\r\n\r\nabcdef"));
        }
    }

    @Test
    void keepsAnHttpConnectionOpenForFurtherRequests() throws Exception {
        try (Wire wire = new Wire(hub.at.http())) {
            wire.say("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
            wire.say("GET /2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            String heard = wire.hearText();
            assertTrue(heard.contains("GET /1") && heard.contains("GET /2"), heard);
        }
    }

    @Test
    void passesAnUpgradeThatIsNotForMqttToTheHttpServer() throws Exception {
        try (Wire wire = new Wire(hub.at.http())) {
            wire.say("GET /live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: close\r\n\r\n");
            assertTrue(wire.hearText().contains("GET /live"));
        }
    }

    @Test
    void answersAnEndlessHead() throws Exception {
        try (Wire wire = new Wire(hub.at.http())) {
            wire.say("GET / HTTP/1.1\r\n" + "X: y\r\n".repeat(3_000));
            assertTrue(wire.hearText().startsWith("HTTP/1.1 431 "));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HELLO\r\n\r\n", "GET / HTTP/2.0\r\n\r\n", "GET  HTTP/1.1 x\r\n\r\n"})
    void answersWhatLooksLikeHttpAndIsNone(String head) throws Exception {
        try (Wire wire = new Wire(hub.at.http())) {
            wire.say(head);
            assertTrue(wire.hearText().startsWith("HTTP/1.1 400 "));
        }
    }

    @Test
    void sendsAwayWhatIsNeitherMqttNorHttp() throws Exception {
        for (int first : new int[] {0x00, 0x16, 0x30, 0xFF, 'g'}) {
            try (Wire wire = new Wire(hub.at.mqtt())) {
                assertEquals(0, wire.say(first).hearTheEnd().length);
            }
        }
    }

    @Test
    void tellsItsPortsInAFileOfItsOwn() throws Exception {
        Properties ports = new Properties();
        try (var in = Files.newInputStream(home.resolve("hub/ports.properties"))) {
            ports.load(in);
        }
        assertEquals(String.valueOf(hub.at.mqtts()), ports.getProperty("pantograph.hub.mqtts.port"));
        assertEquals(4, ports.size());
        assertEquals("127.0.0.1", hub.at.host());
    }
}
