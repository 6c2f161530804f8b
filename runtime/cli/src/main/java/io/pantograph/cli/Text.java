package io.pantograph.cli;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import io.pantograph.json.JsonReader;
import io.pantograph.json.JsonWriter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Data as text. */
final class Text {

    /** What is secret in the documents of identities. */
    private static final Set<String> KEYS = Set.of("primaryKey", "secondaryKey", "authToken");

    private Text() {
    }

    /** On one line. */
    static String json(Object data) {
        try {
            return JsonWriter.write(data).text();
        } catch (CodecException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** Over several lines, two spaces for each level. */
    static String pretty(Object data) {
        StringBuilder out = new StringBuilder();
        pretty(data, "\n", out);
        return out.toString();
    }

    private static void pretty(Object data, String newline, StringBuilder out) {
        String inner = newline + "  ";
        if (data instanceof Map<?, ?> map && !map.isEmpty()) {
            out.append('{');
            for (Iterator<? extends Map.Entry<?, ?>> each = map.entrySet().iterator(); each.hasNext();) {
                Map.Entry<?, ?> entry = each.next();
                out.append(inner).append(json(entry.getKey())).append(": ");
                pretty(entry.getValue(), inner, out);
                out.append(each.hasNext() ? "," : newline);
            }
            out.append('}');
        } else if (data instanceof List<?> list && !list.isEmpty()) {
            out.append('[');
            for (Iterator<?> each = list.iterator(); each.hasNext();) {
                out.append(inner);
                pretty(each.next(), inner, out);
                out.append(each.hasNext() ? "," : newline);
            }
            out.append(']');
        } else {
            out.append(json(data));
        }
    }

    /** @param what for the message, such as "the payload" */
    static Object parse(String what, Bytes text) throws Trouble {
        try {
            return JsonReader.readAnswer(text);
        } catch (CodecException e) {
            throw Trouble.usage(what + " must be JSON: " + e.getMessage() + "; quote it for the shell, such as '{\"speed\": 3}' or '\"text\"'");
        }
    }

    static Values object(String what, String text) throws Trouble {
        if (parse(what, Bytes.utf8(text)) instanceof Values values) {
            return values;
        }
        throw Trouble.usage(what + " must be a JSON object, such as '{\"speed\": 3}'");
    }

    /** The same without what is secret. */
    static Values masked(Values document) {
        return (Values) mask(document);
    }

    private static Object mask(Object data) {
        if (data instanceof Values values) {
            Values.Builder masked = Values.builder();
            values.forEach((name, value) -> masked.put(name, KEYS.contains(name) && value instanceof String ? "***" : mask(value)));
            return masked.build();
        }
        if (data instanceof List<?> list) {
            List<Object> masked = new ArrayList<>();
            list.forEach(each -> masked.add(mask(each)));
            return masked;
        }
        return data;
    }

    /** Columns, each as wide as it must be. */
    static List<String> table(List<List<String>> rows) {
        int columns = rows.isEmpty() ? 0 : rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(row.get(i)).append(i < columns - 1 ? " ".repeat(widths[i] - row.get(i).length() + 2) : "");
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    /** A member as text; empty if it is not there. */
    static String member(Values document, String name) {
        Object value = document.get(name);
        return value == null ? "" : value instanceof String text ? visible(text) : json(value);
    }

    /** Fit for a terminal: what devices say must not move its cursor. */
    static String visible(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (Character.isISOControl(c) && c != '\n' && c != '\t') {
                out.append(String.format("\\u%04x", c));
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.toString();
    }
}
