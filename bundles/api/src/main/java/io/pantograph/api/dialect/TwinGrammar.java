package io.pantograph.api.dialect;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import io.pantograph.api.wire.Frame;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * How a cloud speaks of device twins: requests, answers, and the shape of what is wanted and reported. Pure, safe for many threads.
 * Bodies are JSON; the caller encodes and decodes them with the codec {@code json}.
 */
@ConsumerType
public interface TwinGrammar {

    /** One value that the hub's side wants the device to have. @param value {@code null}: it is wanted no longer */
    record Wish(Optional<String> component, String property, Object value) {
    }

    /** A section and its version. */
    record Section(Values values, long version) {
    }

    /** A whole twin as read. */
    record Document(Section desired, Section reported) {
    }

    /** Asks for the whole twin. @param request a name for this request: 1 to 36 characters of A-Z a-z 0-9 - */
    Frame read(String request);

    /** Reports a merge patch: named values replace or join, {@code null} deletes. */
    Frame report(String request, Bytes patch);

    /** The body of an answer to {@link #read}. @throws IllegalArgumentException if it is none, saying why */
    Document document(Values body);

    /**
     * The body of a change, without what is not content.
     *
     * @param told the version that came beside the body, if any
     * @throws IllegalArgumentException if there is no version, saying so
     */
    Section change(Values body, OptionalLong told);

    /** A desired section, or a patch of it, taken apart. Values of a component that is gone altogether cannot be told apart: one wish with value null. */
    List<Wish> wishes(Values desired);

    /** The report that answers a wish, as this cloud wants it. @param value as the device has it now */
    Values acknowledgement(Wish wish, int status, Optional<String> note, Object value, long version);

    /** A report of one component. */
    Values within(String component, Values patch);

    /** The report that tells the outcome of a command that was answered with 202. */
    Values outcome(String command, Object outcome);

    /**
     * Whether the cloud would take such a report.
     *
     * @param patchBytes its size in JSON
     * @throws io.pantograph.api.model.DeliveryException TOO_LARGE or UNSUPPORTED, naming the value and the limit
     */
    void check(Values patch, int patchBytes) throws io.pantograph.api.model.DeliveryException;
}
