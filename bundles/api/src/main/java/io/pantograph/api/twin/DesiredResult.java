package io.pantograph.api.twin;

import io.pantograph.api.model.Content;
import java.util.Objects;
import java.util.Optional;

/**
 * What became of a desired value.
 *
 * @param status 200 done, 202 under way, 4xx refused, 5xx failed
 * @param note one sentence for whoever wanted it
 * @param value what the device has now, plain data, if that is not what was wanted; empty: it is
 */
public record DesiredResult(int status, Optional<String> note, Optional<Content> value) {

    public DesiredResult {
        if (status < 100 || status > 999) {
            throw new IllegalArgumentException("status " + status + " must be of 100 to 999");
        }
        Objects.requireNonNull(note);
        Objects.requireNonNull(value);
    }

    /** Done: the device has it. */
    public static DesiredResult applied() {
        return new DesiredResult(200, Optional.empty(), Optional.empty());
    }

    /** Done, with a note. */
    public static DesiredResult applied(String note) {
        return new DesiredResult(200, Optional.of(note), Optional.empty());
    }

    /** Not done. @param has what the device has instead */
    public static DesiredResult refused(int status, String note, Object has) {
        return new DesiredResult(status, Optional.of(note), Optional.of(Content.of(has)));
    }
}
