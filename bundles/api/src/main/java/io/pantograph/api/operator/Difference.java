package io.pantograph.api.operator;

import io.pantograph.api.model.Values;

/**
 * Where two versions made different things of the same message.
 *
 * @param field as {@code $.axes[1].x}; {@code $} for the whole of it, such as when only one of them could read it
 * @param before what the version made of it that serves, shortened to 200 characters
 * @param after what the other one made of it
 * @param count of how many messages
 */
public record Difference(String format, boolean decoding, String field, String before, String after, long count) {

    public Values values() {
        return Values.builder().put("format", format).put("direction", decoding ? "decode" : "encode").put("field", field)
                .put("before", before).put("after", after).put("count", count).build();
    }
}
