package io.pantograph.api.dialect;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import io.pantograph.api.model.Values;
import io.pantograph.api.wire.Frame;
import io.pantograph.api.wire.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * How a cloud manages devices: what a device says of itself, what it is asked to do, and what it answers. Pure, safe for many threads.
 * Bodies are JSON; the caller encodes and decodes them with the codec {@code json}.
 */
@ConsumerType
public interface ManagementGrammar {

    /** What a message of the hub is about, see {@link Inbound.Managed}. */
    enum Kind {
        /** The answer to a request of the device. */
        ANSWER,
        REBOOT,
        FACTORY_RESET,
        /** Takes values on: among them where there is firmware. */
        UPDATE,
        /** Wants to be told of changes. */
        OBSERVE,
        /** Wants to be told no more. */
        CANCEL,
        /** Fetch the firmware that was told of. */
        DOWNLOAD,
        /** Begin to use the firmware that was fetched. */
        INSTALL,
        /** Something that an extension defines. */
        ACTION
    }

    /** Where the firmware is. */
    enum Image {
        NONE, COMING, HERE
    }

    /** What became of the firmware. */
    enum Update {
        DONE, UNDER_WAY, OUT_OF_MEMORY, CONNECTION_LOST, NOT_VERIFIED, NOT_SUPPORTED, NO_SUCH_PLACE
    }

    /** What is to be installed, each as it was told, or empty. */
    record Firmware(String name, String version, String uri, String verifier) {

        public static final Firmware NONE = new Firmware("", "", "", "");

        public Firmware {
            Objects.requireNonNull(name);
            Objects.requireNonNull(version);
            Objects.requireNonNull(uri);
            Objects.requireNonNull(verifier);
        }
    }

    /** One message: its body is to be encoded. */
    record Letter(String topic, Values body) {

        public Frame frame(Bytes encoded) {
            return new Frame(topic, encoded, Qos.AT_LEAST_ONCE);
        }
    }

    /**
     * What a device says of itself.
     *
     * @param lifetime after which it counts as asleep unless it said so again; zero: never
     * @param deviceActions whether it can be restarted
     * @param extensions whose actions it carries out
     * @param info {@code serialNumber, manufacturer, model, deviceClass, description, fwVersion, hwVersion, descriptiveLocation}, those it knows
     */
    record Manageable(Duration lifetime, boolean deviceActions, boolean firmwareActions, Set<String> extensions, Values info) {
    }

    /**
     * What a device is asked.
     *
     * @param id to be given back with the answer; empty: no answer is wanted
     * @param fields by name; null where a name alone was told
     * @param firmware if there is some among the fields, or it is what is to be observed
     * @param unknown names of fields that this cloud does not have; never those of an action
     */
    record Request(Optional<String> id, Values fields, Optional<Firmware> firmware, List<String> unknown) {
    }

    /** What was answered to a request of the device. @param message empty if there is none */
    record Answer(String request, int status, String message) {
    }

    /** Beside those of {@link Profile#subscriptions}, if anybody here manages devices. */
    List<Subscription> subscriptions();

    /** Before all else on every connection. @param request a name for this request: 1 to 36 characters of A-Z a-z 0-9 - */
    Letter manageable(String request, Manageable device);

    /** @param status as HTTP has it: 200 done, 202 begun, 204 taken on, 400, 404, 409, 500 not done, 501 not known here */
    Letter answer(String request, int status, Optional<String> message);

    /** Answers who wants to observe the firmware with how it stands. */
    Letter observed(String request, Firmware firmware, Image image, Update update);

    /** Tells who observes the firmware. Empty: as it was. */
    Letter changed(Optional<Image> image, Optional<Update> update);

    /** For the log that the cloud keeps of a device. @param severity 0 information, 1 warning, 2 error */
    Letter log(String request, Instant time, int severity, String message);

    Letter errorCode(String request, int code);

    /** @param message not an {@link Kind#ANSWER} @throws IllegalArgumentException if it is none, saying why */
    Request request(Inbound.Managed message, Values body);

    /** @throws IllegalArgumentException if it is none, saying why */
    Answer answered(Values body);
}
