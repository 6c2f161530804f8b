package io.pantograph.service;

import io.pantograph.api.codec.CodecException;
import io.pantograph.json.JsonWriter;

/** Questions with a document. */
final class Json {

    private Json() {
    }

    /** @throws IllegalArgumentException if JSON cannot say it */
    static Ask body(Ask ask, Object document) {
        try {
            return ask.body(JsonWriter.write(document), "application/json; charset=utf-8");
        } catch (CodecException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
