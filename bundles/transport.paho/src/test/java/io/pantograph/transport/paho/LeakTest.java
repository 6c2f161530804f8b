package io.pantograph.transport.paho;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import io.pantograph.api.transport.Connection;
import io.pantograph.api.transport.ConnectionEvents;
import io.pantograph.api.transport.Incoming;
import io.pantograph.api.transport.TransportException;
import io.pantograph.api.wire.Endpoint;
import io.pantograph.api.wire.Endpoint.Scheme;
import io.pantograph.api.wire.Frame;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.FaultProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * However a connection ends, nothing of it stays. {@code -Dpantograph.test.reconnects=500} for the long form.
 */
@Timeout(300)
class LeakTest {

    private static final int TIMES = Integer.getInteger("pantograph.test.reconnects", 40);

    private Broker broker;
    private PahoTransport transport;

    @BeforeEach
    void start() throws Exception {
        broker = new Broker();
        transport = new PahoTransport(Duration.ofSeconds(14));
    }

    @AfterEach
    void stop() {
        transport.close();
        broker.close();
        Await.until(() -> "no thread of Paho's to be left: " + pahoThreads(), Duration.ofSeconds(20), () -> pahoThreads().isEmpty());
    }

    @ParameterizedTest
    @EnumSource(Scheme.class)
    void leavesNothingAfterPoliteEnds(Scheme scheme) {
        for (int i = 0; i < TIMES; i++) {
            Runnable readiness = broker.readiness("leak");
            Connection connection = Await.result(transport.connect(broker.endpoint(scheme), Broker.login("leak", Broker.TOKEN, true),
                    broker.trust(), new Deaf()));
            readiness.run();
            Await.result(connection.publish(new Frame("leak", Bytes.EMPTY, Qos.AT_LEAST_ONCE)));
            Await.result(connection.close());
        }
        threadsEnd();
    }

    // Cuts at any moment, above all while Paho's threads are just starting: there its connecting thread can stay for ever.
    @ParameterizedTest
    @EnumSource(Scheme.class)
    void leavesNothingAfterCutsAtAnyMoment(Scheme scheme) throws Exception {
        Endpoint real = broker.endpoint(scheme);
        try (FaultProxy proxy = new FaultProxy("127.0.0.1", real.port())) {
            Endpoint there = new Endpoint(scheme, real.host(), proxy.port(), real.path());
            for (int i = 0; i < TIMES; i++) {
                CompletableFuture<Connection> attempt = transport.connect(there, Broker.login("cut", Broker.TOKEN, true),
                        broker.trust(), new Deaf()).toCompletableFuture();
                Await.until("the socket or the end", () -> proxy.open() > 0 || attempt.isDone());
                TimeUnit.MICROSECONDS.sleep(ThreadLocalRandom.current().nextInt(8_000));
                if (i % 4 == 3) {
                    attempt.cancel(false);
                } else {
                    proxy.cut();
                }
                try {
                    Connection connection = attempt.get(30, TimeUnit.SECONDS);
                    Await.result(connection.close());
                } catch (ExecutionException | CancellationException e) {
                    // cut before it was through: as it should be
                }
            }
            Await.until("the sockets to be closed", () -> proxy.open() == 0);
        }
        threadsEnd();
    }

    // A peer that speaks first, and no MQTT, ends the receiver before it was looked at, too.
    @Test
    void leavesNothingAfterAPeerThatIsNoBroker() throws Exception {
        try (ServerSocket rude = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            Thread server = new Thread(() -> {
                try {
                    while (true) {
                        Socket socket = rude.accept();
                        socket.getOutputStream().write(new byte[] {0, 0, 0, 0});
                    }
                } catch (IOException e) {
                    // the test is over
                }
            });
            server.setDaemon(true);
            server.start();
            for (int i = 0; i < TIMES; i++) {
                Await.failure(TransportException.class, transport.connect(new Endpoint(Scheme.TCP, "localhost", rude.getLocalPort(), ""),
                        Broker.login("rude", Broker.TOKEN, true), broker.trust(), new Deaf()));
            }
        }
        threadsEnd();
    }

    private static void threadsEnd() {
        Await.until(() -> "the threads to end: " + connectionThreads(), Duration.ofSeconds(20), () -> connectionThreads().isEmpty());
    }

    private static List<String> connectionThreads() {
        return pahoThreads().stream().filter(name -> !name.startsWith("paho-")).toList();
    }

    private static List<String> pahoThreads() {
        return Thread.getAllStackTraces().keySet().stream().filter(Thread::isAlive).map(Thread::getName)
                .filter(name -> name.startsWith("MQTT") || name.startsWith("paho-") || name.equalsIgnoreCase("webSocketReceiver")
                        || name.equals("WssSocketReceiver")).toList();
    }

    private static final class Deaf implements ConnectionEvents {

        @Override
        public void arrived(Incoming message) {
            message.acknowledge();
        }

        @Override
        public void lost(TransportException cause) {
            // expected
        }
    }
}
