package io.pantograph.transport.paho;

import io.moquette.broker.Server;
import io.moquette.broker.config.MemoryConfig;
import io.moquette.broker.security.IAuthorizatorPolicy;
import io.moquette.broker.subscriptions.Topic;
import io.moquette.interception.AbstractInterceptHandler;
import io.moquette.interception.messages.InterceptConnectMessage;
import io.moquette.interception.messages.InterceptPublishMessage;
import io.netty.handler.ssl.SslContextBuilder;
import io.pantograph.api.model.Secret;
import io.pantograph.api.wire.Endpoint;
import io.pantograph.api.wire.Endpoint.Scheme;
import io.pantograph.api.wire.Login;
import io.pantograph.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/** A real MQTT broker, Moquette, with all four doors open on loopback. */
final class Broker implements AutoCloseable {

    static final String TOKEN = "the-right-token";

    /** Below those that systems give to whoever asks for any. */
    private static final int FIRST_PORT = 20_000;
    private static final int PORTS = 10_000;
    private static final AtomicInteger NEXT_PORT = new AtomicInteger(ThreadLocalRandom.current().nextInt(PORTS));

    private final Server server = new Server();
    private final Path folder;
    private final KeyStore certificate;
    private final int webSocketPort = freePort();
    private final int secureWebSocketPort = freePort();
    /** How often, by client id. */
    private final Map<String, Integer> connected = new ConcurrentHashMap<>();
    private volatile BiConsumer<String, String> ear = (topic, text) -> { };

    Broker() throws IOException, InterruptedException, GeneralSecurityException {
        folder = Files.createTempDirectory("broker");
        certificate = Certificates.self(folder, "dns:localhost,ip:127.0.0.1");
        Properties settings = new Properties();
        settings.setProperty("host", "127.0.0.1");
        settings.setProperty("port", "0");
        settings.setProperty("ssl_port", "0");
        settings.setProperty("websocket_port", "" + webSocketPort);
        settings.setProperty("secure_websocket_port", "" + secureWebSocketPort);
        settings.setProperty("jks_path", "given-below");
        settings.setProperty("allow_anonymous", "false");
        settings.setProperty("persistence_enabled", "false");
        settings.setProperty("telemetry_enabled", "false");
        settings.setProperty("netty.mqtt.message_size", "1000000");
        settings.setProperty("websocket_max_frame_size", "1000000");
        settings.setProperty("buffer_flush_millis", "0");
        settings.setProperty("data_path", folder.toString());
        server.startServer(new MemoryConfig(settings), List.of(new Ear()), () -> {
            try {
                return SslContextBuilder.forServer(Certificates.keys(certificate)).build();
            } catch (GeneralSecurityException | IOException e) {
                throw new IllegalStateException(e);
            }
        }, (clientId, user, password) -> Arrays.equals(TOKEN.getBytes(), password), new IAuthorizatorPolicy() {
            @Override
            public boolean canWrite(Topic topic, String user, String client) {
                return true;
            }

            @Override
            public boolean canRead(Topic topic, String user, String client) {
                return !topic.toString().startsWith("forbidden");
            }
        });
        Await.until("the broker to listen", () -> server.getPort() > 0 && server.getSslPort() > 0);
    }

    Endpoint endpoint(Scheme scheme) {
        return switch (scheme) {
            case TCP -> new Endpoint(scheme, "localhost", server.getPort(), "");
            case TLS -> new Endpoint(scheme, "localhost", server.getSslPort(), "");
            case WS -> new Endpoint(scheme, "localhost", webSocketPort, "/mqtt");
            case WSS -> new Endpoint(scheme, "localhost", secureWebSocketPort, "/mqtt");
        };
    }

    SSLContext trust() {
        try {
            return Certificates.trusting(certificate);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes the certificate where a gateway looks for whom to trust. */
    void writeAuthority(Path file) throws IOException, GeneralSecurityException {
        Files.createDirectories(file.getParent());
        Path part = file.resolveSibling("part");
        Files.writeString(part, "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(certificate.getCertificate("server").getEncoded()) + "\n-----END CERTIFICATE-----\n");
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    static Login login(String clientId, String token, boolean cleanSession) {
        return new Login(clientId, Optional.of("use-token-auth"), Optional.of(Secret.of(token)), cleanSession, Duration.ofSeconds(30),
                Optional.empty());
    }

    /** Told of every message the broker takes, in its order, repeats too. */
    void hear(BiConsumer<String, String> topicAndText) {
        ear = topicAndText;
    }

    /**
     * Moquette ends a connection whose client says something between CONNACK and the note that it is connected. Called before such a
     * client connects. @return waits for the note
     */
    Runnable readiness(String clientId) {
        int before = connected.getOrDefault(clientId, 0);
        return () -> Await.until("the broker to be ready for " + clientId, () -> connected.getOrDefault(clientId, 0) > before);
    }

    void kick(String clientId) {
        server.disconnectClient(clientId);
    }

    @Override
    public void close() {
        server.stopServer();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One that the system gives nobody by itself: between here and the broker's start, nobody else takes it. */
    private static int freePort() {
        while (true) {
            int port = FIRST_PORT + Math.floorMod(NEXT_PORT.getAndIncrement(), PORTS);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                // the next one
            }
        }
    }

    private final class Ear extends AbstractInterceptHandler {

        @Override
        public String getID() {
            return "ear";
        }

        @Override
        public void onConnect(InterceptConnectMessage message) {
            connected.merge(message.getClientID(), 1, Integer::sum);
        }

        @Override
        public void onPublish(InterceptPublishMessage message) {
            try {
                ear.accept(message.getTopicName(), message.getPayload().toString(StandardCharsets.UTF_8));
            } finally {
                message.getPayload().release();
            }
        }

        @Override
        public void onSessionLoopError(Throwable error) {
            throw new IllegalStateException(error);
        }
    }
}
