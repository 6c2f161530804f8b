package io.pantograph.api.model;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;

/** Makes plain data deeply immutable; what is so already is returned as it is. */
final class Frozen {

    static final int MAX_DEPTH = 64;

    private Frozen() {
    }

    static Object freeze(Object data) {
        return freeze(data, 0);
    }

    static Object freeze(Object data, int depth) {
        if (data == null || data instanceof String || data instanceof Values || data instanceof Items
                || data instanceof Boolean || data instanceof Bytes) {
            return data;
        }
        if (data instanceof Number number) {
            return checked(number);
        }
        if (depth >= MAX_DEPTH) {
            throw deeper();
        }
        if (data instanceof Map<?, ?> map) {
            Values.Builder copy = Values.builder();
            map.forEach((key, value) -> copy.put(name(key), freeze(value, depth + 1)));
            return copy.build();
        }
        if (data instanceof List<?> list) {
            Object[] copy = list.toArray();
            int below = 0;
            for (int i = 0; i < copy.length; i++) {
                copy[i] = freeze(copy[i], depth + 1);
                below = Math.max(below, depth(copy[i]));
            }
            return new Items(copy, below + 1);
        }
        throw new IllegalArgumentException("content cannot hold a " + data.getClass().getName()
                + "; use null, Boolean, Number, String, Bytes, List or Map");
    }

    /** How many levels there are, of what is frozen: kept when it was made, so this costs nothing. */
    static int depth(Object frozen) {
        return frozen instanceof Values values ? values.depth : frozen instanceof Items items ? items.depth : 0;
    }

    /** @throws IllegalArgumentException if it is too deep */
    static Object shallow(Object data) {
        Object frozen = freeze(data);
        if (depth(frozen) > MAX_DEPTH) {
            throw deeper();
        }
        return frozen;
    }

    private static IllegalArgumentException deeper() {
        return new IllegalArgumentException("content is nested deeper than " + MAX_DEPTH + " levels");
    }

    private static String name(Object key) {
        if (key instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("the names in a content map must be String, not "
                + (key == null ? "null" : key.getClass().getName()));
    }

    private static Number checked(Number number) {
        if (number instanceof Double || number instanceof Float) {
            if (!Double.isFinite(number.doubleValue())) {
                throw new IllegalArgumentException("content cannot hold the number " + number + "; use null");
            }
            return number;
        }
        if (number instanceof Integer || number instanceof Long || number instanceof Short || number instanceof Byte
                || number instanceof BigInteger || number instanceof BigDecimal) {
            return number;
        }
        throw new IllegalArgumentException("content cannot hold a " + number.getClass().getName()
                + "; use Integer, Long, Double, BigInteger or BigDecimal");
    }

    /** An immutable list that may hold null. */
    static final class Items extends AbstractList<Object> implements RandomAccess {

        private final Object[] items;
        private final int depth;

        Items(Object[] handedOver, int depth) {
            items = handedOver;
            this.depth = depth;
        }

        @Override
        public Object get(int index) {
            return items[index];
        }

        @Override
        public int size() {
            return items.length;
        }
    }
}
