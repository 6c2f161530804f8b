package io.pantograph.session;

import io.pantograph.api.core.DeviceManagement;
import io.pantograph.api.core.Managements;
import io.pantograph.api.dialect.Inbound;
import io.pantograph.api.dialect.ManagementGrammar;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.transport.Connection;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Between a device's connection and its management, which may come and go with its room. Where there is none nothing is subscribed. Opened and
 * shut on the timer's thread; what the hub says comes on those of the inbound messages.
 */
final class ManagementLine {

    private static final Logger LOG = LoggerFactory.getLogger(ManagementLine.class);

    private final DeviceId device;
    private final Supplier<Managements> room;
    private final Later timer;
    private volatile DeviceManagement management;
    private Connection current;

    /** @param room gives null while none is installed */
    ManagementLine(DeviceId device, Supplier<Managements> room, Later timer) {
        this.device = device;
        this.room = room;
        this.timer = timer;
    }

    /** The connection is ready for all else. */
    void open(Profile profile, Connection connection) {
        safely(() -> {
            Managements managements = room.get();
            Optional<ManagementGrammar> grammar = managements == null ? Optional.empty() : profile.management();
            Optional<DeviceManagement> found = grammar.isEmpty() ? Optional.empty() : managements.of(device);
            if (found.isPresent()) {
                current = connection;
                connection.subscribe(grammar.get().subscriptions()).whenComplete((done, failure) -> timer.later(() -> {
                    if (failure != null) {
                        LOG.warn("{} cannot be managed: {}", device, failure.getMessage());
                    } else if (current == connection) {
                        begin(found.get(), grammar.get(), connection);
                    }
                }));
            }
        });
    }

    private void begin(DeviceManagement found, ManagementGrammar grammar, Connection connection) {
        management = found; // before it says anything: the answer may be quick
        safely(() -> found.connected(grammar, connection::publish));
    }

    void shut() {
        current = null;
        DeviceManagement last = management;
        management = null;
        if (last != null) {
            safely(last::disconnected);
        }
    }

    void asked(Inbound.Managed message) {
        DeviceManagement now = management;
        if (now != null) {
            safely(() -> now.asked(message));
        }
    }

    /** That room may be half gone; the connection and its commands go on. */
    private void safely(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | LinkageError e) {
            LOG.error("the management of {} failed", device, e);
        }
    }
}
