package io.pantograph.api.core;

import io.pantograph.api.codec.CodecException;
import java.util.SortedSet;

/** There is no codec for a format; names it and those that are there. */
public final class NoCodecException extends CodecException {

    private static final long serialVersionUID = 1;

    private final boolean known;
    private final boolean given;

    /** There never was one. */
    public NoCodecException(String format, SortedSet<String> present) {
        super("no codec for format '" + format + "'; installed are " + (present.isEmpty() ? "none" : String.join(", ", present))
                + "; put a codec bundle for it into the drop folder");
        known = false;
        given = false;
    }

    /** There was one, and it may be back: it is being exchanged, or in quarantine. @param why one sentence */
    public NoCodecException(String why) {
        this(why, false);
    }

    /** As {@link #NoCodecException(String)}. @param given whether a codec had the message, and is not there any more */
    public NoCodecException(String why, boolean given) {
        super(why);
        known = true;
        this.given = given;
    }

    /** Whether there was a codec for this format, so that it is worth while to keep the message for its successor. */
    public boolean wasKnown() {
        return known;
    }

    /** Whether a codec had the message, which may have brought it down: then it must not be given to one for ever. */
    public boolean wasGiven() {
        return given;
    }
}
