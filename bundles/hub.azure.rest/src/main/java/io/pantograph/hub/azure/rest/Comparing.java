package io.pantograph.hub.azure.rest;

import java.util.Map;

/**
 * Compares. Only null, true and false, numbers and texts compare; with anything else, and with what is undefined, no comparison holds,
 * not even "is not". Of two kinds nothing is equal or less. Texts go by their characters' codes.
 */
enum Comparing {

    EQUAL, UNEQUAL, LESS, AT_MOST, GREATER, AT_LEAST;

    static final Map<String, Comparing> SIGNS = Map.of(
            "=", EQUAL, "!=", UNEQUAL, "<>", UNEQUAL, "<", LESS, "<=", AT_MOST, ">", GREATER, ">=", AT_LEAST);

    boolean holds(Object left, Object right) {
        if (!primitive(left) || !primitive(right)) {
            return false;
        }
        if (left instanceof Number a && right instanceof Number b) {
            return holds(Numbers.compare(a, b));
        }
        if (left instanceof String a && right instanceof String b) {
            return holds(a.compareTo(b));
        }
        boolean equal = left == null ? right == null : left.equals(right);
        return switch (this) {
            case EQUAL -> equal;
            case UNEQUAL -> !equal;
            default -> false;
        };
    }

    static boolean primitive(Object value) {
        return value == null || value instanceof Boolean || value instanceof Number || value instanceof String;
    }

    private boolean holds(int order) {
        return switch (this) {
            case EQUAL -> order == 0;
            case UNEQUAL -> order != 0;
            case LESS -> order < 0;
            case AT_MOST -> order <= 0;
            case GREATER -> order > 0;
            case AT_LEAST -> order >= 0;
        };
    }
}
