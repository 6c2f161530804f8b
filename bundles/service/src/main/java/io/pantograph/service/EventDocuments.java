package io.pantograph.service;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import io.pantograph.api.service.DeviceEvent;
import io.pantograph.api.service.EventFilter;
import io.pantograph.api.service.EventListener;
import io.pantograph.json.JsonReader;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** How events are asked for and told in the hub's stream. */
final class EventDocuments {

    private EventDocuments() {
    }

    /** @param last the last that was told, if there was one: then it goes on behind it */
    static Ask ask(EventFilter filter, OptionalLong last) {
        Ask ask = Ask.of("GET", "events").header("Accept", "text/event-stream");
        if (filter.device().isPresent()) {
            ask = ask.with("device", filter.device().get());
        }
        if (filter.module().isPresent()) {
            ask = ask.with("module", filter.module().get());
        }
        if (filter.source().isPresent()) {
            ask = ask.with("source", filter.source().get());
        }
        ask = ask.with("body", "base64");
        return ask.with("from", last.isPresent() ? String.valueOf(last.getAsLong() + 1) : start(filter.start()));
    }

    private static String start(EventFilter.Start start) {
        if (start instanceof EventFilter.Since since) {
            return since.time().toString();
        }
        if (start instanceof EventFilter.Sequence sequence) {
            return String.valueOf(sequence.number());
        }
        return start instanceof EventFilter.Earliest ? "earliest" : "latest";
    }

    static DeviceEvent event(long sequence, String data) throws CodecException {
        try {
            return read(sequence, data);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new CodecException(e.getMessage(), e);
        }
    }

    private static DeviceEvent read(long sequence, String data) throws CodecException {
        if (!(JsonReader.readAnswer(Bytes.utf8(data)) instanceof Values told)) {
            throw new CodecException("it must be an object");
        }
        return new DeviceEvent(sequence, Instant.parse(told.text("enqueuedTime")), told.text("deviceId"),
                told.get("moduleId") instanceof String module ? Optional.of(module) : Optional.empty(),
                told.text("source"), texts(told, "systemProperties"), texts(told, "properties"),
                Bytes.wrap(Base64.getDecoder().decode(told.text("body"))));
    }

    static void gap(String data, EventListener listener) throws CodecException {
        if (JsonReader.readAnswer(Bytes.utf8(data)) instanceof Values told && told.get("from") instanceof Number from && told.get("to") instanceof Number to) {
            listener.missed(from.longValue(), to.longValue());
        }
    }

    private static Map<String, String> texts(Values told, String name) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (told.get(name) instanceof Values values) {
            values.forEach((key, value) -> texts.put(key, value == null ? null : value.toString()));
        }
        return texts;
    }
}
