package io.pantograph.api.device;

import io.pantograph.api.command.Command;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.DeviceStatus;
import io.pantograph.api.model.Telemetry;
import io.pantograph.api.model.Values;
import io.pantograph.api.twin.Desired;
import io.pantograph.api.twin.DesiredResult;
import io.pantograph.api.twin.Twin;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** A device and its connection to the hub. Safe for use by many threads. */
@ProviderType
public interface Device extends AutoCloseable {

    DeviceId id();

    /**
     * Sends one reading. It is encoded on the calling thread, then waits in this device's bounded outbox; readings of one
     * device reach the hub in the order they were accepted, over every reconnect.
     *
     * <p>Never blocks on the network. While the codec of this format is being replaced the caller waits for the new one, at
     * most the configured time (2 s unless told).
     *
     * @return completes when the hub acknowledged it; with QoS 0, which knows no acknowledgement, when it was handed to the
     *     connection. Fails with {@link io.pantograph.api.model.DeliveryException}: at once for NO_CODEC, NOT_ENCODABLE,
     *     TOO_LARGE, UNSUPPORTED, OVERFLOW; later for EXPIRED and CLOSED. A lost connection is no failure: it is sent again after the
     *     reconnect, so with QoS 1 it may arrive twice.
     */
    CompletionStage<Void> publish(Telemetry telemetry);

    /** Whether anything published is still without its confirmation. */
    SendStatus sendStatus();

    /**
     * Reads the twin from the hub.
     *
     * @return completes when the hub answered; fails with {@link io.pantograph.api.model.DeliveryException}: UNSUPPORTED where the cloud
     *     has no twins, EXPIRED after 30 s without a connection or an answer, REFUSED if the hub says no
     */
    default CompletionStage<Twin> twin() {
        return NoTwin.stage();
    }

    /**
     * Reports how the device is, as a merge patch: named values replace or join what was reported, {@code null} deletes. Kept while
     * there is no connection, in memory; what is not under way yet is merged with what comes after it, so that the newest value goes.
     *
     * @return completes when the hub has taken it, or a newer value in its place; fails with
     *     {@link io.pantograph.api.model.DeliveryException}: at once UNSUPPORTED where the cloud has no twins, TOO_LARGE,
     *     OVERFLOW; later REFUSED if the hub says no, and CLOSED
     */
    default CompletionStage<Void> report(Values patch) {
        return NoTwin.stage();
    }

    /** As {@link #report(Values)}, for one component of the device. */
    default CompletionStage<Void> report(String component, Values patch) {
        return NoTwin.stage();
    }

    /**
     * Tells the outcome of a command that was answered with 202, in the way its cloud tells such things.
     *
     * <pre>{@code
     * worker.execute(() -> device.outcome(command, diagnose()));
     * return CompletableFuture.completedStage(CommandResult.accepted());
     * }</pre>
     *
     * @param outcome plain data as {@link io.pantograph.api.model.Content} has it
     * @return as {@link #report(Values)}
     */
    default CompletionStage<Void> outcome(Command command, Object outcome) {
        return NoTwin.stage();
    }

    /**
     * Tells what became of a desired value whose {@link io.pantograph.api.twin.DesiredHandler} answered 202. Nothing is told if that
     * handler was given a newer value of the same meanwhile, or has none any more.
     *
     * @return as {@link #report(Values)}
     */
    default CompletionStage<Void> became(Desired desired, DesiredResult result) {
        return NoTwin.stage();
    }

    /** How the connection stands now. To be told of changes, register a {@link io.pantograph.api.listener.DeviceListener}. */
    DeviceStatus status();

    /**
     * Completes when the device is connected for the first time; fails with
     * {@link io.pantograph.api.model.DeliveryException} REFUSED as soon as the hub refuses this identity or token, though tries
     * go on in the background, and CLOSED when it was closed before. No network is no failure: the first connect is tried again
     * and again as later ones are.
     */
    CompletionStage<Void> connected();

    /**
     * Closes the connection for good and ends any retry: what is still in the outbox fails with CLOSED. Waits for readings under
     * way for their acknowledgement, at most 2 s. Closing a device of {@link Gateway#attach} lets go of it only. Twice does no harm.
     */
    @Override
    void close();
}
