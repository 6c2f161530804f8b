package io.pantograph.session;

import io.pantograph.api.core.DeviceTwin;
import io.pantograph.api.core.Twins;
import io.pantograph.api.dialect.Inbound;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.transport.Connection;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Between a device's connection and its twin, which may come and go with its room. Opened and shut on the timer's thread; what the
 * hub says comes on those of the inbound messages.
 */
final class TwinLine {

    private static final Logger LOG = LoggerFactory.getLogger(TwinLine.class);

    private final DeviceId device;
    private final Supplier<Twins> room;
    private volatile DeviceTwin twin;

    /** @param room gives null while none is installed */
    TwinLine(DeviceId device, Supplier<Twins> room) {
        this.device = device;
        this.room = room;
    }

    /** The subscriptions are granted. Nothing happens where the cloud has no twins. */
    void open(Profile profile, Connection connection) {
        Twins twins = profile.twin().isEmpty() ? null : room.get();
        if (twins == null) {
            return;
        }
        safely(() -> {
            DeviceTwin found = twins.of(device);
            twin = found; // before it asks: the answer may be quick
            found.connected(profile.twin().get(), connection::publish);
        });
    }

    void shut() {
        DeviceTwin last = twin;
        twin = null;
        if (last != null) {
            safely(last::disconnected);
        }
    }

    void answered(Inbound.Answer answer) {
        DeviceTwin now = twin;
        if (now != null) {
            safely(() -> now.answered(answer));
        }
    }

    void changed(Inbound.Changed change) {
        DeviceTwin now = twin;
        if (now != null) {
            safely(() -> now.changed(change));
        }
    }

    /** That room may be half gone; the connection and its commands go on. */
    private void safely(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | LinkageError e) {
            LOG.error("the twin of {} failed", device, e);
        }
    }
}
