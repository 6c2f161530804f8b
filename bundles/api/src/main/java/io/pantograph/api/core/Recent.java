package io.pantograph.api.core;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import java.util.Optional;

/**
 * One of the last real messages of a format. Of a decoded one the bytes came first, of an encoded one the content.
 *
 * @param made what the codec that served made of it; empty if it failed
 */
public sealed interface Recent {

    record Encoded(Content content, Optional<Bytes> made) implements Recent {
    }

    record Decoded(Bytes bytes, Optional<Content> made) implements Recent {
    }
}
