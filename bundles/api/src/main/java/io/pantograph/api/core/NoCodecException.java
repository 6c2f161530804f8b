package io.pantograph.api.core;

import io.pantograph.api.codec.CodecException;
import java.util.SortedSet;

/** There is no codec for a format; names it and those that are there. */
public final class NoCodecException extends CodecException {

    private static final long serialVersionUID = 1;

    public NoCodecException(String format, SortedSet<String> present) {
        super("no codec for format '" + format + "'; installed are " + (present.isEmpty() ? "none" : String.join(", ", present))
                + "; put a codec bundle for it into the drop folder");
    }
}
