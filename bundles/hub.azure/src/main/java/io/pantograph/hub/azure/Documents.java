package io.pantograph.hub.azure;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.hub.Json;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;

/** Plain data as it lies in the database: JSON text. */
record Documents(Json json) {

    String text(Object data) {
        return json.write(data).text();
    }

    Object data(String text) {
        try {
            return json.read(Bytes.utf8(text));
        } catch (CodecException e) {
            throw new IllegalStateException("a stored document is not JSON: " + e.getMessage(), e);
        }
    }

    Values values(String text) {
        if (data(text) instanceof Values values) {
            return values;
        }
        throw new IllegalStateException("a stored document is no JSON object");
    }
}
