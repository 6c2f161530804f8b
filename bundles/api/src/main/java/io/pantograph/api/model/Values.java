package io.pantograph.api.model;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Named values, deeply immutable, in the order they were given: what a JSON object is. A value is {@code null}, Boolean,
 * Number, String, {@link Bytes}, List or {@code Values}.
 *
 * <p>The typed readers, {@link #number}, {@link #text} and so on, throw {@link IllegalArgumentException} naming the value
 * that is missing or of another kind.
 */
public final class Values extends AbstractMap<String, Object> {

    public static final Values EMPTY = new Values(Map.of(), 1);

    private final Map<String, Object> map;
    /** Levels, its own among them. */
    final int depth;

    private Values(Map<String, Object> owned, int depth) {
        map = owned;
        this.depth = depth;
    }

    /** A frozen copy. @throws IllegalArgumentException for a value that content cannot hold */
    public static Values of(Map<String, ?> values) {
        return (Values) Frozen.freeze(values);
    }

    public static Values of(String name, Object value) {
        return builder().put(name, value).build();
    }

    public static Values of(String name1, Object value1, String name2, Object value2) {
        return builder().put(name1, value1).put(name2, value2).build();
    }

    public static Values of(String name1, Object value1, String name2, Object value2, String name3, Object value3) {
        return builder().put(name1, value1).put(name2, value2).put(name3, value3).build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** As a double. */
    public double number(String name) {
        if (map.get(name) instanceof Number number) {
            return number.doubleValue();
        }
        throw mismatch(name, "a number");
    }

    /** As a long. A number with a fraction, or too large for a long, is refused, not rounded. */
    public long integer(String name) {
        Object value = map.get(name);
        if (value instanceof Integer || value instanceof Long || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        if (value instanceof Number number) {
            try {
                return new java.math.BigDecimal(number.toString()).longValueExact();
            } catch (ArithmeticException e) {
                throw mismatch(name, "a whole number");
            }
        }
        throw mismatch(name, "a whole number");
    }

    public String text(String name) {
        if (map.get(name) instanceof String text) {
            return text;
        }
        throw mismatch(name, "a text");
    }

    public boolean flag(String name) {
        if (map.get(name) instanceof Boolean flag) {
            return flag;
        }
        throw mismatch(name, "true or false");
    }

    public Values values(String name) {
        if (map.get(name) instanceof Values values) {
            return values;
        }
        throw mismatch(name, "an object");
    }

    public List<?> list(String name) {
        if (map.get(name) instanceof List<?> list) {
            return list;
        }
        throw mismatch(name, "a list");
    }

    private IllegalArgumentException mismatch(String name, String wanted) {
        Object value = map.get(name);
        String found = value == null ? map.containsKey(name) ? "null" : "missing" : "a " + value.getClass().getSimpleName();
        return new IllegalArgumentException("'" + Names.visible(name) + "' must be " + wanted + ", it is " + found);
    }

    @Override
    public Object get(Object name) {
        return map.get(name);
    }

    @Override
    public boolean containsKey(Object name) {
        return map.containsKey(name);
    }

    @Override
    public int size() {
        return map.size();
    }

    /** In their order; the way without an entry object for each value. */
    @Override
    public void forEach(BiConsumer<? super String, ? super Object> action) {
        map.forEach(action);
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
        return Collections.unmodifiableMap(map).entrySet();
    }

    /** Collects values in order; not for use by several threads, and not after {@link #build}. */
    public static final class Builder {

        private Map<String, Object> map = new LinkedHashMap<>();
        private int below;

        private Builder() {
        }

        /** Adds or replaces. @throws IllegalArgumentException for a value that content cannot hold */
        public Builder put(String name, Object value) {
            if (name == null) {
                throw new IllegalArgumentException("a value needs a name");
            }
            map.put(name, frozen(value));
            return this;
        }

        /** Adds; false, and nothing changed, if the name is there already. For parsers that refuse duplicate names. */
        public boolean putNew(String name, Object value) {
            int before = map.size();
            Object old = map.put(name, frozen(value));
            if (map.size() == before) {
                map.put(name, old);
                return false;
            }
            return true;
        }

        private Object frozen(Object value) {
            Object frozen = Frozen.freeze(value);
            below = Math.max(below, Frozen.depth(frozen));
            return frozen;
        }

        public Values build() {
            Values built = new Values(map, below + 1);
            map = null; // what was handed over cannot be written any more
            return built;
        }
    }
}
