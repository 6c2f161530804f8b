package io.pantograph.transport.paho;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GatheredOutputTest {

    private static final int PUBLISH = 0x32;
    private static final int PINGREQ = 0xc0;

    private final List<String> calls = new ArrayList<>();
    private final AtomicInteger ahead = new AtomicInteger();
    private final GatheredOutput out = new GatheredOutput(new OutputStream() {
        @Override
        public void write(int one) {
            throw new AssertionError("byte by byte");
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            calls.add(new String(bytes, from, length, StandardCharsets.ISO_8859_1));
        }
    }, ahead);

    /** As Paho does it: head, rest, flush. */
    private void packet(int first, String rest) throws IOException {
        out.write(new byte[] {(byte) first, (byte) rest.length()});
        out.write(rest.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static String text(int first, String rest) {
        return (char) first + "" + (char) (byte) rest.length() + rest;
    }

    @Test
    void writesTheLastMessageAtOnce() throws IOException {
        ahead.set(1);
        packet(PUBLISH, "one");
        assertEquals(List.of(text(PUBLISH, "one")), calls);
    }

    @Test
    void writesAMessageTogetherWithThoseThatFollow() throws IOException {
        ahead.set(3);
        packet(PUBLISH, "one");
        packet(PUBLISH, "two");
        assertEquals(List.of(), calls);
        packet(PUBLISH, "three");
        assertEquals(List.of(text(PUBLISH, "one") + text(PUBLISH, "two") + text(PUBLISH, "three")), calls);
    }

    @Test
    void writesAMessageWithAnyOtherPacket() throws IOException {
        ahead.set(2);
        packet(PUBLISH, "one");
        packet(PINGREQ, "");
        assertEquals(List.of(text(PUBLISH, "one") + text(PINGREQ, "")), calls);
        packet(PUBLISH, "two");
        assertEquals(2, calls.size());
    }

    @Test
    void writesWhatWaitedForAMessageThatNeverCame() throws IOException {
        ahead.set(2);
        packet(PUBLISH, "one");
        out.noLongerAhead();
        assertEquals(List.of(text(PUBLISH, "one")), calls);
    }

    @Test
    void keepsNoMoreThanItHasRoomFor() throws IOException {
        ahead.set(1_000_000);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < 1_000; i++) {
            String rest = "x".repeat(i % 100);
            packet(PUBLISH, rest);
            all.writeBytes(text(PUBLISH, rest).getBytes(StandardCharsets.ISO_8859_1));
        }
        String large = "y".repeat(20_000);
        out.write(large.getBytes(StandardCharsets.ISO_8859_1));
        all.writeBytes(large.getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(all.toString(StandardCharsets.ISO_8859_1), String.join("", calls));
        assertEquals(large, calls.get(calls.size() - 1));
    }

    // What is in the payload of a message is no head.
    @Test
    void knowsAPacketByItsFirstByte() throws IOException {
        ahead.set(2);
        out.write(new byte[] {PUBLISH});
        out.write(new byte[] {(byte) PINGREQ, (byte) PINGREQ});
        out.flush();
        assertEquals(List.of(), calls);
    }
}
