package io.pantograph.hub.manage;

import io.pantograph.api.hub.Management.Managed;
import io.pantograph.api.hub.Management.Outcome;
import io.pantograph.api.hub.Registry;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Values;
import io.pantograph.hub.manage.Part.Step;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * How a request goes on, step by step, each in one {@link Turn}. For the firmware: the device is told the document, asked to tell of its
 * changes, told to begin, heard until it is done, and told that it need not tell any more. Everything else is told and answered.
 */
final class Flow {

    /** How long a device may take to say that it tells no more. What it did is known by then. */
    static final Duration TIDYING = Duration.ofSeconds(30);
    /** A step that was said longer ago may have been said to nobody. */
    static final Duration SAY_AGAIN = Duration.ofSeconds(5);

    private final RequestTable requests;
    private final ManagedTable devices;
    private final Registry registry;

    Flow(RequestTable requests, ManagedTable devices, Registry registry) {
        this.requests = requests;
        this.devices = devices;
        this.registry = registry;
    }

    void begin(Turn turn, String request, Action action, Values parameters, DeviceId device, Managed managed, Duration timeout) throws SQLException {
        Part part = new Part(request, action, parameters, device, Step.PREPARE, "", Optional.empty(), "", turn.now().plus(timeout), turn.now());
        if (!action.supportedBy(managed.supports())) {
            done(turn, part, Outcome.UNSUPPORTED, "the device does not support " + action.name());
        } else if (action.firmware()) {
            Values wanted = Firmware.wanted(managed.firmware(), parameters, action.kind() == Action.Kind.DOWNLOAD, turn.now());
            devices.firmware(turn.work(), device, wanted);
            go(turn, part, Step.PREPARE, "");
        } else {
            go(turn, part, Step.BEGIN, "");
        }
    }

    /** A device answered. */
    void answered(Turn turn, DeviceId device, String wire, int code, String message) throws SQLException {
        for (Part part : requests.open(turn.work(), device)) {
            if (!wire.isEmpty() && part.wire().equals(wire)) {
                answered(turn, part, code, message);
                return;
            }
        }
    }

    private void answered(Turn turn, Part part, int code, String message) throws SQLException {
        boolean good = code == 200 || code == 202 || code == 204;
        String said = "rc " + code + (message.isEmpty() ? "" : ": " + message);
        if (part.step() == Step.TIDY) {
            done(turn, part, part.outcome().orElse(Outcome.DONE), part.message());
        } else if (!good) {
            end(turn, part, code == 501 ? Outcome.UNSUPPORTED : Outcome.REFUSED, said);
        } else if (part.step() == Step.PREPARE) {
            go(turn, part, Step.OBSERVE, "");
        } else if (part.step() == Step.OBSERVE) {
            go(turn, part, Step.BEGIN, "");
        } else if (part.action().kind() == Action.Kind.CUSTOM) {
            done(turn, part, Outcome.DONE, said);
        } else {
            keep(turn, part, Step.BUSY, "", part.outcome(), part.message().isEmpty() ? said : part.message(), part.due());
        }
    }

    /** A device told of its firmware; what it told is kept already. */
    void notified(Turn turn, DeviceId device, Values told) throws SQLException {
        for (Part part : requests.open(turn.work(), device)) {
            boolean begun = part.step() == Step.BEGIN || part.step() == Step.BUSY; // some tell before they answer
            if (part.action().firmware() && begun) {
                judge(turn, part, part.action().kind() == Action.Kind.DOWNLOAD ? Firmware.download(told) : Firmware.update(told));
            }
        }
    }

    private void judge(Turn turn, Part part, Firmware.Verdict verdict) throws SQLException {
        if (!verdict.over()) {
            keep(turn, part, part.step(), part.wire(), part.outcome(), verdict.message().isEmpty() ? part.message() : verdict.message(), part.due());
            return;
        }
        if (verdict.good() && part.action().kind() == Action.Kind.UPDATE) {
            updated(turn, part.device());
        }
        end(turn, part, verdict.good() ? Outcome.DONE : Outcome.FAILED, verdict.message());
    }

    /** The firmware is another now. */
    private void updated(Turn turn, DeviceId device) throws SQLException {
        Optional<Managed> managed = devices.find(turn.work(), device);
        if (managed.isEmpty()) {
            return;
        }
        devices.firmware(turn.work(), device, Firmware.merged(managed.get().firmware(), Values.of("state", 0), turn.now()));
        if (managed.get().firmware().get("version") instanceof String version && !version.isEmpty()) {
            registry.updateDevice(turn.work(), device, old -> Attributes.with(old, "deviceInfo",
                    Attributes.with(Attributes.object(old, "deviceInfo"), "fwVersion", version)));
        }
    }

    /** A device said that it is managed: after a restart that is the end of it. */
    void managed(Turn turn, DeviceId device) throws SQLException {
        for (Part part : requests.open(turn.work(), device)) {
            if (part.action().kind() == Action.Kind.RESTART && part.step() == Step.BUSY) {
                done(turn, part, Outcome.DONE, "the device is back");
            } else if (part.updated().isBefore(turn.now().minus(SAY_AGAIN))
                    && (part.step() == Step.PREPARE || part.step() == Step.OBSERVE || part.step() == Step.TIDY)) {
                go(turn, part, part.step(), part.message()); // it may have been away; to say these twice does no harm
            }
        }
    }

    void unmanaged(Turn turn, DeviceId device) throws SQLException {
        for (Part part : requests.open(turn.work(), device)) {
            done(turn, part, part.outcome().orElse(Outcome.FAILED), "the device is not managed any more");
        }
    }

    /** @return when the next part is due */
    Optional<Instant> expire(Turn turn) throws SQLException {
        for (Part part : requests.due(turn.work(), turn.now())) {
            if (part.step() == Step.TIDY) {
                done(turn, part, part.outcome().orElse(Outcome.DONE), part.message());
            } else {
                abandon(turn, part, "nothing was heard of it in time" + (part.message().isEmpty() ? "" : "; the last was " + part.message()));
            }
        }
        return requests.nextDue(turn.work());
    }

    /** Ends it whatever the device does. */
    void abandon(Turn turn, Part part, String why) throws SQLException {
        if (part.action().firmware() && (part.step() == Step.OBSERVE || part.step() == Step.BEGIN || part.step() == Step.BUSY)) {
            turn.say(part.device(), "cancel", Values.of("d", observed(), "reqId", UUID.randomUUID().toString()));
        }
        done(turn, part, part.outcome().orElse(Outcome.FAILED), why);
    }

    /** It is decided; if the device observes something, it is told to stop. */
    private void end(Turn turn, Part part, Outcome outcome, String message) throws SQLException {
        if (part.action().firmware() && (part.step() == Step.BEGIN || part.step() == Step.BUSY)) {
            String wire = UUID.randomUUID().toString();
            keep(turn, part, Step.TIDY, wire, Optional.of(outcome), message, turn.now().plus(TIDYING));
            say(turn, part, Step.TIDY, wire);
        } else {
            done(turn, part, outcome, message);
        }
    }

    private void done(Turn turn, Part part, Outcome outcome, String message) throws SQLException {
        keep(turn, part, Step.DONE, "", Optional.of(outcome), message, part.due());
    }

    private void go(Turn turn, Part part, Step step, String message) throws SQLException {
        String wire = UUID.randomUUID().toString();
        keep(turn, part, step, wire, part.outcome(), message, part.due());
        say(turn, part, step, wire);
    }

    private void keep(Turn turn, Part part, Step step, String wire, Optional<Outcome> outcome, String message, Instant due) throws SQLException {
        if (step != Step.DONE) {
            turn.due(due);
        }
        requests.keep(turn.work(), new Part(part.request(), part.action(), part.parameters(), part.device(), step, wire, outcome, message, due, turn.now()));
    }

    private void say(Turn turn, Part part, Step step, String wire) throws SQLException {
        switch (step) {
            case PREPARE -> turn.say(part.device(), "device/update", request(Values.of("fields", List.of(Values.of("field", Firmware.FIELD, "value",
                    devices.find(turn.work(), part.device()).map(Managed::firmware).orElse(Firmware.NONE)))), wire));
            case OBSERVE -> turn.say(part.device(), "observe", request(observed(), wire));
            case TIDY -> turn.say(part.device(), "cancel", request(observed(), wire));
            default -> turn.say(part.device(), part.action().path(), part.action().kind() == Action.Kind.CUSTOM
                    ? request(Values.of("fields", fields(part.parameters())), wire) : Values.of("reqId", wire));
        }
    }

    private static Values request(Values d, String wire) {
        return Values.of("d", d, "reqId", wire);
    }

    private static Values observed() {
        return Values.of("fields", List.of(Values.of("field", Firmware.FIELD)));
    }

    private static List<Values> fields(Values parameters) {
        List<Values> fields = new ArrayList<>();
        parameters.forEach((name, value) -> fields.add(Values.of("field", name, "value", value)));
        return fields;
    }
}
