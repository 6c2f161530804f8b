package io.pantograph.codecs;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import java.util.List;
import java.util.Map;

/** About how many bytes a body is, without writing it; counts no further than it is asked to. */
final class Weight {

    private static final int NODE = 16;

    private Weight() {
    }

    /** @return more than the limit, whatever, if it is more */
    static int of(Object body, int limit) {
        if (body instanceof Bytes bytes) {
            return bytes.length();
        }
        return body instanceof Content content ? data(content.data(), limit) : data(body, limit);
    }

    private static int data(Object data, int limit) {
        if (data instanceof String text) {
            return NODE + text.length();
        }
        if (data instanceof Bytes bytes) {
            return NODE + bytes.length();
        }
        int sum = NODE;
        if (data instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                if (sum > limit) {
                    break;
                }
                sum += data(entry.getKey(), limit) + data(entry.getValue(), limit);
            }
        } else if (data instanceof List<?> list) {
            for (int i = 0; i < list.size() && sum <= limit; i++) {
                sum += data(list.get(i), limit);
            }
        }
        return sum;
    }
}
