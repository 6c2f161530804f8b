package io.pantograph.proof;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Values;
import java.util.List;
import java.util.Map;

/** Data made fit for a sentence: like JSON, at most 200 characters, everything but visible ASCII escaped. */
final class Shown {

    static final int MOST = 200;

    private final StringBuilder out = new StringBuilder();

    private Shown() {
    }

    public static String of(Content content) {
        String data = of(content.data());
        return content.time().map(time -> cut(data + " at " + time)).orElse(data);
    }

    public static String of(Object data) {
        Shown shown = new Shown();
        shown.value(data);
        return cut(shown.out.toString());
    }

    /** As a text in quotes if they are one, else in hex. */
    public static String of(Bytes bytes) {
        for (int i = 0; i < bytes.length(); i++) {
            if (bytes.at(i) < 0x20 || bytes.at(i) == 0x7f) {
                return hex(bytes);
            }
        }
        return of((Object) bytes.text());
    }

    private static String hex(Bytes bytes) {
        Shown shown = new Shown();
        shown.bytes(bytes);
        return cut(shown.out.toString());
    }

    static String cut(String text) {
        return text.length() <= MOST ? text : text.substring(0, MOST - 3) + "...";
    }

    private boolean full() {
        return out.length() > MOST;
    }

    private void value(Object data) {
        if (full()) {
            return;
        }
        if (data instanceof Values values) {
            object(values);
        } else if (data instanceof List<?> list) {
            list(list);
        } else if (data instanceof String text) {
            text(text);
        } else if (data instanceof Bytes bytes) {
            bytes(bytes);
        } else if (data instanceof java.math.BigInteger number && number.bitLength() > 1_000) {
            out.append("a number of ").append(number.bitLength()).append(" bits");
        } else {
            out.append(data);
        }
    }

    private void object(Values values) {
        out.append('{');
        String comma = "";
        for (Map.Entry<String, Object> member : values.entrySet()) {
            if (full()) {
                return;
            }
            out.append(comma);
            text(member.getKey());
            out.append(':');
            value(member.getValue());
            comma = ",";
        }
        out.append('}');
    }

    private void list(List<?> list) {
        out.append('[');
        for (int i = 0; i < list.size() && !full(); i++) {
            out.append(i == 0 ? "" : ",");
            value(list.get(i));
        }
        out.append(']');
    }

    private void text(String text) {
        out.append('"');
        for (int i = 0; i < text.length() && !full(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c >= 0x20 && c < 0x7f) {
                out.append(c);
            } else {
                out.append(String.format("\\u%04x", (int) c));
            }
        }
        out.append('"');
    }

    private void bytes(Bytes bytes) {
        out.append("hex ");
        for (int i = 0; i < bytes.length() && !full(); i++) {
            out.append(String.format("%02x", bytes.at(i) & 0xff));
        }
        if (bytes.isEmpty()) {
            out.append("(no bytes)");
        }
    }
}
