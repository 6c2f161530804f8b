package io.pantograph.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeviceStatus.Reason;
import io.pantograph.api.model.Qos;
import io.pantograph.api.transport.Connection;
import io.pantograph.api.transport.ConnectionEvents;
import io.pantograph.api.transport.Incoming;
import io.pantograph.api.transport.Transport;
import io.pantograph.api.transport.TransportException;
import io.pantograph.api.wire.Endpoint;
import io.pantograph.api.wire.Frame;
import io.pantograph.api.wire.Login;
import io.pantograph.api.wire.Subscription;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link Transport} must keep. Extend it and say which transport, and where a broker of yours listens that lets
 * everybody publish and subscribe everything.
 */
@Timeout(120)
public abstract class TransportContract {

    private final List<Connection> opened = new CopyOnWriteArrayList<>();
    private final List<FaultProxy> proxies = new ArrayList<>();

    /** The same object throughout a test. */
    protected abstract Transport transport();

    protected abstract Endpoint endpoint();

    /** Whom to trust; anything for plain endpoints. */
    protected abstract SSLContext trust();

    /** A login that the broker takes. */
    protected abstract Login login(String clientId, boolean cleanSession);

    /** A login with a wrong token. */
    protected abstract Login wrong(String clientId);

    /**
     * For brokers that answer a CONNECT before they are ready for what follows it. Called before such a client connects.
     *
     * @return waits until the broker is ready; called when CONNACK has come
     */
    protected Runnable readiness(String clientId) {
        return () -> { };
    }

    @AfterEach
    void closeAll() {
        opened.forEach(connection -> Await.result(connection.close()));
        proxies.forEach(FaultProxy::close);
    }

    @Test
    void carriesAMessageAtEveryQos() {
        Inbox inbox = new Inbox(true);
        Connection connection = connect(login("echo", true), inbox);
        Await.result(connection.subscribe(List.of(new Subscription("echo/#", Qos.EXACTLY_ONCE))));
        for (Qos qos : Qos.values()) {
            Await.result(connection.publish(new Frame("echo/" + qos, Bytes.utf8("so " + qos), qos)));
            Await.until(qos + " to arrive", () -> inbox.messages.size() == qos.level() + 1);
            Incoming message = inbox.messages.get(qos.level());
            assertEquals("echo/" + qos, message.topic());
            assertEquals("so " + qos, message.payload().text());
            assertEquals(qos, message.qos());
        }
    }

    @Test
    void keepsTheOrder() {
        Inbox inbox = new Inbox(true);
        Connection connection = connect(login("order", true), inbox);
        Await.result(connection.subscribe(List.of(new Subscription("order", Qos.AT_LEAST_ONCE))));
        int many = 500;
        List<CompletionStage<Void>> sent = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            sent.add(connection.publish(new Frame("order", Bytes.utf8("" + i), Qos.AT_LEAST_ONCE)));
        }
        sent.forEach(Await::result);
        Await.until("all to arrive", () -> inbox.messages.size() == many);
        for (int i = 0; i < many; i++) {
            assertEquals("" + i, inbox.messages.get(i).payload().text());
        }
    }

    @Test
    void carriesLargeMessages() {
        Inbox inbox = new Inbox(true);
        Connection connection = connect(login("large", true), inbox);
        Await.result(connection.publish(new Frame("unheard", Bytes.wrap(new byte[131_072]), Qos.AT_LEAST_ONCE)));
        Await.result(connection.subscribe(List.of(new Subscription("large", Qos.AT_LEAST_ONCE))));
        byte[] large = new byte[60_000]; // Moquette never sends more than 64 KB to one that listens to itself
        large[59_999] = 7;
        Await.result(connection.publish(new Frame("large", Bytes.of(large), Qos.AT_LEAST_ONCE)));
        Await.until("it to arrive", () -> !inbox.messages.isEmpty());
        assertEquals(Bytes.of(large), inbox.messages.get(0).payload());
    }

    // The first command that an old session has kept can come together with the answer to the login.
    @Test
    void hearsWhatWasKeptWhileAway() {
        Connection first = connect(login("kept", false), new Inbox(true));
        Await.result(first.subscribe(List.of(new Subscription("kept", Qos.AT_LEAST_ONCE))));
        Await.result(first.close());
        Connection other = connect(login("other", true), new Inbox(true));
        Await.result(other.publish(new Frame("kept", Bytes.utf8("for later"), Qos.AT_LEAST_ONCE)));
        Inbox inbox = new Inbox(true);
        connect(login("kept", false), inbox);
        Await.until("the kept message", () -> !inbox.messages.isEmpty());
        assertEquals("for later", inbox.messages.get(0).payload().text());
    }

    @Test
    void hearsAgainWhatWasNotAcknowledged() {
        Inbox silent = new Inbox(false);
        Connection first = connect(login("again", false), silent);
        Await.result(first.subscribe(List.of(new Subscription("again", Qos.AT_LEAST_ONCE))));
        Await.result(first.publish(new Frame("again", Bytes.utf8("once more"), Qos.AT_LEAST_ONCE)));
        Await.until("it to arrive", () -> !silent.messages.isEmpty());
        Await.result(first.close());

        Inbox inbox = new Inbox(true);
        Connection second = connect(login("again", false), inbox);
        Await.until("it to arrive again", () -> !inbox.messages.isEmpty());
        assertEquals("once more", inbox.messages.get(0).payload().text());
        // a round trip, so that the acknowledgement is through
        Await.result(second.publish(new Frame("nobody", Bytes.EMPTY, Qos.AT_LEAST_ONCE)));
        Await.result(second.close());
        silent.messages.get(0).acknowledge(); // too late and without effect

        Inbox third = new Inbox(true);
        Connection last = connect(login("again", false), third);
        Await.result(last.publish(new Frame("again", Bytes.utf8("new"), Qos.AT_LEAST_ONCE)));
        Await.until("the new one", () -> !third.messages.isEmpty());
        assertEquals("new", third.messages.get(0).payload().text());
    }

    @Test
    void saysThatTheTokenIsWrong() {
        TransportException refused = Await.failure(TransportException.class,
                transport().connect(endpoint(), wrong("stranger"), trust(), new Inbox(true)));
        assertEquals(Reason.BAD_CREDENTIAL, refused.reason());
    }

    @Test
    void saysThatNothingListens() {
        FaultProxy shut = proxy();
        shut.refuse(true);
        TransportException refused = Await.failure(TransportException.class,
                transport().connect(at(shut), login("nobody", true), trust(), new Inbox(true)));
        assertEquals(Reason.NO_NETWORK, refused.reason());
    }

    @Test
    void saysThatTheNameIsUnknown() {
        Endpoint nowhere = new Endpoint(endpoint().scheme(), "no-such-host.invalid", endpoint().port(), endpoint().path());
        TransportException unknown = Await.failure(TransportException.class,
                transport().connect(nowhere, login("nobody", true), trust(), new Inbox(true)));
        assertEquals(Reason.NO_NETWORK, unknown.reason());
        assertTrue(unknown.getMessage().contains("no-such-host.invalid"), unknown.getMessage());
    }

    // Something listens there, but it is no hub, or it hangs.
    @Test
    void saysThatNobodyAnswers() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Endpoint there = new Endpoint(endpoint().scheme(), endpoint().host(), mute.getLocalPort(), endpoint().path());
            TransportException late = Await.failure(TransportException.class,
                    transport().connect(there, login("nobody", true), trust(), new Inbox(true)));
            assertEquals(Reason.TIMEOUT, late.reason());
        }
    }

    @Test
    void canBeGivenUpWhileConnecting() {
        FaultProxy dead = proxy();
        dead.silence(FaultProxy.Silence.BOTH);
        CompletableFuture<Connection> attempt =
                transport().connect(at(dead), login("nobody", true), trust(), new Inbox(true)).toCompletableFuture();
        Await.until("the socket", () -> dead.open() == 1);
        assertTrue(attempt.cancel(false));
        Await.until("the socket to be closed", () -> dead.open() == 0);
    }

    @Test
    void tellsOfACutOnceAndFailsWhatIsUnderWay() {
        FaultProxy proxy = proxy();
        Inbox inbox = new Inbox(true);
        Connection connection = connect(at(proxy), login("cut", true), inbox);
        proxy.silence(FaultProxy.Silence.ANSWERS);
        List<CompletionStage<Void>> underWay = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            underWay.add(connection.publish(new Frame("cut", Bytes.utf8("" + i), Qos.AT_LEAST_ONCE)));
        }
        proxy.cut();
        underWay.forEach(stage -> Await.failure(TransportException.class, stage));
        Await.until("the owner to be told", () -> !inbox.ends.isEmpty());
        Await.failure(TransportException.class, connection.publish(new Frame("cut", Bytes.EMPTY, Qos.AT_MOST_ONCE)));
        Await.failure(TransportException.class, connection.subscribe(List.of(new Subscription("cut", Qos.AT_LEAST_ONCE))));
        Await.result(connection.close());
        assertEquals(1, inbox.ends.size());
    }

    @Test
    void closesWithoutCallingItLost() {
        Inbox inbox = new Inbox(true);
        Connection connection = connect(login("close", true), inbox);
        Await.result(connection.close());
        Await.result(connection.close());
        Await.failure(TransportException.class, connection.publish(new Frame("close", Bytes.EMPTY, Qos.AT_LEAST_ONCE)));
        assertTrue(inbox.ends.isEmpty(), inbox.ends.toString());
    }

    // A goodbye that cannot be sent must not hold up whoever says it, nor leave the stages open.
    @Test
    void closesOverADeadWire() {
        FaultProxy proxy = proxy();
        Connection connection = connect(at(proxy), login("dead", true), new Inbox(true));
        proxy.silence(FaultProxy.Silence.BOTH);
        CompletionStage<Void> open = connection.publish(new Frame("dead", Bytes.EMPTY, Qos.AT_LEAST_ONCE));
        Await.result(connection.close());
        Await.failure(TransportException.class, open);
        Await.until("the socket to be closed", () -> proxy.open() == 0);
    }

    @Test
    void refusesTopicsWithWildcards() {
        Connection connection = connect(login("wild", true), new Inbox(true));
        assertThrows(IllegalArgumentException.class, () -> connection.publish(new Frame("a/+/b", Bytes.EMPTY, Qos.AT_LEAST_ONCE)));
        assertThrows(IllegalArgumentException.class, () -> connection.publish(new Frame("a/#", Bytes.EMPTY, Qos.AT_MOST_ONCE)));
        Await.result(connection.publish(new Frame("a/b", Bytes.EMPTY, Qos.AT_LEAST_ONCE)));
    }

    // An owner that throws must not cost the connection.
    @Test
    void outlivesAnOwnerThatThrows() {
        List<String> heard = new CopyOnWriteArrayList<>();
        Connection connection = connect(endpoint(), login("throws", true), new ConnectionEvents() {
            @Override
            public void arrived(Incoming message) {
                heard.add(message.topic());
                message.acknowledge();
                throw new NoClassDefFoundError("of a codec that has just gone");
            }

            @Override
            public void lost(TransportException cause) {
                heard.add("lost: " + cause.getMessage());
            }
        });
        Await.result(connection.subscribe(List.of(new Subscription("throws/#", Qos.AT_LEAST_ONCE))));
        Await.result(connection.publish(new Frame("throws/1", Bytes.EMPTY, Qos.AT_LEAST_ONCE)));
        Await.result(connection.publish(new Frame("throws/2", Bytes.EMPTY, Qos.AT_LEAST_ONCE)));
        Await.until("both", () -> heard.size() == 2);
        assertEquals(List.of("throws/1", "throws/2"), heard);
    }

    /** A stretch of wire to the broker that can be cut. */
    protected final FaultProxy proxy() {
        FaultProxy proxy = new FaultProxy("127.0.0.1", endpoint().port());
        proxies.add(proxy);
        return proxy;
    }

    protected final Endpoint at(FaultProxy proxy) {
        return new Endpoint(endpoint().scheme(), endpoint().host(), proxy.port(), endpoint().path());
    }

    protected final Connection connect(Login login, ConnectionEvents events) {
        return connect(endpoint(), login, events);
    }

    protected final Connection connect(Endpoint endpoint, Login login, ConnectionEvents events) {
        Runnable readiness = readiness(login.clientId());
        Connection connection = Await.result(transport().connect(endpoint, login, trust(), events));
        opened.add(connection);
        readiness.run();
        return connection;
    }

    /** Keeps what arrives, and acknowledges it if told so. */
    protected static final class Inbox implements ConnectionEvents {

        public final List<Incoming> messages = new CopyOnWriteArrayList<>();
        public final List<TransportException> ends = new CopyOnWriteArrayList<>();
        private final boolean acknowledge;

        public Inbox(boolean acknowledge) {
            this.acknowledge = acknowledge;
        }

        @Override
        public void arrived(Incoming message) {
            messages.add(message);
            if (acknowledge) {
                message.acknowledge();
            }
        }

        @Override
        public void lost(TransportException cause) {
            ends.add(cause);
        }
    }
}
