package io.pantograph.api.hub;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Values;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Device management as Watson has it: what devices tell of themselves, and what the operator has them do. Documents are in the cloud's own
 * words, as the {@link Registry}'s are.
 *
 * <p>What is changed is on disk when the call returns, so calls may wait for that; {@link #heard} alone never waits. From any thread.
 */
@ProviderType
public interface Management {

    /** How a device's part of a request ended. */
    enum Outcome {
        DONE(0),
        /** Refused at once. */
        REFUSED(1),
        /** Accepted, and failed later, or nothing was heard of it in time. */
        FAILED(2),
        /** The device does not know how. */
        UNSUPPORTED(3);

        private final int code;

        Outcome(int code) {
            this.code = code;
        }

        /** As applications see it. */
        public int code() {
            return code;
        }
    }

    /**
     * What is known of a managed device.
     *
     * @param dormant from when on it is taken for asleep unless it says again that it is managed; empty if it never is
     * @param heard when it last spoke of management
     * @param supports a flag for each group of actions
     * @param firmware {@code version, name, uri, verifier, state, updateStatus, updatedDateTime}
     */
    record Managed(Optional<Instant> dormant, Instant heard, Values supports, Values firmware) {
    }

    /** A line of a device's diagnostic log. @param severity 0 information, 1 warning, 2 error @param data in base64 */
    record Line(String id, Instant time, int severity, String message, String data) {
    }

    /** An error code that a device told. */
    record Fault(long code, Instant time) {
    }

    /**
     * What devices are to do.
     *
     * @param action such as {@code device/reboot}, or {@code bundle/action}
     * @param override ends what they are doing already, instead of being refused because of it
     */
    record Order(String action, List<DeviceId> devices, Map<String, String> parameters, Duration timeout, boolean override) {
    }

    /** An order under way or done. @param complete no device has anything left to do @param worst of those that are done */
    record Request(String id, String action, Map<String, String> parameters, int devices, boolean complete, Outcome worst,
            Instant initiated, Instant updated) {
    }

    /** How far one device is. @param outcome empty while it is at it @param message what there is to say, for people */
    record Progress(DeviceId device, Optional<Outcome> outcome, String message, Instant updated) {
    }

    /** What is asked for cannot be. The message is one sentence for whoever asked. */
    final class RefusedException extends RuntimeException {

        private static final long serialVersionUID = 1;

        /** What is wrong. */
        public enum Why {
            /** With the question. */
            INVALID,
            /** Something that it names is not there. */
            MISSING,
            /** It does not go together with what there is. */
            CONFLICT
        }

        private final Why why;

        public RefusedException(Why why, String message) {
            super(message, null, false, false); // an answer to a client, not a fault of ours: nobody reads its trace
            this.why = why;
        }

        public Why why() {
            return why;
        }
    }

    /** A registered device, or the gateway that speaks for it, said this of management. @param path behind {@code iotdevice-1/} */
    void heard(DeviceId device, String path, Bytes payload);

    /** The operator changed this of a device; a managed one is told. @param field such as {@code location} */
    void changed(DeviceId device, String field, Values value);

    /** Empty if it is not managed. */
    Optional<Managed> managed(DeviceId device);

    /** Newest first. */
    List<Line> log(DeviceId device);

    /** @throws RefusedException INVALID */
    Line addLine(DeviceId device, Values line);

    /** @return false if there is no such line */
    boolean deleteLine(DeviceId device, String id);

    void clearLog(DeviceId device);

    /** Newest first. */
    List<Fault> faults(DeviceId device);

    /** @throws RefusedException INVALID */
    Fault addFault(DeviceId device, Values fault);

    void clearFaults(DeviceId device);

    /** @return its id. @throws RefusedException if it cannot be carried out; then nothing is begun */
    String initiate(Order order);

    /** The newest first. @param from where a page before said the next begins */
    Registry.Page<Request> requests(int limit, Optional<String> from);

    Optional<Request> request(String id);

    /** What devices are doing of it goes on, and nobody asks for it any more. @return false if there is none */
    boolean deleteRequest(String id);

    /** Ends it for those devices that are not done. @return false if there is none */
    boolean cancel(String id);

    /** In the order of type and name. @throws RefusedException MISSING if there is no such request */
    Registry.Page<Progress> progress(String id, int limit, Optional<String> from);

    Optional<Progress> progress(String id, DeviceId device);

    /** Bundles of actions beyond those that every device may know, in the order of their ids. */
    List<Values> bundles();

    Optional<Values> bundle(String id);

    /** @throws RefusedException INVALID; CONFLICT if it is there already */
    Values addBundle(Values bundle);

    /** @return empty if there is none. @throws RefusedException INVALID */
    Optional<Values> changeBundle(String id, Values bundle);

    /** @return false if there is none */
    boolean deleteBundle(String id);
}
