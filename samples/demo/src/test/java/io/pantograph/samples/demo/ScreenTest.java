package io.pantograph.samples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.CodecRoute;
import io.pantograph.api.core.Codecs;
import io.pantograph.api.core.NoCodecException;
import io.pantograph.api.listener.HubMessage;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Qos;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ScreenTest {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final FakeCodecs codecs = new FakeCodecs();
    private final Screen screen = new Screen(codecs, new Paper(new PrintStream(printed, true, StandardCharsets.UTF_8)));

    @Test
    void showsBytesUntilTheirCodecComesAndThenDecodesWhatItKept() {
        screen.message(custom("world,1"));
        assertTrue(line(0).contains("no codec for 'custom'"), line(0));
        assertTrue(line(0).contains("77 6f 72 6c 64 2c 31"), line(0));

        codecs.install("custom");
        screen.message(custom("world,2"));

        assertTrue(line(1).contains("world,1") && line(1).endsWith("(kept, decoded now)"), line(1));
        assertTrue(line(2).contains("world,2") && !line(2).contains("kept"), line(2));
        assertEquals(3, lines().size());
    }

    // Payloads are foreign text: an escape sequence could wipe the operator's screen.
    @Test
    void letsNoPayloadMoveTheCursor() {
        codecs.install("custom");
        screen.message(custom("a\u001b[2Jb\nc\u202ed"));
        assertEquals(1, lines().size());
        assertFalse(line(0).contains("\u001b") || line(0).contains("\u202e"), line(0));
    }

    private static HubMessage custom(String payload) {
        return new HubMessage(Instant.EPOCH, HubMessage.Direction.EVENT, new DeviceId("meter", "m-1"), "reading", "custom",
                Bytes.utf8(payload), Qos.AT_LEAST_ONCE);
    }

    private List<String> lines() {
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private String line(int index) {
        return lines().get(index);
    }

    /** Codecs that read any format that is installed as text. */
    private static final class FakeCodecs implements Codecs {

        private final SortedSet<String> formats = new TreeSet<>();
        private long generation;

        void install(String format) {
            formats.add(format);
            generation++;
        }

        @Override
        public CodecRoute route(String format) {
            return new CodecRoute() {
                @Override
                public String format() {
                    return format;
                }

                @Override
                public boolean ready() {
                    return formats.contains(format);
                }

                @Override
                public Bytes encode(Content content) throws CodecException {
                    throw new NoCodecException(format, formats);
                }

                @Override
                public Content decode(Bytes bytes) throws CodecException {
                    if (!ready()) {
                        throw new NoCodecException(format, formats);
                    }
                    return Content.of(bytes.text());
                }
            };
        }

        @Override
        public SortedSet<String> formats() {
            return formats;
        }

        @Override
        public long generation() {
            return generation;
        }
    }
}
