package io.pantograph.hub.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hivemq.persistence.payload.PublishPayloadPersistence;
import com.hivemq.persistence.payload.PublishPayloadPersistenceImpl;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import io.pantograph.hub.mqtt.TestHub.Guest;
import io.pantograph.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages that wait at QoS 0 leave no trace on disk, and none in memory once they are gone. */
class LightMessagesTest {

    private static final int MESSAGES = 300;
    /** HiveMQ's limit for one client. */
    private static final int MOST_WAITING = 5 << 20;

    @TempDir
    Path home;

    private static Payloads payloads(TestHub hub) {
        return (Payloads) hub.broker.engine().toCompletableFuture().join().part(PublishPayloadPersistence.class);
    }

    private static int onDisk(TestHub hub) {
        return hub.broker.engine().toCompletableFuture().join().part(PublishPayloadPersistenceImpl.class).getReferenceCountersAsMap().size();
    }

    private static void leavesNothing(TestHub hub) {
        Await.until(() -> payloads(hub).inMemory() + " payloads are still in memory", Await.USUAL, () -> payloads(hub).inMemory() == 0);
        Await.until(() -> onDisk(hub) + " payloads are still on disk", Await.USUAL, () -> onDisk(hub) == 0);
    }

    private long written() throws Exception {
        try (Stream<Path> files = Files.walk(home.resolve("hub/sessions/persistence/publish_payload_store"))) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private static String text(int number) {
        return number + " ".repeat(1_000);
    }

    @Test
    void areNotWrittenToDisk() throws Exception {
        try (TestHub hub = new TestHub(home); Guest device = hub.guest("d:quick"); Guest application = hub.guest("a:app")) {
            device.client.subscribe("cmd/#", 0);
            long before = written();
            for (int i = 0; i < MESSAGES; i++) {
                application.say("dev/quick/cmd/n", text(i), 1);
            }
            for (int i = 0; i < MESSAGES; i++) {
                assertEquals(text(i), device.hear().text());
            }
            assertTrue(written() - before < 20_000, "the payloads' files grew from " + before + " to " + written());
            leavesNothing(hub);
        }
    }

    @Test
    void doNotKeepFromDiskWhatWaitsForAnother() throws Exception {
        try (TestHub hub = new TestHub(home)) {
            try (Guest away = hub.guest("a:away", false)) {
                away.client.subscribe("dev/#", 1);
            }
            try (Guest device = hub.guest("d:quick"); Guest application = hub.guest("a:app")) {
                device.client.subscribe("cmd/#", 0);
                for (int i = 0; i < MESSAGES; i++) {
                    application.say("dev/quick/cmd/n", text(i), 1);
                    assertEquals(text(i), device.hear().text());
                }
            }
            assertEquals(MESSAGES, onDisk(hub));
        }
        try (TestHub hub = new TestHub(home); Guest away = hub.guest("a:away", false)) {
            for (int i = 0; i < MESSAGES; i++) {
                assertEquals(text(i), away.hear().text());
            }
            leavesNothing(hub);
        }
    }

    @Test
    void leaveNothingWhateverElseWaitsForThem() throws Exception {
        try (TestHub hub = new TestHub(home); Guest device = hub.guest("d:quick"); Guest one = hub.guest("a:one"); Guest two = hub.guest("a:two");
                Guest shared = hub.guest("A:group"); Guest application = hub.guest("a:app")) {
            device.client.subscribe("cmd/#", 0);
            one.client.subscribe("dev/#", 0);
            two.client.subscribe("dev/#", 1);
            shared.client.subscribe("dev/#", 0);
            for (int i = 0; i < MESSAGES; i++) {
                application.say("dev/quick/cmd/n", text(i), i % 3);
            }
            for (Guest guest : new Guest[] {device, one, two, shared}) {
                for (int i = 0; i < MESSAGES; i++) {
                    guest.hear(); // in any order: one QoS may overtake another
                }
            }
            leavesNothing(hub);
        }
    }

    @Test
    void areDroppedWhenAClientDoesNotReadAndGoneWhenItIsCut() throws Exception {
        Bytes large = Bytes.utf8("x".repeat(120_000));
        try (TestHub hub = new TestHub(home)) {
            try (Wire wire = new Wire(hub.at.mqtt()).connect("d:deaf")) {
                wire.say(Wire.packet(0x82, Wire.join(new byte[] {0, 1}, Wire.string("cmd/#"), new byte[] {0}))).hear(5);
                for (int i = 0; i < MESSAGES; i++) {
                    hub.broker.route("dev/deaf/cmd/n", large, Qos.AT_LEAST_ONCE).toCompletableFuture().get(10, TimeUnit.SECONDS);
                }
                Await.until("a message waits; if none does, send more", () -> payloads(hub).inMemory() > 0);
                assertTrue(payloads(hub).inMemory() <= MOST_WAITING / large.length() + 1, payloads(hub).inMemory() + " wait");
            }
            hub.rules.left("d:deaf");
            leavesNothing(hub);
        }
    }
}
