package io.pantograph.device;

import io.pantograph.api.device.Device;
import io.pantograph.api.device.SendStatus;
import io.pantograph.api.model.DeliveryException.Reason;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.DeviceStatus;
import io.pantograph.api.model.Telemetry;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

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
