package io.pantograph.dialect.azure;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeliveryException.Reason;
import io.pantograph.api.model.Names;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** What IoT Hub lets a device report; adds up one patch. */
final class TwinRules {

    private static final int MOST_BYTES = 32 * 1024;
    private static final int MOST_MESSAGE_BYTES = 262_144;
    private static final int MOST_KEY_BYTES = 1024;
    private static final int MOST_TEXT_BYTES = 4 * 1024;
    private static final int DEEPEST = 10;
    private static final BigInteger LEAST = BigInteger.valueOf(-4_503_599_627_370_496L);
    private static final BigInteger MOST = BigInteger.valueOf(4_503_599_627_370_495L);

    private int bytes;

    /** @param patchBytes in JSON */
    void check(Map<String, Object> patch, int patchBytes) throws DeliveryException {
        object(patch, 0);
        if (bytes > MOST_BYTES) {
            throw new DeliveryException(Reason.TOO_LARGE, "the report has " + bytes + " bytes of names and values; IoT Hub keeps at most " + MOST_BYTES
                    + " of all that a device reports: report less, or send it as telemetry");
        }
        if (patchBytes > MOST_MESSAGE_BYTES) {
            throw new DeliveryException(Reason.TOO_LARGE, "the report has " + patchBytes + " bytes; IoT Hub takes at most " + MOST_MESSAGE_BYTES
                    + ": report less at once");
        }
    }

    private void object(Map<?, ?> object, int depth) throws DeliveryException {
        if (depth > DEEPEST) {
            throw new DeliveryException(Reason.UNSUPPORTED, "the report is nested deeper than the " + DEEPEST + " levels that IoT Hub takes");
        }
        for (Map.Entry<?, ?> entry : object.entrySet()) {
            String name = (String) entry.getKey();
            name(name);
            value(name, entry.getValue(), depth);
        }
    }

    private void name(String name) throws DeliveryException {
        int length = utf8("the name", name, name);
        if (length == 0) {
            throw new DeliveryException(Reason.UNSUPPORTED, "the report has a value without a name");
        }
        if (length > MOST_KEY_BYTES) {
            throw new DeliveryException(Reason.TOO_LARGE, "the name '" + Names.visible(name) + "' has " + length + " bytes; IoT Hub takes at most "
                    + MOST_KEY_BYTES);
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '.' || c == '$' || c == ' ' || Character.isISOControl(c)) {
                throw new DeliveryException(Reason.UNSUPPORTED, "the name '" + Names.visible(name)
                        + "' has a control character, a space, a . or a $, which IoT Hub does not take");
            }
        }
        bytes += length;
    }

    private void value(String name, Object value, int depth) throws DeliveryException {
        if (value instanceof String text) {
            text(name, utf8("the text of", name, text));
        } else if (value instanceof Bytes raw) {
            text(name, (raw.length() + 2) / 3 * 4); // in JSON it is base64
        } else if (value instanceof Boolean) {
            bytes += 4;
        } else if (value instanceof Number number) {
            number(name, number);
            bytes += 8;
        } else if (value instanceof Map<?, ?> object) {
            object(object, depth + 1);
        } else if (value instanceof List<?> list) {
            if (depth >= DEEPEST) {
                throw new DeliveryException(Reason.UNSUPPORTED, "the report is nested deeper than the " + DEEPEST + " levels that IoT Hub takes");
            }
            for (Object item : list) {
                value(name, item, depth + 1);
            }
        }
    }

    private void text(String name, int length) throws DeliveryException {
        if (length > MOST_TEXT_BYTES) {
            throw new DeliveryException(Reason.TOO_LARGE, "the text of '" + Names.visible(name) + "' has " + length + " bytes; IoT Hub takes at most "
                    + MOST_TEXT_BYTES + " in a report: cut it, or send it as telemetry");
        }
        bytes += length;
    }

    /** The bound is for whole numbers; those with a fraction may be any. */
    private static void number(String name, Number number) throws DeliveryException {
        BigInteger whole = null;
        if (number instanceof BigInteger big) {
            whole = big;
        } else if (number instanceof BigDecimal decimal) {
            whole = decimal.scale() <= 0 && decimal.precision() - decimal.scale() <= 40 ? decimal.toBigInteger() : null;
        } else if (number instanceof Long || number instanceof Integer || number instanceof Short || number instanceof Byte) {
            whole = BigInteger.valueOf(number.longValue());
        }
        if (whole != null && (whole.compareTo(LEAST) < 0 || whole.compareTo(MOST) > 0)) {
            throw new DeliveryException(Reason.UNSUPPORTED, "the number " + shown(whole) + " of '" + Names.visible(name) + "' is no whole number of "
                    + LEAST + " to " + MOST + ", which is all that IoT Hub takes: say it as text");
        }
    }

    private static String shown(BigInteger number) {
        return number.bitLength() > 128 ? "of " + number.bitLength() + " bits" : number.toString();
    }

    private static int utf8(String what, String name, String text) throws DeliveryException {
        int length = Measure.utf8(text);
        if (length < 0) {
            throw new DeliveryException(Reason.UNSUPPORTED, what + " '" + Names.visible(name)
                    + "' has half a character (a lone surrogate), which no UTF-8 can say");
        }
        return length;
    }
}
