package io.pantograph.hub.azure;

import io.pantograph.api.azure.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A file of the log: records one after the other, each a length, a check sum, a time and its content. The length is written last, so that
 * a record is there as a whole or not at all however the process ends; the check sum is for a power cut. All of the file's blocks are
 * there from the start, since a mapped file on a full disk would take the process with it.
 *
 * <p>One writer; readers see what was there when {@link #end} said so.
 */
final class EventLogSegment {

    private static final int HEAD = 16;
    /** So many records lie between two whose place is remembered. */
    private static final int STEP = 256;

    private final Path file;
    private final long first;
    private final int size;
    private final MappedByteBuffer buffer;
    private volatile int count;
    private volatile long lastMillis;
    private volatile int[] places = new int[16];
    private int end;

    private EventLogSegment(Path file, long first, MappedByteBuffer buffer) {
        this.file = file;
        this.first = first;
        this.buffer = buffer;
        size = buffer.capacity();
    }

    static EventLogSegment make(Path file, long first, int size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
            for (int written = 0; written < size;) {
                zeros.clear().limit(Math.min(zeros.capacity(), size - written));
                written += channel.write(zeros, written);
            }
            return new EventLogSegment(file, first, channel.map(FileChannel.MapMode.READ_WRITE, 0, size));
        } catch (IOException e) {
            Files.deleteIfExists(file); // half of it is of no use
            throw e;
        }
    }

    /** As it was left, however it was left. */
    static EventLogSegment open(Path file, long first) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            EventLogSegment segment = new EventLogSegment(file, first, channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size()));
            segment.recover();
            return segment;
        }
    }

    private void recover() {
        while (end + HEAD <= size) {
            int length = buffer.getInt(end);
            if (length <= 0 || length > size - end - HEAD || buffer.getInt(end + 4) != sum(buffer.slice(end + 8, length + 8))) {
                break;
            }
            taken(buffer.getLong(end + 8), length);
        }
        // What follows the last good record is of a write that was cut short: it must not be taken for the record after the next one.
        for (int i = end; i < size && i < end + (1 << 20); i++) {
            buffer.put(i, (byte) 0);
        }
    }

    private static int sum(ByteBuffer content) {
        CRC32C sum = new CRC32C();
        sum.update(content);
        return (int) sum.getValue();
    }

    /** @return false if there is no room for it */
    boolean append(long millis, byte[] record) {
        if (record.length > size - end - HEAD) {
            return false;
        }
        buffer.putLong(end + 8, millis);
        buffer.put(end + HEAD, record);
        buffer.putInt(end + 4, sum(buffer.slice(end + 8, record.length + 8)));
        buffer.putInt(end, record.length);
        taken(millis, record.length);
        return true;
    }

    private void taken(long millis, int length) {
        if (count % STEP == 0) {
            int place = count / STEP;
            if (place == places.length) {
                places = Arrays.copyOf(places, place * 2);
            }
            places[place] = end;
        }
        end += HEAD + length;
        lastMillis = millis;
        count++; // last: whoever sees it sees the rest
    }

    /** Adds events from this sequence on until there are so many or so many bytes. @return the bytes added */
    long read(long from, int most, long mostBytes, List<Event> into) {
        int index = (int) (from - first);
        int there = count;
        long bytes = 0;
        int at = place(index);
        for (int i = index / STEP * STEP; i < there && into.size() < most && bytes < mostBytes; i++) {
            int length = buffer.getInt(at);
            if (i >= index) {
                into.add(EventLogRecord.read(first + i, Instant.ofEpochMilli(buffer.getLong(at + 8)), buffer.slice(at + HEAD, length)));
                bytes += length;
            }
            at += HEAD + length;
        }
        return bytes;
    }

    /** The first that was taken at this time or later; {@link #end} if none was. */
    long since(long millis) {
        int there = count;
        int step = 0;
        while ((step + 1) * STEP < there && buffer.getLong(places[step + 1] + 8) < millis) {
            step++;
        }
        int at = place(step * STEP);
        for (int i = step * STEP; i < there; i++) {
            if (buffer.getLong(at + 8) >= millis) {
                return first + i;
            }
            at += HEAD + buffer.getInt(at);
        }
        return first + there;
    }

    private int place(int index) {
        return places[index / STEP];
    }

    long first() {
        return first;
    }

    /** The sequence after its last. */
    long end() {
        return first + count;
    }

    /** Of its newest event; 0 if it has none. */
    long lastMillis() {
        return lastMillis;
    }

    int size() {
        return size;
    }

    void force() {
        buffer.force();
    }

    void delete() throws IOException {
        Files.deleteIfExists(file);
    }
}
