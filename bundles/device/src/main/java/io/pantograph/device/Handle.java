package io.pantograph.device;

import io.pantograph.api.command.Command;
import io.pantograph.api.core.DeviceTwin;
import io.pantograph.api.device.Device;
import io.pantograph.api.device.SendStatus;
import io.pantograph.api.model.DeliveryException.Reason;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.DeviceStatus;
import io.pantograph.api.model.Telemetry;
import io.pantograph.api.model.Values;
import io.pantograph.api.twin.Desired;
import io.pantograph.api.twin.DesiredResult;
import io.pantograph.api.twin.Twin;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** A device in the hand of one bundle. */
final class Handle implements Device {

    private final Link link;
    private final Register register;
    private final String origin;
    private final Runnable forget;
    private volatile Instant closed;

    /** @param origin under which it was connected; null if it was attached, which closing only lets go of */
    Handle(Link link, Register register, String origin, Runnable forget) {
        this.link = link;
        this.register = register;
        this.origin = origin;
        this.forget = forget;
    }

    @Override
    public DeviceId id() {
        return link.id();
    }

    @Override
    public CompletionStage<Void> publish(Telemetry telemetry) {
        if (closed != null) {
            return Link.failed(Reason.CLOSED, "event '" + telemetry.event() + "' of " + id() + ": the device was closed", null);
        }
        return link.publish(telemetry);
    }

    @Override
    public SendStatus sendStatus() {
        return link.pending() == 0 ? SendStatus.IDLE : SendStatus.BUSY;
    }

    @Override
    public CompletionStage<Twin> twin() {
        return ofTwin("the twin", DeviceTwin::read);
    }

    @Override
    public CompletionStage<Void> report(Values patch) {
        return report(Optional.empty(), patch);
    }

    @Override
    public CompletionStage<Void> report(String component, Values patch) {
        return report(Optional.of(component), patch);
    }

    private CompletionStage<Void> report(Optional<String> component, Values patch) {
        Objects.requireNonNull(patch, "patch");
        return ofTwin("a report", twin -> twin.report(component, patch));
    }

    @Override
    public CompletionStage<Void> outcome(Command command, Object outcome) {
        if (!command.device().equals(id())) {
            throw new IllegalArgumentException("command '" + command.name() + "' was for " + command.device() + ", its outcome is not for " + id()
                    + " to tell");
        }
        return ofTwin("the outcome of '" + command.name() + "'", twin -> twin.outcome(command.name(), outcome));
    }

    @Override
    public CompletionStage<Void> became(Desired desired, DesiredResult result) {
        if (!desired.device().equals(id())) {
            throw new IllegalArgumentException("'" + desired.property() + "' was desired of " + desired.device() + ", what became of it is not for "
                    + id() + " to tell");
        }
        return ofTwin("what became of '" + desired.property() + "'", twin -> twin.became(desired, result));
    }

    private <T> CompletionStage<T> ofTwin(String what, Function<DeviceTwin, CompletionStage<T>> step) {
        return closed != null ? Link.failed(Reason.CLOSED, what + " of " + id() + ": the device was closed", null) : step.apply(link.twin());
    }

    @Override
    public DeviceStatus status() {
        Instant since = closed;
        return since == null ? link.status() : new DeviceStatus(DeviceStatus.State.CLOSED, DeviceStatus.Reason.NONE, "", since);
    }

    @Override
    public CompletionStage<Void> connected() {
        return link.connected();
    }

    @Override
    public void close() {
        Register.await(List.of(letGo()));
    }

    /** @return completes when the connection, if it ends by this, is gone */
    synchronized CompletableFuture<Void> letGo() {
        if (closed != null) {
            return CompletableFuture.completedFuture(null);
        }
        closed = Instant.now();
        forget.run();
        return register.release(link, origin);
    }
}
