package io.pantograph.session;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.command.Command;
import io.pantograph.api.core.Codecs;
import io.pantograph.api.dialect.Inbound;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.operator.Parked;
import java.time.Instant;
import java.util.function.Consumer;

/** A command whose asker does not wait, as it came: it may be held until there is a codec for it. */
final class HeldCommand {

    final DeviceId device;
    final Inbound.Call call;
    final Instant since;
    final Instant deadline;
    private final String id;
    private final Runnable acknowledge;
    private final Consumer<Boolean> done;
    private String reason = "";
    /** How often a codec was there for it and then was not. */
    int tries;

    /**
     * @param acknowledge lets the hub forget it, though it is not done with
     * @param done told once, whether somebody took charge of it
     */
    HeldCommand(DeviceId device, Inbound.Call call, String id, Instant since, Instant deadline, Runnable acknowledge, Consumer<Boolean> done) {
        this.device = device;
        this.call = call;
        this.id = id;
        this.since = since;
        this.deadline = deadline;
        this.acknowledge = acknowledge;
        this.done = done;
    }

    /** Of the way here; two devices do not wait for each other, nor two formats of one device. */
    record Line(DeviceId device, String format) {
    }

    Line line() {
        return new Line(device, call.format());
    }

    int bytes() {
        return call.payload().length();
    }

    /** Reads it. */
    Command command(Codecs codecs) throws CodecException {
        Content content = call.format().equals(Inbound.Call.RAW) ? Content.of(call.payload())
                : codecs.route(call.format()).decode(device, call.payload()).value();
        return new Command(id, call.device(), call.command(), call.format(), content.time().isPresent() ? content : content.at(since), deadline,
                call.properties());
    }

    void acknowledge() {
        acknowledge.run();
    }

    void done(boolean taken) {
        done.accept(taken);
    }

    void reason(String why) {
        reason = why;
    }

    Parked shown() {
        return new Parked(device, false, call.command(), call.format(), bytes(), since, reason);
    }
}
