package io.pantograph.session;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.command.Command;
import io.pantograph.api.command.CommandResult;
import io.pantograph.api.core.Session;
import io.pantograph.api.core.Settings;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeviceStatus.Reason;
import io.pantograph.api.model.DeviceStatus.State;
import io.pantograph.api.transport.Connection;
import io.pantograph.api.transport.ConnectionEvents;
import io.pantograph.api.transport.Transport;
import io.pantograph.api.transport.TransportException;
import io.pantograph.api.wire.Endpoint;
import io.pantograph.api.wire.Frame;
import io.pantograph.api.wire.Login;
import io.pantograph.api.wire.Subscription;
import io.pantograph.testkit.Await;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The room as it ships, with its own threads and by the real clock: many reconnects, and what is left of them. */
@Timeout(120)
class LeakTest {

    private static final int DEVICES = 50;
    private static final int RECONNECTS = 500;
    private static final int MOST_THREADS = 5; // the clock, and four for what comes in

    @TempDir
    Path home;

    @Test
    void fiveHundredReconnectsLeaveNoThread() {
        House house = new House();
        house.hasTwin = true;
        CuttingTransport transport = new CuttingTransport();
        SessionRoom room = room(house);
        room.setTransport(transport);
        room.setTwins(device -> new House.FakeTwin());
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < DEVICES; i++) {
            House.FakeLane lane = new House.FakeLane();
            lane.put("e"); // what comes through makes the next pause a short one
            sessions.add(room.open(house.new FakeProfile("localhost"), lane));
        }
        Await.until(() -> transport.connects + " connects", Duration.ofSeconds(90), () -> transport.connects.get() >= RECONNECTS + DEVICES);
        transport.cutting = false;
        Await.until("all to be connected", () -> sessions.stream().allMatch(session -> session.status().state() == State.CONNECTED));
        List<String> threads = threads();
        assertTrue(threads.size() <= MOST_THREADS, threads.toString());
        Await.until(() -> transport.open.size() + " connections are open", Await.USUAL, () -> transport.open.size() == DEVICES);
        room.close();
        Await.until(() -> "no thread to be left of " + threads(), Await.USUAL, () -> threads().isEmpty());
        Await.until(() -> transport.open.size() + " connections are open", Await.USUAL, () -> transport.open.isEmpty());
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().filter(Thread::isAlive).map(Thread::getName)
                .filter(name -> name.startsWith("pantograph-session")).toList();
    }

    private SessionRoom room(House house) {
        Map<String, Object> settings = Map.of("window", 10, "keep_alive_s", 30, "stall_s", 20, "pause_s", 1, "refused_pause_s", 120,
                "command_patience_s", 60, "inbound", 100, "parked", 50, "parked_bytes", 1_000_000L);
        SessionRoom.Config config = (SessionRoom.Config) Proxy.newProxyInstance(LeakTest.class.getClassLoader(),
                new Class<?>[] {SessionRoom.Config.class}, (proxy, method, arguments) -> settings.get(method.getName()));
        Settings here = (Settings) Proxy.newProxyInstance(LeakTest.class.getClassLoader(), new Class<?>[] {Settings.class},
                (proxy, method, arguments) -> method.getName().equals("home") ? home : Optional.empty());
        return new SessionRoom(config, here, house.codecs(), LeakTest::done, house.deaf());
    }

    private static CompletionStage<CommandResult> done(Command command) {
        return CompletableFuture.completedFuture(CommandResult.ok());
    }

    /** Takes every login, sends one call, acknowledges one reading, and cuts. */
    private static final class CuttingTransport implements Transport {

        final AtomicInteger connects = new AtomicInteger();
        final Set<Connection> open = ConcurrentHashMap.newKeySet();
        volatile boolean cutting = true;

        @Override
        public CompletionStage<Connection> connect(Endpoint endpoint, Login login, SSLContext trust, ConnectionEvents events) {
            int number = connects.incrementAndGet();
            Connection connection = new Connection() {

                @Override
                public CompletionStage<Void> publish(Frame frame) {
                    if (cutting) {
                        CompletableFuture.runAsync(() -> events.lost(new TransportException(Reason.NO_NETWORK, "cut", null)));
                    }
                    return CompletableFuture.completedFuture(null);
                }

                @Override
                public CompletionStage<Void> subscribe(List<Subscription> subscriptions) {
                    events.arrived(new House.FakeIncoming("ask/" + number + "/blink/text", Bytes.utf8("x")));
                    return CompletableFuture.completedFuture(null);
                }

                @Override
                public CompletionStage<Void> close() {
                    open.remove(this);
                    return CompletableFuture.completedFuture(null);
                }
            };
            open.add(connection);
            return CompletableFuture.completedFuture(connection);
        }
    }
}
