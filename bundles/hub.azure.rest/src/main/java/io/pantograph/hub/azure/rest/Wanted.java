package io.pantograph.hub.azure.rest;

import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Event;
import io.pantograph.api.azure.EventLog;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.model.Names;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * Which events an asker wants.
 *
 * @param from the first sequence
 * @param exact whether that one was meant; else whichever is the oldest
 */
record Wanted(Optional<String> device, Optional<String> module, Optional<String> source, long from, boolean exact) {

    static Wanted of(Call call, EventLog log) throws AzureException {
        Optional<String> device = call.query("device").filter(each -> !each.isEmpty());
        Optional<String> module = call.query("module").filter(each -> !each.isEmpty());
        try {
            new Identity(device.orElse("any"), module); // which checks them
        } catch (IllegalArgumentException e) {
            throw Call.invalid(e.getMessage());
        }
        Optional<String> source = call.query("source").filter(each -> !each.isEmpty());
        String from = call.query("from").orElse("latest").strip();
        Optional<String> last = call.header("last-event-id").filter(each -> !each.isBlank());
        if (last.isPresent()) {
            return new Wanted(device, module, source, Math.min(sequence("header Last-Event-ID", last.get().strip(), -1) + 1, log.end()), true);
        }
        return switch (from) {
            case "latest", "" -> new Wanted(device, module, source, log.end(), true);
            case "earliest" -> new Wanted(device, module, source, 0, false);
            default -> new Wanted(device, module, source, Math.min(place(from, log), log.end()), true);
        };
    }

    private static long place(String from, EventLog log) throws AzureException {
        if (from.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return sequence("query parameter from", from, 0);
        }
        try {
            return log.since(from.endsWith("Z") ? Instant.parse(from) : OffsetDateTime.parse(from).toInstant());
        } catch (DateTimeException e) {
            throw Call.invalid("query parameter from '" + Names.visible(from) + "' must be latest, earliest, a sequence, or a time like 2026-01-31T12:00:00Z");
        }
    }

    private static long sequence(String what, String text, long least) throws AzureException {
        try {
            long sequence = Long.parseLong(text);
            if (sequence >= least && sequence < Long.MAX_VALUE) {
                return sequence;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw Call.invalid(what + " '" + Names.visible(text) + "' must be the sequence of an event");
    }

    boolean has(Event event) {
        return (device.isEmpty() || device.get().equals(event.from().device()))
                && (module.isEmpty() || module.equals(event.from().module()))
                && (source.isEmpty() || source.get().equalsIgnoreCase(event.source()));
    }
}
