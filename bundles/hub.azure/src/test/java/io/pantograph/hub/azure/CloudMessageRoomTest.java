package io.pantograph.hub.azure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.AzureListener;
import io.pantograph.api.azure.CloudMessage;
import io.pantograph.api.azure.CloudMessages.Feedback;
import io.pantograph.api.azure.Credential;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.hub.Database;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.ManualClock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CloudMessageRoomTest {

    private static final Identity DEVICE = Identity.of("d-1");

    /** Work is done at once, on the thread that gives it. */
    private static final class PlainDatabase implements Database {

        final Connection connection;
        private boolean atWork;

        PlainDatabase(Path file) throws SQLException {
            connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        }

        @Override
        public void tables(String room, List<List<String>> steps) {
            try (Statement statement = connection.createStatement()) {
                if (connection.getMetaData().getTables(null, null, room, null).next()) {
                    return;
                }
                for (String sql : steps.get(0)) {
                    statement.execute(sql);
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public synchronized <T> T call(Work<T> work) {
            assertFalse(atWork, "work that gives work waits for itself for ever");
            atWork = true;
            try {
                return work.run(connection);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            } finally {
                atWork = false;
            }
        }

        @Override
        public <T> CompletableFuture<T> submit(Work<T> work) {
            return CompletableFuture.completedFuture(call(work));
        }
    }

    @TempDir
    Path folder;

    private final ManualClock clock = new ManualClock();
    private final List<Identity> told = new ArrayList<>();
    private PlainDatabase database;
    private CloudMessageRoom room;

    @BeforeEach
    void open() throws Exception {
        database = new PlainDatabase(folder.resolve("hub.db"));
        room = again();
    }

    private CloudMessageRoom again() {
        CloudMessageRoom made = new CloudMessageRoom(database, clock, identity -> identity.device().equals("nobody") ? Optional.empty()
                : database.call(connection -> Optional.of(new Credential(identity, true, Credential.Kind.SAS, List.of(), List.of(), "g-1"))));
        made.addListener(new AzureListener() {
            @Override
            public void waiting(Identity identity) {
                told.add(identity);
            }
        });
        return made;
    }

    @AfterEach
    void close() throws Exception {
        room.close();
        database.connection.close();
    }

    private CloudMessage send(String text, String... system) throws AzureException {
        Map<String, String> all = new java.util.HashMap<>();
        for (int i = 0; i < system.length; i += 2) {
            all.put(system[i], system[i + 1]);
        }
        return room.send(DEVICE, all, Map.of("p", "é&="), Bytes.utf8(text));
    }

    private String taken() {
        return room.take(DEVICE).map(message -> message.body().text()).orElse("-");
    }

    @Test
    void deliversInOrderAndForgetsWhatIsDone() throws Exception {
        CloudMessage one = send("one", "message-id", "m-1", "correlation-id", "c");
        send("two");
        assertEquals(List.of(DEVICE, DEVICE), told);
        CloudMessage first = room.take(DEVICE).orElseThrow();
        assertEquals(one, first);
        assertEquals(Map.of("p", "é&="), first.properties());
        assertEquals("two", taken());
        assertEquals("-", taken());
        assertEquals(2, room.count(DEVICE));
        Await.result(room.complete(first));
        assertEquals(1, room.count(DEVICE));
    }

    @Test
    void givesAgainWhatWasAbandonedAndAtTheEndOfALock() throws Exception {
        send("one");
        CloudMessage first = room.take(DEVICE).orElseThrow();
        assertEquals(0, first.deliveries());
        Await.result(room.abandon(first));
        assertEquals(List.of(DEVICE, DEVICE), told);
        assertEquals(1, room.take(DEVICE).orElseThrow().deliveries());
        clock.advance(Duration.ofSeconds(59));
        room.look();
        assertEquals("-", taken());
        clock.advance(Duration.ofSeconds(1));
        room.look();
        assertEquals(3, told.size());
        assertEquals(2, room.take(DEVICE).orElseThrow().deliveries());
    }

    @Test
    void buriesWhatIsDeliveredTooOften() throws Exception {
        send("one", "iothub-ack", "full");
        send("two");
        for (int i = 0; i < 10; i++) {
            Await.result(room.abandon(room.take(DEVICE).orElseThrow()));
        }
        assertEquals("two", taken());
        assertEquals(List.of("DeliveryCountExceeded"), statuses());
    }

    @Test
    void buriesWhatIsTooLate() throws Exception {
        send("one", "iothub-ack", "negative", "absolute-expiry-time", clock.instant().plusSeconds(10).toString());
        send("two", "iothub-ack", "positive");
        clock.advance(Duration.ofSeconds(11));
        assertEquals("two", taken());
        clock.advance(Duration.ofHours(1));
        room.look();
        assertEquals(0, room.count(DEVICE));
        assertEquals(List.of("Expired"), statuses()); // the second had not asked to hear of that
    }

    private List<String> statuses() {
        return room.feedback().map(feedback -> feedback.records().stream().map(record -> record.text("statusCode")).toList()).orElse(List.of());
    }

    @Test
    void tellsWhoAskedHowItWent() throws Exception {
        for (String ack : List.of("none", "positive", "negative", "full")) {
            send(ack, "message-id", ack, "iothub-ack", ack);
            Await.result(room.complete(room.take(DEVICE).orElseThrow()));
        }
        Feedback feedback = room.feedback().orElseThrow();
        assertEquals(List.of("positive", "full"), feedback.records().stream().map(record -> record.text("originalMessageId")).toList());
        Values record = feedback.records().get(0);
        assertEquals("Success", record.text("statusCode"));
        assertEquals("d-1", record.text("deviceId"));
        assertEquals("g-1", record.text("deviceGenerationId"));
        assertEquals(Optional.empty(), room.feedback()); // locked
        assertTrue(room.settle(feedback.lock(), false));
        Feedback second = room.feedback().orElseThrow();
        clock.advance(Duration.ofMinutes(2));
        assertEquals(2, room.feedback().orElseThrow().records().size(), "the lock is over");
        assertFalse(room.settle(second.lock(), true), "it is another's by now");
        for (String nonsense : List.of("", "1", "a-b-c", "1-2-3-4")) {
            assertFalse(room.settle(nonsense, true), nonsense);
        }
    }

    @Test
    void keepsToItsBounds() throws Exception {
        assertRefused(AzureError.MessageTooLarge, () -> send("x".repeat(64 * 1024 + 1)));
        assertRefused(AzureError.ArgumentInvalid, () -> send("x", "iothub-ack", "maybe"));
        assertRefused(AzureError.ArgumentInvalid, () -> send("x", "message-id", "m".repeat(129)));
        assertRefused(AzureError.InvalidMessageExpiryTime, () -> send("x", "absolute-expiry-time", "tomorrow"));
        assertRefused(AzureError.InvalidMessageExpiryTime, () -> send("x", "absolute-expiry-time", clock.instant().toString()));
        assertRefused(AzureError.InvalidMessageExpiryTime, () -> send("x", "absolute-expiry-time", clock.instant().plus(Duration.ofDays(3)).toString()));
        assertRefused(AzureError.DeviceNotFound, () -> room.send(Identity.of("nobody"), Map.of(), Map.of(), Bytes.EMPTY));
        assertRefused(AzureError.ModuleNotFound, () -> room.send(Identity.of("nobody", "m"), Map.of(), Map.of(), Bytes.EMPTY));
        for (int i = 0; i < 50; i++) {
            send("x");
        }
        assertRefused(AzureError.DeviceMaximumQueueDepthExceeded, () -> send("x"));
        room.send(Identity.of("d-1", "m"), Map.of(), Map.of(), Bytes.EMPTY); // another queue
        assertEquals(Map.of(DEVICE, 50, Identity.of("d-1", "m"), 1), room.counts());
        assertEquals(50, room.purge(DEVICE));
        assertEquals(0, room.count(DEVICE));
        assertEquals(1, room.count(Identity.of("d-1", "m")));
    }

    // Nobody ever asks for them.
    @Test
    void keepsNotAllFeedbackForEver() throws Exception {
        room.complete(send("first", "iothub-ack", "full")).toCompletableFuture().get();
        database.call(connection -> connection.createStatement().executeUpdate("UPDATE azure_message_counter SET number = number + " + CloudMessageTable.MOST_FEEDBACK));
        room.complete(send("second", "iothub-ack", "full")).toCompletableFuture().get();
        assertEquals(1, room.feedback().orElseThrow().records().size());
    }

    private interface Attempt {
        void run() throws Exception;
    }

    private static void assertRefused(AzureError error, Attempt attempt) {
        assertEquals(error, assertThrows(AzureException.class, attempt::run).error());
    }

    @Test
    void survivesARestart() throws Exception {
        send("one");
        send("two");
        room.take(DEVICE);
        room.close();
        room = again();
        assertEquals("one", taken(), "nobody holds its lock any more");
        assertEquals("two", taken());
        assertTrue(send("three").number() > 2);
    }

    @Test
    void goesWithItsDevice() throws Exception {
        send("one");
        room.send(Identity.of("d-1", "m"), Map.of(), Map.of(), Bytes.EMPTY);
        room.ended(Identity.of("d-1", "m"), true, "deleted");
        assertEquals(1, room.count(DEVICE));
        room.ended(DEVICE, false, "disabled");
        assertEquals(1, room.count(DEVICE));
        room.ended(DEVICE, true, "deleted");
        assertEquals(0, room.count(DEVICE));
    }
}
