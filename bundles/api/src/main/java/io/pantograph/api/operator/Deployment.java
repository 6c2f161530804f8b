package io.pantograph.api.operator;

import io.pantograph.api.model.Values;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A release on its way or at its end, as of one moment.
 *
 * @param id such as {@code d-17}; grows, also over restarts
 * @param reason why it was refused or taken back, or what it waits for: one sentence, or empty
 * @param history what happened, the oldest first, at most 100 lines
 */
public record Deployment(String id, String door, State state, String reason, List<Part> parts, List<Step> history, Instant begun,
        Optional<Instant> ended) {

    /** @param said one sentence */
    public record Step(Instant time, State state, String said) {
    }

    public Deployment {
        parts = List.copyOf(parts);
        history = List.copyOf(history);
    }

    public Values values() {
        Values.Builder values = Values.builder().put("id", id).put("door", door).put("state", state.word()).put("begun", begun.toString());
        ended.ifPresent(time -> values.put("ended", time.toString()));
        if (!reason.isEmpty()) {
            values.put("reason", reason);
        }
        return values.put("bundles", parts.stream().map(Part::values).toList())
                .put("history", history.stream().map(step -> Values.of("time", step.time().toString(), "state", step.state().word(), "said", step.said())).toList())
                .build();
    }
}
