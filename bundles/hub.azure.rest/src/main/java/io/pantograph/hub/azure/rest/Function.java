package io.pantograph.hub.azure.rest;

import static io.pantograph.hub.azure.rest.Expression.UNDEFINED;

import io.pantograph.api.model.Values;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The functions of the language. Of an argument of the wrong kind the result is undefined. Written with or without underscores. */
enum Function {

    IS_DEFINED(1, 1), IS_NULL(1, 1), IS_BOOL(1, 1), IS_NUMBER(1, 1), IS_STRING(1, 1), IS_OBJECT(1, 1), IS_ARRAY(1, 1), IS_PRIMITIVE(1, 1),
    STARTS_WITH(2, 2), ENDS_WITH(2, 2), CONTAINS(2, 2), INDEX_OF(2, 2), LENGTH(1, 1), SUBSTRING(2, 3), LOWER(1, 1), UPPER(1, 1), CONCAT(2, 16),
    ABS(1, 1), CEILING(1, 1), FLOOR(1, 1), SIGN(1, 1), SQRT(1, 1), SQUARE(1, 1), EXP(1, 1), POWER(2, 2), AS_NUMBER(1, 1);

    private static final int LONGEST = 65_536;

    final int least;
    final int most;

    Function(int least, int most) {
        this.least = least;
        this.most = most;
    }

    static Optional<Function> named(String name) {
        String plain = name.replace("_", "");
        for (Function each : values()) {
            if (each.name().replace("_", "").equalsIgnoreCase(plain)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    Object of(Object... arguments) {
        Object first = arguments[0];
        return switch (this) {
            case IS_DEFINED -> first != UNDEFINED;
            case IS_NULL -> first == null;
            case IS_BOOL -> first instanceof Boolean;
            case IS_NUMBER -> first instanceof Number;
            case IS_STRING -> first instanceof String;
            case IS_OBJECT -> first instanceof Values;
            case IS_ARRAY -> first instanceof List<?>;
            case IS_PRIMITIVE -> Comparing.primitive(first);
            case ABS, CEILING, FLOOR, SIGN, SQRT, SQUARE, EXP, POWER -> first instanceof Number number ? number(number, arguments) : UNDEFINED;
            case LENGTH -> first instanceof String text ? (Object) (long) text.length()
                    : first instanceof List<?> list ? (Object) (long) list.size() : UNDEFINED;
            default -> first instanceof String text ? text(text, arguments) : UNDEFINED;
        };
    }

    private Object number(Number number, Object[] arguments) {
        boolean whole = Numbers.whole(number);
        double value = number.doubleValue();
        return switch (this) {
            case ABS -> whole && number.longValue() != Long.MIN_VALUE ? (Object) Math.abs(number.longValue()) : (Object) Math.abs(value);
            case CEILING -> whole ? (Object) number : (Object) Math.ceil(value);
            case FLOOR -> whole ? (Object) number : (Object) Math.floor(value);
            case SIGN -> (long) Math.signum(value);
            case SQRT -> Numbers.finite(Math.sqrt(value));
            case SQUARE -> Numbers.calculated(number, '*', number);
            case EXP -> Numbers.finite(Math.exp(value));
            default -> arguments[1] instanceof Number power ? Numbers.finite(Math.pow(value, power.doubleValue())) : UNDEFINED;
        };
    }

    private Object text(String text, Object[] arguments) {
        return switch (this) {
            case LOWER -> text.toLowerCase(Locale.ROOT);
            case UPPER -> text.toUpperCase(Locale.ROOT);
            case AS_NUMBER -> asNumber(text);
            case SUBSTRING -> substring(text, arguments);
            case CONCAT -> concat(arguments);
            default -> arguments[1] instanceof String other ? search(text, other) : UNDEFINED;
        };
    }

    private Object search(String text, String other) {
        return switch (this) {
            case STARTS_WITH -> text.startsWith(other);
            case ENDS_WITH -> text.endsWith(other);
            case CONTAINS -> text.contains(other);
            default -> (long) text.indexOf(other);
        };
    }

    private static Object asNumber(String text) {
        try {
            return Numbers.finite(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            return UNDEFINED;
        }
    }

    /** From this place, counted from 0, to the end or for so many characters; what lies beyond the end is empty. */
    private static Object substring(String text, Object[] arguments) {
        if (!(arguments[1] instanceof Number from) || from.doubleValue() < 0) {
            return UNDEFINED;
        }
        int begin = (int) Math.min(from.doubleValue(), text.length());
        if (arguments.length < 3) {
            return text.substring(begin);
        }
        if (!(arguments[2] instanceof Number length) || length.doubleValue() < 0) {
            return UNDEFINED;
        }
        return text.substring(begin, begin + (int) Math.min(length.doubleValue(), text.length() - begin));
    }

    private static Object concat(Object[] arguments) {
        StringBuilder all = new StringBuilder();
        for (Object each : arguments) {
            if (!(each instanceof String text) || all.length() + text.length() > LONGEST) {
                return UNDEFINED;
            }
            all.append(text);
        }
        return all.toString();
    }
}
