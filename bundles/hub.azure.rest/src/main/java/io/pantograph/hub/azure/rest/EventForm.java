package io.pantograph.hub.azure.rest;

import io.pantograph.api.azure.Event;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.hub.Json;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** How events are written, as the package tells: as server-sent events, or a line of JSON each. @param exact bodies in base64, always */
record EventForm(Json json, boolean lines, boolean exact) {

    /** Longer than a stream may have waiting with what waits already. */
    private static final int LONGEST = 768 * 1024;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    String contentType() {
        return lines ? "application/x-ndjson" : "text/event-stream; charset=utf-8";
    }

    /** The id makes who comes again go on here, though no event came yet. */
    Bytes listening(long next) {
        return lines ? line(Values.of("event", "listening", "next", next)) : Bytes.utf8(": listening at " + next + place(next));
    }

    Bytes alive(long next) {
        return lines ? line(Values.of("event", "alive")) : Bytes.utf8(": alive" + place(next));
    }

    private static String place(long next) {
        return next > 0 ? "\nid: " + (next - 1) + "\n\n" : "\n\n";
    }

    Bytes gap(long from, long to) {
        return written("gap", OptionalLong.empty(), Values.of("from", from, "to", to));
    }

    Bytes end(String reason, String message) {
        return written("end", OptionalLong.empty(), Values.of("reason", reason, "message", message));
    }

    Bytes event(Event event) {
        String name = event.source().equals("Telemetry") ? "telemetry" : event.source();
        OptionalLong id = OptionalLong.of(event.sequence());
        Bytes written = written(name, id, document(event, exact));
        return written.length() <= LONGEST ? written : written(name, id, document(event, true));
    }

    private Values document(Event event, boolean base64) {
        Values.Builder document = Values.builder()
                .put("sequence", event.sequence())
                .put("enqueuedTime", TIME.format(event.enqueued()))
                .put("deviceId", event.from().device());
        event.from().module().ifPresent(module -> document.put("moduleId", module));
        document.put("source", event.source())
                .put("systemProperties", Values.of(event.system()))
                .put("properties", Values.of(event.properties()));
        body(document, event, base64);
        return document.build();
    }

    private void body(Values.Builder document, Event event, boolean base64) {
        if (!base64) {
            String type = event.system().getOrDefault("content-type", "").toLowerCase(Locale.ROOT);
            if (!type.startsWith("text/") && couldBeJson(event.body())) {
                try {
                    Object data = json.read(event.body());
                    document.put("bodyFormat", "json").put("body", data);
                    return;
                } catch (CodecException e) {
                    // then it is something else
                }
            }
            try {
                String text = StandardCharsets.UTF_8.newDecoder().decode(event.body().buffer()).toString();
                if (text.chars().allMatch(c -> c >= 0x20 && c != 0x7f || c == '\n' || c == '\r' || c == '\t')) {
                    document.put("bodyFormat", "text").put("body", text);
                    return;
                }
            } catch (CharacterCodingException e) {
                // no text
            }
        }
        document.put("bodyFormat", "base64").put("body", Base64.getEncoder().encodeToString(event.body().shared()));
    }

    /** By its first letter, so that what is no JSON is mostly not read as such. */
    private static boolean couldBeJson(Bytes body) {
        for (int i = 0; i < body.length(); i++) {
            char c = (char) (body.at(i) & 0xff);
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                return "{[\"-0123456789tfn".indexOf(c) >= 0;
            }
        }
        return false;
    }

    private Bytes written(String name, OptionalLong id, Values data) {
        if (lines) {
            Values.Builder all = Values.builder().put("event", name);
            for (Map.Entry<String, Object> each : data.entrySet()) {
                all.put(each.getKey(), each.getValue());
            }
            return line(all.build());
        }
        StringBuilder text = new StringBuilder();
        id.ifPresent(sequence -> text.append("id: ").append(sequence).append('\n'));
        text.append("event: ").append(name).append("\ndata: ").append(json.write(data).text()).append("\n\n");
        return Bytes.utf8(text.toString());
    }

    private Bytes line(Values data) {
        return Bytes.utf8(json.write(data).text() + '\n');
    }
}
