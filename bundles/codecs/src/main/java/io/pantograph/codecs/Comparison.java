package io.pantograph.codecs;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Where two versions made different things of one message.
 *
 * <p>Content is compared field by field, numbers by value: {@code 1}, {@code 1L} and {@code 1.0} are the same. Bytes are the same if they are
 * equal; if not, the codec that was there before reads both and what it reads is compared, so that the field is named. If it reads the same
 * from both, they differ as a whole all the same: somebody out there may care.
 */
final class Comparison {

    static final int MOST = 20;

    private static final int LONGEST = 200;

    /** One field. */
    record Field(String path, String before, String after) {
    }

    private final List<Field> fields = new ArrayList<>();

    private Comparison() {
    }

    /**
     * @param reader the codec that was there before
     * @return the fields that differ, at most 20; none if it is the same
     */
    static List<Field> of(Way<?, ?> way, Object before, Object after, Ward reader) {
        try {
            return compared(way, before, after, reader);
        } catch (RuntimeException | StackOverflowError e) { // whoever wants to know, a message waits for us
            return List.of(new Field("$", "something", "what cannot be compared with it: " + e.getClass().getName()));
        }
    }

    private static List<Field> compared(Way<?, ?> way, Object before, Object after, Ward reader) {
        Comparison comparison = new Comparison();
        if (way.decoding) {
            comparison.contents((Content) before, (Content) after);
        } else if (!before.equals(after)) {
            comparison.bytes((Bytes) before, (Bytes) after, reader);
        }
        return comparison.fields;
    }

    /** One of them could do it, the other said that the message is no good. */
    static List<Field> ofOne(Object before, Object after) {
        return List.of(new Field("$", before == null ? "refused" : shown(before), after == null ? "refused" : shown(after)));
    }

    private void bytes(Bytes before, Bytes after, Ward reader) {
        Content read;
        try {
            read = reader.call(Step.DECODE, before);
        } catch (CodecException | CodecFault e) {
            add("$", before, after); // a format that is only written
            return;
        }
        try {
            contents(read, reader.call(Step.DECODE, after));
        } catch (CodecException | CodecFault e) {
            fields.add(new Field("$", shown(before), shown(after) + ", which the version before cannot read"));
            return;
        }
        if (fields.isEmpty()) {
            fields.add(new Field("$", shown(before), shown(after) + ": other bytes, same content"));
        }
    }

    private void contents(Content before, Content after) {
        data("$", before.data(), after.data());
        if (!before.time().equals(after.time())) {
            add("time", before.time().map(Object::toString).orElse("none"), after.time().map(Object::toString).orElse("none"));
        }
    }

    private void data(String path, Object before, Object after) {
        if (fields.size() >= MOST || Objects.equals(before, after)) {
            return;
        }
        if (before instanceof Map<?, ?> old && after instanceof Map<?, ?> young) {
            Set<Object> names = new LinkedHashSet<>(old.keySet());
            names.addAll(young.keySet());
            for (Object name : names) {
                String field = path + '.' + name;
                if (!old.containsKey(name)) {
                    add(field, "missing", young.get(name));
                } else if (!young.containsKey(name)) {
                    add(field, old.get(name), "missing");
                } else {
                    data(field, old.get(name), young.get(name));
                }
            }
        } else if (before instanceof List<?> old && after instanceof List<?> young && old.size() == young.size()) {
            for (int i = 0; i < old.size(); i++) {
                data(path + '[' + i + ']', old.get(i), young.get(i));
            }
        } else if (!(before instanceof Number old && after instanceof Number young && same(old, young))) {
            add(path, before, after);
        }
    }

    private static boolean same(Number before, Number after) {
        return new BigDecimal(before.toString()).compareTo(new BigDecimal(after.toString())) == 0;
    }

    private void add(String path, Object before, Object after) {
        if (fields.size() < MOST) {
            fields.add(new Field(shortened(path), shown(before), shown(after)));
        }
    }

    private static String shown(Object value) {
        if (value instanceof Bytes bytes) {
            StringBuilder text = new StringBuilder().append(bytes.length()).append(" bytes ");
            for (int i = 0; i < bytes.length() && text.length() < 80; i++) {
                text.append(Character.forDigit(bytes.at(i) >> 4 & 15, 16)).append(Character.forDigit(bytes.at(i) & 15, 16));
            }
            return text.toString();
        }
        if (value instanceof Content content) {
            return shown(content.data());
        }
        if (value instanceof List<?> list) {
            return "a list of " + list.size();
        }
        if (value instanceof Map<?, ?> map) {
            return "an object of " + map.size();
        }
        return shortened(String.valueOf(value));
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + '…';
    }
}
