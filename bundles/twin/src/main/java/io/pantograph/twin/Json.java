package io.pantograph.twin;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.CodecRoute;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Values;

/** Twins travel in JSON, whichever codec writes it at the moment. */
final class Json {

    static final String FORMAT = "json";

    private final CodecRoute route;

    Json(CodecRoute route) {
        this.route = route;
    }

    Bytes encode(Values values) throws CodecException {
        return route.encode(Content.of(values));
    }

    Values decode(Bytes bytes) throws CodecException {
        Content content = route.decode(bytes);
        if (!content.isObject()) {
            throw new CodecException("an object was expected");
        }
        return content.values();
    }
}
