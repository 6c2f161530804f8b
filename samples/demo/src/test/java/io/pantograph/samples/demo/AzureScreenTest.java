package io.pantograph.samples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.azure.Event;
import io.pantograph.api.azure.EventLog;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.hub.Json;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import io.pantograph.testkit.Await;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AzureScreenTest {

    private static final Identity SENSOR = Identity.of("sensor");

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final FakeLog log = new FakeLog();
    private final FakeJson json = new FakeJson();
    private final AzureScreen screen;

    AzureScreenTest() {
        log.append(SENSOR, "Telemetry", Map.of(), Map.of(), Bytes.utf8("before"));
        screen = new AzureScreen(log, json, new Paper(new PrintStream(printed, true, StandardCharsets.UTF_8)));
    }

    @AfterEach
    void close() throws Exception {
        screen.close();
    }

    @Test
    void showsTelemetryWithItsProperties() {
        log.append(SENSOR, "Telemetry", Map.of("content-type", "application/json"), Map.of("alert", "true"), Bytes.utf8("{\"temp\":21}"));
        String line = lines(1).get(0);
        assertTrue(line.matches(".*sensor +-> event +telemetry +json +\\{\"temp\":21}  \\{alert=true}"), line);
    }

    @Test
    void showsWhatChangedInATwin() {
        json.documents.put("1", Values.of("properties", Values.of("desired", Values.of("brightness", 70, "$version", 3)), "tags", Values.of("hall", "A")));
        json.documents.put("2", Values.of("properties", Values.of("reported", Values.of("state", true))));
        log.append(SENSOR, "twinChangeEvents", Map.of(), Map.of(), Bytes.utf8("1"));
        log.append(SENSOR, "twinChangeEvents", Map.of(), Map.of(), Bytes.utf8("2"));
        List<String> lines = lines(3);
        assertTrue(lines.get(0).contains("<- tags") && lines.get(0).endsWith("{hall=A}"), lines.get(0));
        assertTrue(lines.get(1).contains("<- desired") && lines.get(1).endsWith("{brightness=70}"), lines.get(1));
        assertTrue(lines.get(2).contains("-> reported") && lines.get(2).endsWith("{state=true}"), lines.get(2));
    }

    // Payloads are foreign text: an escape sequence could wipe the operator's screen.
    @Test
    void letsNothingMoveTheCursor() {
        log.append(SENSOR, "Telemetry", Map.of("content-type", "a\u001b"), Map.of("b", "\u001b[2J"), Bytes.utf8("a\u001b[2Jb\nc"));
        log.append(SENSOR, "Telemetry", Map.of(), Map.of(), Bytes.of((byte) 0xff, (byte) 0x1b));
        log.append(SENSOR, "deviceConnectionStateEvents", Map.of(), Map.of("opType", "device\u001b"), Bytes.utf8(""));
        List<String> lines = lines(3);
        assertFalse(printed.toString(StandardCharsets.UTF_8).contains("\u001b"));
        assertTrue(lines.get(1).contains("ff 1b"), lines.get(1));
    }

    private List<String> lines(int count) {
        Await.until(count + " lines", () -> printed.toString(StandardCharsets.UTF_8).lines().count() >= count);
        List<String> lines = printed.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(count, lines.size(), lines.toString());
        return lines;
    }

    /** Documents by what stands for their text. */
    private static final class FakeJson implements Json {

        private final Map<String, Values> documents = new ConcurrentHashMap<>();

        @Override
        public Bytes write(Object data) {
            return Bytes.utf8(String.valueOf(data));
        }

        @Override
        public Object read(Bytes text) {
            return documents.get(text.text());
        }
    }

    private static final class FakeLog implements EventLog {

        private final List<Event> events = new CopyOnWriteArrayList<>();
        private Runnable wake = () -> { };

        @Override
        public long append(Identity from, String source, Map<String, String> system, Map<String, String> properties, Bytes body) {
            events.add(new Event(events.size(), Instant.EPOCH, from, source, system, properties, body));
            wake.run();
            return events.size() - 1;
        }

        @Override
        public long end() {
            return events.size();
        }

        @Override
        public long since(Instant time) {
            return end();
        }

        @Override
        public List<Event> read(long from, int most) {
            return events.stream().skip(from).limit(most).toList();
        }

        @Override
        public AutoCloseable follow(Runnable woken) {
            wake = woken;
            return () -> wake = () -> { };
        }
    }
}
