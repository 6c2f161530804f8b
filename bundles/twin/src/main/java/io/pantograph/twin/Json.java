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
        Content content;
        try {
            content = Content.of(values);
        } catch (IllegalArgumentException e) {
            throw new CodecException(e.getMessage(), e); // what was given to be reported is too deep as soon as it is in its place
        }
        return route.encode(content);
    }

    Values decode(Bytes bytes) throws CodecException {
        Content content = route.decode(bytes);
        if (!content.isObject()) {
            throw new CodecException("an object was expected");
        }
        return content.values();
    }
}
