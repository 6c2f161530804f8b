package io.pantograph.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.listener.DeviceListener;
import io.pantograph.api.model.Condition;
import io.pantograph.api.model.Condition.Kind;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.DeviceStatus;
import io.pantograph.testkit.Await;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NewsDeskTest {

    private static final DeviceId ONE = new DeviceId("a", "one");
    private static final DeviceId TWO = new DeviceId("a", "two");

    private final NewsDesk desk = new NewsDesk();

    @AfterEach
    void close() {
        desk.close();
    }

    @Test
    void aLateListenerIsToldThePresentFirst() {
        desk.status(ONE, status(DeviceStatus.State.CONNECTING));
        desk.status(ONE, status(DeviceStatus.State.CONNECTED));
        desk.status(TWO, status(DeviceStatus.State.CONNECTED));
        desk.status(TWO, status(DeviceStatus.State.CLOSED));
        Recorder late = new Recorder();
        desk.add(1L, () -> late);
        desk.status(ONE, status(DeviceStatus.State.WAITING));
        desk.condition(condition(Kind.MISSING_DECODER));
        Await.until("all is told", () -> late.heard.size() == 3);
        assertEquals(List.of("a/one CONNECTED", "a/one WAITING", "MISSING_DECODER"), late.heard);
    }

    @Test
    void countsByKind() {
        for (int i = 0; i < 30; i++) {
            desk.condition(condition(Kind.UNDECODABLE));
        }
        desk.condition(condition(Kind.LATE));
        assertEquals(30, desk.count(Kind.UNDECODABLE));
        assertEquals(1, desk.count(Kind.LATE));
        assertEquals(0, desk.count(Kind.OVERFLOW));
    }

    @Test
    void aListenerThatThrowsChangesNothing() {
        DeviceListener broken = new DeviceListener() {
            @Override
            public void condition(Condition condition) {
                throw new NoClassDefFoundError("half/Gone");
            }
        };
        desk.add(1L, () -> broken);
        desk.add(3L, () -> null);
        Recorder other = new Recorder();
        desk.add(2L, () -> other);
        for (int i = 0; i < 250; i++) {
            desk.condition(condition(Kind.LATE));
        }
        Await.until("the other hears all", () -> other.heard.size() == 250);
    }

    @Test
    void aSlowListenerLosesTheOldest() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        List<String> heard = new CopyOnWriteArrayList<>();
        DeviceListener slow = new DeviceListener() {
            @Override
            public void condition(Condition condition) {
                entered.countDown();
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                heard.add(condition.subject());
            }
        };
        desk.add(1L, () -> slow);
        desk.condition(condition(Kind.LATE, "first"));
        entered.await();
        for (int i = 0; i < 1010; i++) {
            desk.condition(condition(Kind.LATE, "c" + i));
        }
        gate.countDown();
        Await.until("the rest is told", () -> heard.size() == 1001);
        assertEquals("c10", heard.get(1));
        assertEquals("c1009", heard.get(1000));
    }

    @Test
    void whoLeftHearsNothing() {
        Recorder gone = new Recorder();
        desk.add(1L, () -> gone);
        desk.remove(1L);
        Recorder stays = new Recorder();
        desk.add(2L, () -> stays);
        desk.condition(condition(Kind.LATE));
        Await.until("the other hears it", () -> stays.heard.size() == 1);
        assertEquals(List.of(), gone.heard);
    }

    @Test
    void aFloodIsWrittenEverMoreSeldom() {
        long lines = java.util.stream.LongStream.rangeClosed(1, 100_000).filter(Milestones::reached).count();
        assertEquals(6, lines);
        assertTrue(Milestones.reached(1000));
        assertFalse(Milestones.reached(1001));
        assertFalse(Milestones.reached(2000));
    }

    private static DeviceStatus status(DeviceStatus.State state) {
        return new DeviceStatus(state, DeviceStatus.Reason.NONE, "", Instant.EPOCH);
    }

    private static Condition condition(Kind kind) {
        return condition(kind, "status");
    }

    private static Condition condition(Kind kind, String subject) {
        return new Condition(kind, ONE, subject, "json", "planted", Instant.EPOCH);
    }

    private static final class Recorder implements DeviceListener {

        final List<String> heard = new CopyOnWriteArrayList<>();

        @Override
        public void status(DeviceId device, DeviceStatus status) {
            heard.add(device + " " + status.state());
        }

        @Override
        public void condition(Condition condition) {
            heard.add(condition.kind().toString());
        }
    }
}
