package io.pantograph.api.core;

import io.pantograph.api.codec.CodecException;
import java.util.SortedSet;

/** There is no codec for a format; names it and those that are there. */
public final class NoCodecException extends CodecException {

    private static final long serialVersionUID = 1;

    private final boolean known;

    /** There never was one. */
    public NoCodecException(String format, SortedSet<String> present) {
        super("no codec for format '" + format + "'; installed are " + (present.isEmpty() ? "none" : String.join(", ", present))
                + "; put a codec bundle for it into the drop folder");
        known = false;
    }

    /** There was one, and it may be back: it is being exchanged, or in quarantine. @param why one sentence */
    public NoCodecException(String why) {
        super(why);
        known = true;
    }

    /** Whether there was a codec for this format, so that it is worth while to keep the message for its successor. */
    public boolean wasKnown() {
        return known;
    }
}
