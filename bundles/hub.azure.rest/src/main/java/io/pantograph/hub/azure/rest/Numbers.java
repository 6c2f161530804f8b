package io.pantograph.hub.azure.rest;

import java.math.BigDecimal;

/** Numbers of any width: whole ones stay whole as long as a long holds them. */
final class Numbers {

    private Numbers() {
    }

    static int compare(Number left, Number right) {
        if (whole(left) && whole(right)) {
            return Long.compare(left.longValue(), right.longValue());
        }
        if (left instanceof Double && right instanceof Double) {
            return left.doubleValue() == right.doubleValue() ? 0 : Double.compare(left.doubleValue(), right.doubleValue()); // -0 is 0
        }
        return new BigDecimal(left.toString()).compareTo(new BigDecimal(right.toString()));
    }

    static boolean whole(Number number) {
        return number instanceof Long || number instanceof Integer || number instanceof Short || number instanceof Byte;
    }

    /** What equal numbers have in common: 1 and 1.0 are one. */
    static Object plain(Number number) {
        boolean like = number instanceof Double && number.doubleValue() == (long) number.doubleValue();
        return whole(number) || like ? (Object) number.longValue() : number;
    }

    /** Undefined if a side is no number, or the result none. */
    static Object calculated(Object left, char sign, Object right) {
        if (!(left instanceof Number a) || !(right instanceof Number b)) {
            return Expression.UNDEFINED;
        }
        if (whole(a) && whole(b)) {
            try {
                return exact(a.longValue(), sign, b.longValue());
            } catch (ArithmeticException e) {
                // too large for a long, or no whole number: as a double then
            }
        }
        double x = a.doubleValue();
        double y = b.doubleValue();
        return finite(switch (sign) {
            case '+' -> x + y;
            case '-' -> x - y;
            case '*' -> x * y;
            case '/' -> x / y;
            default -> x % y;
        });
    }

    private static long exact(long x, char sign, long y) {
        return switch (sign) {
            case '+' -> Math.addExact(x, y);
            case '-' -> Math.subtractExact(x, y);
            case '*' -> Math.multiplyExact(x, y);
            case '/' -> {
                if (y == -1) {
                    yield Math.negateExact(x);
                }
                if (x % y != 0) {
                    throw new ArithmeticException("a fraction");
                }
                yield x / y;
            }
            default -> x % y;
        };
    }

    static Object finite(double value) {
        return Double.isFinite(value) ? (Object) value : Expression.UNDEFINED;
    }
}
