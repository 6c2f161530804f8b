package io.pantograph.hub.azure;

import io.pantograph.api.azure.Event;
import io.pantograph.api.azure.EventLog;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.core.SettingException;
import io.pantograph.api.core.Settings;
import io.pantograph.api.model.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The event log in {@code HOME/hub/events}: files of 16 MiB, mapped into memory, the oldest deleted when there are too many. */
@Component
public final class EventLogRoom implements EventLog {

    static final String MIB = "pantograph.hub.events.mib";
    static final String HOURS = "pantograph.hub.events.hours";

    private static final Logger log = LoggerFactory.getLogger(EventLogRoom.class);
    private static final int SEGMENT = 16 << 20;
    private static final long MOST_READ = 4 << 20;
    private static final long LOOK_AGAIN_MS = 1_000;
    private static final String ENDING = ".events";

    /** One who wants to be woken. */
    private final class Follower implements AutoCloseable {

        final Runnable wake;
        final AtomicBoolean told = new AtomicBoolean();

        Follower(Runnable wake) {
            this.wake = wake;
        }

        void tell() {
            if (!told.get() && !told.getAndSet(true)) {
                clerk.execute(() -> {
                    told.set(false);
                    try {
                        wake.run();
                    } catch (RuntimeException | LinkageError e) {
                        log.warn("one who follows the events failed", e);
                    }
                });
            }
        }

        @Override
        public void close() {
            followers.remove(this);
        }
    }

    private final Path folder;
    private final int size;
    private final long mostBytes;
    private final Duration longest;
    private final Clock clock;
    private final ScheduledThreadPoolExecutor clerk;
    private final List<Follower> followers = new CopyOnWriteArrayList<>();
    /** Oldest first; the last is written to. Changed under this room's lock. */
    private final CopyOnWriteArrayList<EventLogSegment> segments = new CopyOnWriteArrayList<>();
    private EventLogSegment current;
    /** Why the last try to make a file failed, and when; null if it did not. Under this room's lock. */
    private IOException full;
    private long fullAt;
    private volatile boolean dirty;
    private boolean closed;

    @Activate
    public EventLogRoom(@Reference Settings settings) throws SettingException, IOException {
        this(settings.home().resolve("hub").resolve("events"), SEGMENT, mib(settings) << 20, Duration.ofHours(hours(settings)), Clock.systemUTC());
    }

    private static long mib(Settings settings) throws SettingException {
        return told(settings, MIB, 256, 32, 1 << 20);
    }

    private static long hours(Settings settings) throws SettingException {
        return told(settings, HOURS, 24, 1, 24 * 366);
    }

    private static long told(Settings settings, String key, long otherwise, long least, long most) throws SettingException {
        try {
            return settings.number(key, otherwise, least, most);
        } catch (SettingException e) {
            settings.fail(e);
            throw e;
        }
    }

    EventLogRoom(Path folder, int size, long mostBytes, Duration longest, Clock clock) throws IOException {
        this.folder = folder;
        this.size = size;
        this.mostBytes = mostBytes;
        this.longest = longest;
        this.clock = clock;
        Files.createDirectories(folder);
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
        recover();
        clerk = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "hub-events");
            thread.setDaemon(true);
            return thread;
        });
        clerk.scheduleWithFixedDelay(this::force, 1, 1, TimeUnit.SECONDS);
    }

    private void recover() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.getFileName().toString().matches("\\d{19}\\" + ENDING)).sorted().toList();
        }
        for (Path file : files) {
            long first = Long.parseLong(file.getFileName().toString().substring(0, 19));
            if (current != null && current.end() != first) {
                log.warn("events {} to {} are missing in {}", current.end(), first - 1, folder);
            }
            current = EventLogSegment.open(file, first);
            segments.add(current);
        }
        retire();
    }

    @Override
    public long append(Identity from, String source, Map<String, String> system, Map<String, String> properties, Bytes body) {
        byte[] record = EventLogRecord.write(from, source, system, properties, body);
        long sequence;
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("the event log is closed");
            }
            sequence = end();
            if (current == null || !current.append(clock.millis(), record)) {
                next(sequence, record.length);
                current.append(clock.millis(), record);
            }
        }
        dirty = true;
        for (Follower follower : followers) {
            follower.tell();
        }
        return sequence;
    }

    private void next(long first, int length) {
        if (length > size / 2) {
            throw new IllegalArgumentException("an event of " + length + " bytes is larger than the log takes");
        }
        // To find out costs as much as to make a file, and everybody waits for it.
        if (full != null && Math.abs(clock.millis() - fullAt) < LOOK_AGAIN_MS) {
            throw new UncheckedIOException(full.getMessage(), full);
        }
        Path file = folder.resolve(String.format("%019d", first) + ENDING);
        try {
            Files.deleteIfExists(file); // an empty one of a start before
            segments.removeIf(segment -> segment.first() == first);
            current = EventLogSegment.make(file, first, size);
            full = null;
        } catch (IOException e) {
            full = new IOException("the event log cannot be continued in " + file + " (" + e.getMessage() + "); make room on the disk", e);
            fullAt = clock.millis();
            throw new UncheckedIOException(full.getMessage(), full);
        }
        segments.add(current);
        retire();
    }

    /** Too many, or too old. The one that is written to stays. */
    private void retire() {
        long oldest = clock.millis() - longest.toMillis();
        long bytes = segments.stream().mapToLong(EventLogSegment::size).sum();
        for (EventLogSegment segment : List.copyOf(segments)) {
            if (segment == current || bytes <= mostBytes && segment.lastMillis() >= oldest) {
                return;
            }
            try {
                segment.delete();
            } catch (IOException e) {
                log.warn("an old file of the event log stays: {}", e.toString());
            }
            segments.remove(segment);
            bytes -= segment.size();
        }
    }

    private void force() {
        if (dirty) {
            dirty = false;
            EventLogSegment now;
            synchronized (this) {
                now = current;
            }
            now.force();
        }
    }

    @Override
    public long end() {
        EventLogSegment last = null;
        for (EventLogSegment segment : segments) { // as they are at one moment; the list may change meanwhile
            last = segment;
        }
        return last == null ? 0 : last.end();
    }

    @Override
    public long since(Instant time) {
        for (EventLogSegment segment : segments) {
            if (segment.lastMillis() >= time.toEpochMilli()) {
                return segment.since(time.toEpochMilli());
            }
        }
        return end();
    }

    @Override
    public List<Event> read(long from, int most) {
        List<Event> events = new ArrayList<>();
        long bytes = 0;
        for (EventLogSegment segment : segments) {
            long begin = Math.max(from, segment.first());
            if (begin < segment.end()) {
                bytes += segment.read(begin, most, MOST_READ - bytes, events);
                if (events.size() >= most || bytes >= MOST_READ) {
                    break;
                }
            }
        }
        return events;
    }

    @Override
    public AutoCloseable follow(Runnable wake) {
        Follower follower = new Follower(wake);
        followers.add(follower);
        return follower;
    }

    @Deactivate
    void close() {
        synchronized (this) {
            closed = true;
        }
        clerk.shutdown();
        force();
    }
}
