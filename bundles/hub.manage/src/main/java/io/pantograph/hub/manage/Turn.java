package io.pantograph.hub.manage;

import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Values;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** One piece of work in the database, and what is to be said to devices when it is on disk: nothing is said that a crash could take back. */
final class Turn {

    /** To one device. @param path behind {@code iotdm-1/} */
    record Said(DeviceId device, String path, Values body) {
    }

    @FunctionalInterface
    interface Work<T> {
        T run(Turn turn) throws SQLException;
    }

    private final Connection work;
    private final Instant now;
    private final List<Said> said = new ArrayList<>();
    private Instant due = Instant.MAX;

    Turn(Connection work, Instant now) {
        this.work = work;
        this.now = now;
    }

    Connection work() {
        return work;
    }

    Instant now() {
        return now;
    }

    void say(DeviceId device, String path, Values body) {
        said.add(new Said(device, path, body));
    }

    /** Something is to be looked at again at that time. */
    void due(Instant time) {
        due = time.isBefore(due) ? time : due;
    }

    /** When to look again, for what this turn has begun; far away if it has begun nothing. */
    Instant due() {
        return due;
    }

    List<Said> said() {
        return said;
    }
}
