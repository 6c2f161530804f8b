package io.pantograph.session;

import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.DeviceStatus;
import io.pantograph.api.model.DeviceStatus.Reason;
import io.pantograph.api.model.DeviceStatus.State;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;

/** How a device's connection stands, and who is told of it. */
final class Standing {

    private final DeviceId device;
    private final Rooms rooms;
    private final CompletableFuture<Void> connected = new CompletableFuture<>();
    private volatile DeviceStatus status;

    Standing(DeviceId device, Rooms rooms) {
        this.device = device;
        this.rooms = rooms;
        status = new DeviceStatus(State.CONNECTING, Reason.NONE, "", rooms.clock().instant());
    }

    DeviceStatus status() {
        return status;
    }

    CompletionStage<Void> connected() {
        return connected;
    }

    void become(State state, Reason reason, String detail) {
        status = new DeviceStatus(state, reason, detail, rooms.clock().instant());
        rooms.news().status(device, status);
    }

    void becomeConnected() {
        become(State.CONNECTED, Reason.NONE, "");
        tell(() -> connected.complete(null));
    }

    /** Waiting will not help: whoever waits for the connection is told so. */
    void refused(String detail) {
        tell(() -> connected.completeExceptionally(new DeliveryException(DeliveryException.Reason.REFUSED,
                "device " + device + " is not let in (" + detail + "); check its identity and its key, token or certificate")));
    }

    /** @param closed completed when all have been told */
    void becomeClosed(CompletableFuture<Void> closed) {
        become(State.CLOSED, Reason.NONE, "");
        tell(() -> {
            connected.completeExceptionally(new DeliveryException(DeliveryException.Reason.CLOSED,
                    "device " + device + " was closed before it was connected"));
            closed.complete(null);
        });
    }

    /** Completes a stage that others hold: what they do then is not for the thread on which all devices connect. */
    private void tell(Runnable completion) {
        try {
            rooms.inbound().execute(completion);
        } catch (RejectedExecutionException closingRoom) {
            completion.run();
        }
    }
}
