package io.pantograph.api.dialect;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeviceId;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** What a message from the hub means. */
public sealed interface Inbound {

    /**
     * A command, its body still encoded.
     *
     * @param format name of the codec; {@link #RAW} for a body that is to be handed on as it is
     * @param id the cloud's own name of this one request; empty if it gives none
     * @param properties what came beside the body
     * @param asked empty if nobody waits for an answer
     */
    record Call(DeviceId device, String command, String format, Bytes payload, Optional<String> id, Map<String, String> properties,
            Optional<Asked> asked) implements Inbound {

        /** No codec is asked: the content is the {@link Bytes} themselves. */
        public static final String RAW = "raw";

        public Call {
            Objects.requireNonNull(device);
            Objects.requireNonNull(command);
            Objects.requireNonNull(format);
            Objects.requireNonNull(payload);
            Objects.requireNonNull(id);
            Objects.requireNonNull(asked);
            properties = Map.copyOf(properties);
        }

        public Call(DeviceId device, String command, String format, Bytes payload) {
            this(device, command, format, payload, Optional.empty(), Map.of(), Optional.empty());
        }
    }

    /**
     * Somebody waits for the answer to a call. With an empty body the call has no content, and no codec is asked.
     *
     * @param ticket given back with the answer, see {@link Profile#answer}
     * @param patience after which nobody waits any longer
     * @param handlerPatience how long a handler may be missing before the asker is told so
     */
    record Asked(String ticket, Duration patience, Duration handlerPatience) {
    }

    /**
     * The hub's answer to a request of {@link TwinGrammar}.
     *
     * @param request the request's name
     * @param status as HTTP has it
     * @param version of the section that was written or read, if it is told
     */
    record Answer(String request, int status, OptionalLong version, Bytes payload) implements Inbound {
    }

    /** The hub's side of the twin was changed: a patch. @param version that the section has now, if the topic tells it */
    record Changed(OptionalLong version, Bytes payload) implements Inbound {
    }

    /**
     * Of device management, see {@link ManagementGrammar}.
     *
     * @param extension whose action it is; empty for all but an action
     * @param action likewise
     */
    record Managed(DeviceId device, ManagementGrammar.Kind kind, String extension, String action, Bytes payload) implements Inbound {

        public Managed(DeviceId device, ManagementGrammar.Kind kind, Bytes payload) {
            this(device, kind, "", "", payload);
        }
    }

    /** Not of this protocol. @param reason one sentence, never with payload */
    record Unreadable(String reason) implements Inbound {
    }
}
