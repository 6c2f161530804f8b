package io.pantograph.hub.manage;

import io.pantograph.api.hub.Management.Outcome;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Values;
import java.time.Instant;
import java.util.Optional;

/**
 * One device's part of a request.
 *
 * @param wire under which the device answers the present step; every step has its own, so an answer that comes late or twice meets nothing
 * @param outcome known before the last step, when what was begun has only to be tidied up
 */
record Part(String request, Action action, Values parameters, DeviceId device, Step step, String wire, Optional<Outcome> outcome, String message,
        Instant due, Instant updated) {

    enum Step {
        /** It is told the document {@code mgmt.firmware}. */
        PREPARE,
        /** It is to tell of changes. */
        OBSERVE,
        /** It is told to do it. */
        BEGIN,
        /** It has said that it will. */
        BUSY,
        /** It need not tell of changes any more. */
        TIDY,
        DONE
    }
}
