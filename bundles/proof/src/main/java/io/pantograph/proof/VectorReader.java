package io.pantograph.proof;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Values;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads one vector of a file. */
final class VectorReader {

    private static final Set<String> KNOWN = Set.of("name", "text", "hex", "base64", "content", "time", "only", "fails");

    private final String file;
    private final String format;
    private final Values entry;
    private String place;

    /** @param place for messages, until the name is known */
    VectorReader(String file, String format, String place, Values entry) {
        this.file = file;
        this.format = format;
        this.place = place;
        this.entry = entry;
    }

    Vector vector() throws VectorException {
        String name = Names.visible(text(place, entry, "name"));
        place += " '" + name + "'";
        only(place, entry, KNOWN);
        Bytes bytes = bytes();
        if (entry.containsKey("fails")) {
            if (!Boolean.TRUE.equals(entry.get("fails"))) {
                throw new VectorException(place + ": 'fails' must be true, or not be there");
            }
            for (String other : List.of("content", "time", "only")) {
                if (entry.containsKey(other)) {
                    throw new VectorException(place + ": bytes that must be refused have no '" + other + "'; take it or 'fails' out");
                }
            }
            return new Vector(file, name, format, bytes, Optional.empty(), true, false);
        }
        if (!entry.containsKey("content")) {
            throw new VectorException(place + ": 'content' is missing; say what the bytes mean, or \"fails\": true if they must be refused");
        }
        String only = entry.containsKey("only") ? text(place, entry, "only") : "both";
        if (!Set.of("both", "decode", "encode").contains(only)) {
            throw new VectorException(place + ": 'only' must be decode or encode, it is '" + Names.visible(only) + "'");
        }
        return new Vector(file, name, format, bytes, Optional.of(new Content(plain("content", entry.get("content")), time())),
                !only.equals("encode"), !only.equals("decode"));
    }

    private Bytes bytes() throws VectorException {
        List<String> given = new ArrayList<>();
        for (String way : List.of("text", "hex", "base64")) {
            if (entry.containsKey(way)) {
                given.add(way);
            }
        }
        if (given.size() != 1) {
            throw new VectorException(place + ": its bytes must be given as one of 'text', 'hex' or 'base64', they are given as "
                    + (given.isEmpty() ? "none of them" : String.join(" and ", given)));
        }
        String written = text(place, entry, given.get(0));
        return switch (given.get(0)) {
            case "text" -> Bytes.utf8(written);
            case "hex" -> hex("hex", written);
            default -> base64(written);
        };
    }

    private Bytes hex(String member, String digits) throws VectorException {
        try {
            return Bytes.wrap(HexFormat.of().parseHex(digits.replace(" ", "")));
        } catch (IllegalArgumentException e) {
            throw new VectorException(place + ": '" + member + "' must be hex digits, two for each byte, as in \"00 ff\"");
        }
    }

    private Bytes base64(String written) throws VectorException {
        try {
            return Bytes.wrap(Base64.getDecoder().decode(written));
        } catch (IllegalArgumentException e) {
            throw new VectorException(place + ": 'base64' is none: " + e.getMessage());
        }
    }

    private Optional<Instant> time() throws VectorException {
        if (!entry.containsKey("time")) {
            return Optional.empty();
        }
        String written = text(place, entry, "time");
        try {
            return Optional.of(Instant.parse(written));
        } catch (DateTimeParseException e) {
            throw new VectorException(place + ": 'time' must be a time such as 2026-01-02T03:04:05.678Z, it is '" + Names.visible(written) + "'");
        }
    }

    /** With bytes where {@code $hex} stands for them. */
    private Object plain(String member, Object value) throws VectorException {
        if (value instanceof List<?> list) {
            List<Object> entries = new ArrayList<>();
            for (int i = 0; i < list.size(); i++) {
                entries.add(plain(member + '[' + i + ']', list.get(i)));
            }
            return entries;
        }
        if (!(value instanceof Values values)) {
            return value;
        }
        if (values.containsKey("$hex")) {
            if (values.size() == 1 && values.get("$hex") instanceof String digits) {
                return hex(member + ".$hex", digits);
            }
            throw new VectorException(place + ": '" + member + "' must be {\"$hex\": a text} and nothing else, since $hex stands for bytes");
        }
        Values.Builder members = Values.builder();
        for (var one : values.entrySet()) {
            members.put(one.getKey(), plain(member + '.' + Names.visible(one.getKey()), one.getValue()));
        }
        return members.build();
    }

    static String text(String place, Values values, String member) throws VectorException {
        Object value = values.get(member);
        if (value instanceof String text) {
            return text;
        }
        String found = value != null ? "is another value" : values.containsKey(member) ? "is null" : "is missing";
        throw new VectorException(place + ": '" + member + "' must be a text, it " + found);
    }

    static void only(String place, Values values, Set<String> known) throws VectorException {
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                throw new VectorException(place + ": '" + Names.visible(name) + "' is not known here; known are "
                        + String.join(", ", new TreeSet<>(known)));
            }
        }
    }
}
