package io.pantograph.hub.azure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.azure.Event;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.model.Bytes;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogRoomTest {

    private static final Identity DEVICE = Identity.of("d-1");

    @TempDir
    Path folder;

    private final ManualClock clock = new ManualClock();

    private EventLogRoom open() throws IOException {
        return new EventLogRoom(folder, 64 << 10, 256 << 10, Duration.ofHours(1), clock);
    }

    private static long say(EventLogRoom log, String text) {
        return log.append(DEVICE, "Telemetry", Map.of("message-id", "m"), Map.of(), Bytes.utf8(text));
    }

    @Test
    void givesBackWhatItTook() throws Exception {
        EventLogRoom log = open();
        assertEquals(0, log.append(Identity.of("d", "m"), "Telemetry", Map.of("content-type", "text/plain"), Map.of("grüße", "ß😀", "", ""), Bytes.utf8("body")));
        assertEquals(1, log.append(DEVICE, "twinChangeEvents", Map.of(), Map.of(), Bytes.EMPTY));
        List<Event> events = log.read(0, 10);
        assertEquals(new Event(0, clock.instant(), Identity.of("d", "m"), "Telemetry", Map.of("content-type", "text/plain"), Map.of("grüße", "ß😀", "", ""),
                Bytes.utf8("body")), events.get(0));
        assertEquals(new Event(1, clock.instant(), DEVICE, "twinChangeEvents", Map.of(), Map.of(), Bytes.EMPTY), events.get(1));
        assertEquals(2, log.end());
        assertEquals(List.of(), log.read(2, 10));
        log.close();
    }

    // The disk is full, say: that is found out once a second, not once for each message.
    @Test
    void triesNotAllTheTimeWhatFailed() throws Exception {
        EventLogRoom log = open();
        Path obstacle = folder.resolve("0".repeat(19) + ".events").resolve("x");
        Files.createDirectories(obstacle);
        assertTrue(assertThrows(UncheckedIOException.class, () -> say(log, "a")).getMessage().contains("make room on the disk"));
        Files.delete(obstacle);
        assertTrue(assertThrows(UncheckedIOException.class, () -> say(log, "b")).getMessage().contains("make room on the disk"));
        clock.advance(Duration.ofSeconds(1));
        assertEquals(0, say(log, "c"));
        assertEquals(1, say(log, "d"));
        log.close();
    }

    @Test
    void goesOnAfterARestartWithoutAGoodbye() throws Exception {
        EventLogRoom first = open();
        for (int i = 0; i < 1000; i++) {
            say(first, "event " + i);
        }
        EventLogRoom second = open(); // the first one was not closed: as after kill -9
        assertEquals(1000, second.end());
        assertEquals(1000, say(second, "event 1000"));
        List<Event> all = new ArrayList<>();
        for (long from = 0; from < second.end(); from += 100) {
            all.addAll(second.read(from, 100));
        }
        for (int i = 0; i <= 1000; i++) {
            assertEquals(i, all.get(i).sequence());
            assertEquals("event " + i, all.get(i).body().text());
        }
        first.close();
        second.close();
    }

    @Test
    void leavesOutAWriteThatWasCutShort() throws Exception {
        EventLogRoom first = open();
        say(first, "one");
        say(first, "two");
        first.close();
        Path file;
        try (Stream<Path> files = Files.list(folder)) {
            file = files.findFirst().orElseThrow();
        }
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            int length = raw.readInt();
            raw.seek(16 + length + 16 + 3); // in the middle of the second record
            raw.write('X');
        }
        EventLogRoom second = open();
        assertEquals(1, second.end());
        assertEquals(1, say(second, "2"));
        second.close();
        EventLogRoom third = open();
        assertEquals(List.of("one", "2"), third.read(0, 10).stream().map(event -> event.body().text()).toList());
        third.close();
    }

    @Test
    void keepsToItsBounds() throws Exception {
        EventLogRoom log = open();
        String text = "x".repeat(1000);
        for (int i = 0; i < 1000; i++) {
            say(log, text);
        }
        List<Event> oldest = log.read(0, 1);
        assertTrue(oldest.get(0).sequence() > 500, "the oldest is " + oldest.get(0).sequence());
        try (Stream<Path> files = Files.list(folder)) {
            assertTrue(files.count() <= 5);
        }
        clock.advance(Duration.ofHours(2));
        for (int i = 0; i < 70; i++) {
            say(log, text);
        }
        assertTrue(log.read(0, 1).get(0).sequence() >= 940, "older than an hour: " + log.read(0, 1).get(0).sequence());
        log.close();
    }

    @Test
    void findsByTime() throws Exception {
        EventLogRoom log = open();
        assertEquals(0, log.since(clock.instant()));
        for (int i = 0; i < 1500; i++) {
            say(log, "event " + i);
            clock.advance(Duration.ofMillis(10));
        }
        for (int wanted : new int[] {0, 1, 255, 256, 257, 700, 1024, 1499}) {
            assertEquals(wanted, log.since(clock.instant().minusMillis(10L * (1500 - wanted))), "of " + wanted);
            assertEquals(wanted, log.since(clock.instant().minusMillis(10L * (1500 - wanted) + 9)), "a little before " + wanted);
        }
        assertEquals(1500, log.since(clock.instant()));
        log.close();
    }

    @Test
    void wakesWhoFollows() throws Exception {
        EventLogRoom log = open();
        AtomicInteger woken = new AtomicInteger();
        AtomicBoolean seen = new AtomicBoolean();
        AutoCloseable following = log.follow(() -> {
            woken.incrementAndGet();
            seen.compareAndSet(false, log.end() == 100);
        });
        for (int i = 0; i < 100; i++) {
            say(log, "event");
        }
        Await.until("the last event was told", seen::get);
        following.close();
        int before = woken.get();
        say(log, "one more");
        say(log, "and another");
        log.close();
        assertEquals(before, woken.get());
    }

    @Test
    void takesFromManyAtOnce() throws Exception {
        EventLogRoom log = new EventLogRoom(folder, 1 << 20, 64 << 20, Duration.ofHours(1), clock);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Identity from = Identity.of("d-" + t);
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 5000; i++) {
                    log.append(from, "Telemetry", Map.of(), Map.of(), Bytes.utf8(Integer.toString(i)));
                }
            });
            threads.add(thread);
            thread.start();
        }
        int[] next = new int[4];
        long at = 0;
        while (at < 20_000) {
            for (Event event : log.read(at, 1000)) { // while they write
                assertEquals(at++, event.sequence());
                int who = event.from().device().charAt(2) - '0';
                assertEquals(Integer.toString(next[who]++), event.body().text());
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }
        log.close();
    }
}
