package io.pantograph.hub.azure;

import io.pantograph.api.azure.Event;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.model.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** How an event lies in the log, without its length, check sum, sequence and time, which are the segment's. */
final class EventLogRecord {

    private static final int NONE = -1;

    private EventLogRecord() {
    }

    static byte[] write(Identity from, String source, Map<String, String> system, Map<String, String> properties, Bytes body) {
        Out out = new Out(256 + body.length());
        out.text(from.device());
        out.text(from.module().orElse(null));
        out.text(source);
        out.texts(system);
        out.texts(properties);
        out.bytes(body.shared());
        return out.done();
    }

    static Event read(long sequence, Instant time, ByteBuffer in) {
        String device = text(in);
        Identity from = new Identity(device, Optional.ofNullable(text(in)));
        String source = text(in);
        Map<String, String> system = texts(in);
        Map<String, String> properties = texts(in);
        return new Event(sequence, time, from, source, system, properties, Bytes.wrap(bytes(in)));
    }

    private static byte[] bytes(ByteBuffer in) {
        int length = in.getInt();
        if (length == NONE) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static String text(ByteBuffer in) {
        byte[] bytes = bytes(in);
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    private static Map<String, String> texts(ByteBuffer in) {
        int count = in.getInt();
        Map<String, String> texts = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            texts.put(text(in), text(in));
        }
        return texts;
    }

    /** A byte array that grows; texts of ASCII alone, which most are, go in without a copy between. */
    private static final class Out {

        private byte[] bytes;
        private int length;

        Out(int likely) {
            bytes = new byte[likely];
        }

        private void room(int more) {
            if (length + more > bytes.length) {
                bytes = java.util.Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
            }
        }

        void number(int value) {
            room(4);
            bytes[length++] = (byte) (value >> 24);
            bytes[length++] = (byte) (value >> 16);
            bytes[length++] = (byte) (value >> 8);
            bytes[length++] = (byte) value;
        }

        void bytes(byte[] value) {
            number(value.length);
            room(value.length);
            System.arraycopy(value, 0, bytes, length, value.length);
            length += value.length;
        }

        void text(String text) {
            if (text == null) {
                number(NONE);
                return;
            }
            room(4 + text.length());
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c > 0x7f) {
                    bytes(text.getBytes(StandardCharsets.UTF_8));
                    return;
                }
                bytes[length + 4 + i] = (byte) c;
            }
            number(text.length());
            length += text.length();
        }

        void texts(Map<String, String> texts) {
            number(texts.size());
            texts.forEach((name, value) -> {
                text(name);
                text(value);
            });
        }

        byte[] done() {
            return length == bytes.length ? bytes : java.util.Arrays.copyOf(bytes, length);
        }
    }
}
