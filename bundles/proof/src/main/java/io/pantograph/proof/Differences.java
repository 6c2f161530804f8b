package io.pantograph.proof;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Values;
import io.pantograph.api.operator.Difference;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How two contents differ, field by field. Numbers are the same if they have the same value, whatever their Java type: 10 is 10L and 10.0, and
 * the float 0.1f is the double 0.1. The order of an object's members means nothing.
 */
public final class Differences {

    /** So many are told of one message. */
    public static final int MOST = 20;

    private final String format;
    private final boolean decoding;
    private final List<Difference> found = new ArrayList<>();

    private Differences(String format, boolean decoding) {
        this.format = format;
        this.decoding = decoding;
    }

    /** Quicker than {@link #between}, for those who only want to know whether. */
    public static boolean same(Content one, Content other) {
        return one.time().equals(other.time()) && same(one.data(), other.data());
    }

    /** @param decoding what made the contents; each difference counts as of one message. Empty if they are the same */
    public static List<Difference> between(String format, boolean decoding, Content before, Content after) {
        if (same(before, after)) {
            return List.of();
        }
        Differences differences = new Differences(format, decoding);
        differences.walk("$", before.data(), after.data());
        if (!before.time().equals(after.time())) {
            differences.add("time", before.time().map(Object::toString).orElse("none"), after.time().map(Object::toString).orElse("none"));
        }
        return List.copyOf(differences.found);
    }

    /** What two versions wrote for the same content, as a whole. Empty if that is the same. */
    public static List<Difference> between(String format, Bytes before, Bytes after) {
        return before.equals(after) ? List.of() : List.of(whole(format, false, Shown.of(before), Shown.of(after)));
    }

    /** One that cannot be put down to a field, such as that only one of them could read it. */
    public static Difference whole(String format, boolean decoding, String before, String after) {
        return new Difference(format, decoding, "$", Shown.cut(before), Shown.cut(after), 1);
    }

    private static boolean same(Object one, Object other) {
        if (one == other) {
            return true;
        }
        if (one instanceof Number a && other instanceof Number b) {
            return same(a, b);
        }
        if (one instanceof Values a && other instanceof Values b) {
            if (a.size() != b.size()) {
                return false;
            }
            for (Map.Entry<String, Object> member : a.entrySet()) {
                Object there = b.get(member.getKey());
                if (there == null && !b.containsKey(member.getKey()) || !same(member.getValue(), there)) {
                    return false;
                }
            }
            return true;
        }
        if (one instanceof List<?> a && other instanceof List<?> b) {
            boolean same = a.size() == b.size();
            for (int i = 0; same && i < a.size(); i++) {
                same = same(a.get(i), b.get(i));
            }
            return same;
        }
        return one != null && one.equals(other);
    }

    private static boolean same(Number one, Number other) {
        return one.equals(other) || decimal(one).compareTo(decimal(other)) == 0;
    }

    private static BigDecimal decimal(Number number) {
        if (number instanceof BigDecimal decimal) {
            return decimal;
        }
        if (number instanceof BigInteger integer) {
            return new BigDecimal(integer);
        }
        return number instanceof Double || number instanceof Float ? new BigDecimal(number.toString()) : BigDecimal.valueOf(number.longValue());
    }

    private void walk(String field, Object before, Object after) {
        if (found.size() >= MOST || same(before, after)) {
            return;
        }
        if (before instanceof Values a && after instanceof Values b) {
            a.forEach((name, value) -> {
                if (b.containsKey(name)) {
                    walk(field + member(name), value, b.get(name));
                } else {
                    add(field + member(name), Shown.of(value), "missing");
                }
            });
            b.forEach((name, value) -> {
                if (!a.containsKey(name)) {
                    add(field + member(name), "missing", Shown.of(value));
                }
            });
        } else if (before instanceof List<?> a && after instanceof List<?> b) {
            for (int i = 0; i < Math.max(a.size(), b.size()) && found.size() < MOST; i++) {
                String entry = field + '[' + i + ']';
                if (i >= a.size() || i >= b.size()) {
                    add(entry, i < a.size() ? Shown.of(a.get(i)) : "missing", i < b.size() ? Shown.of(b.get(i)) : "missing");
                } else {
                    walk(entry, a.get(i), b.get(i));
                }
            }
        } else {
            add(field, Shown.of(before), Shown.of(after));
        }
    }

    private static String member(String name) {
        return Names.valid(name) && name.indexOf('.') < 0 ? '.' + name : "['" + Names.visible(name) + "']";
    }

    private void add(String field, String before, String after) {
        if (found.size() < MOST) {
            found.add(new Difference(format, decoding, Shown.cut(field), before, after, 1));
        }
    }
}
