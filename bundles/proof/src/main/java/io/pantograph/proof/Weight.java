package io.pantograph.proof;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Values;
import java.util.List;
import java.util.Map;

/** How large a content is, roughly, in bytes; and what is too large for where it came from. */
final class Weight {

    private static final int EACH = 16;

    private Weight() {
    }

    /** Null if it is not. */
    static String ofDecoded(Bytes from, Content content) {
        long most = 65_536 + 64L * from.length();
        long weight = of(content.data());
        return weight <= most ? null : "made about " + weight + " bytes of data out of " + from.length() + " bytes; at most " + most + " are allowed";
    }

    /** Null if it is not. */
    static String ofEncoded(Content from, Bytes bytes) {
        long weight = of(from.data());
        long most = 4_096 + 16L * weight;
        return bytes.length() <= most ? null : "made " + bytes.length() + " bytes out of about " + weight + " bytes of data; at most " + most
                + " are allowed";
    }

    private static long of(Object data) {
        if (data instanceof String text) {
            return EACH + text.length();
        }
        if (data instanceof Bytes bytes) {
            return EACH + bytes.length();
        }
        if (data instanceof java.math.BigInteger number) {
            return EACH + number.bitLength() / 3;
        }
        if (data instanceof java.math.BigDecimal number) {
            return EACH + number.unscaledValue().bitLength() / 3 + Math.min(Math.abs((long) number.scale()), 1_000);
        }
        long weight = EACH;
        if (data instanceof Values values) {
            for (Map.Entry<String, Object> member : values.entrySet()) {
                weight += EACH + member.getKey().length() + of(member.getValue());
            }
        } else if (data instanceof List<?> list) {
            for (Object entry : list) {
                weight += of(entry);
            }
        }
        return weight;
    }
}
