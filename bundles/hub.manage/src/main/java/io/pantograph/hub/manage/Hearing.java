package io.pantograph.hub.manage;

import io.pantograph.api.hub.Management.Managed;
import io.pantograph.api.hub.Registry;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Values;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a device says of its management, and the answer to it. */
final class Hearing {

    private static final int GOOD = 200;
    private static final int INVALID = 400;
    private static final int MISSING = 404;

    private record Answer(int code, String message) {

        static final Answer FINE = new Answer(GOOD, "");
    }

    private final ManagedTable devices;
    private final Registry registry;
    private final Flow flow;

    Hearing(ManagedTable devices, Registry registry, Flow flow) {
        this.devices = devices;
        this.registry = registry;
        this.flow = flow;
    }

    /** @param path behind {@code iotdevice-1/} */
    void take(Turn turn, DeviceId device, String path, Values message) throws SQLException {
        if (path.equals("response")) {
            respond(turn, device, message);
            return;
        }
        Answer answer;
        try {
            answer = answer(turn, device, path, message.get("d") == null ? Values.EMPTY : message.values("d"));
        } catch (IllegalArgumentException e) {
            answer = new Answer(INVALID, e.getMessage());
        }
        if (message.get("reqId") != null) {
            Values.Builder said = Values.builder().put("rc", answer.code);
            if (!answer.message.isEmpty()) {
                said.put("message", answer.message);
            }
            turn.say(device, "response", said.put("reqId", message.get("reqId")).build());
        }
    }

    private void respond(Turn turn, DeviceId device, Values message) throws SQLException {
        if (message.get("rc") instanceof Number code && message.get("reqId") != null) {
            String text = message.get("message") instanceof String told ? told.substring(0, Math.min(told.length(), 1000)) : "";
            devices.heard(turn.work(), device, turn.now());
            flow.answered(turn, device, String.valueOf(message.get("reqId")), code.intValue(), text);
        }
    }

    private Answer answer(Turn turn, DeviceId device, String path, Values d) throws SQLException {
        if (path.equals("mgmt/manage")) {
            return manage(turn, device, d);
        }
        Optional<Managed> managed = devices.find(turn.work(), device);
        if (managed.isEmpty()) {
            return new Answer(MISSING, "the device is not managed; send mgmt/manage first");
        }
        Answer answer = answer(turn, device, managed.get(), path, d);
        devices.heard(turn.work(), device, turn.now());
        return answer;
    }

    private Answer answer(Turn turn, DeviceId device, Managed managed, String path, Values d) throws SQLException {
        switch (path) {
            case "mgmt/unmanage" -> {
                flow.unmanaged(turn, device);
                devices.delete(turn.work(), device);
            }
            case "device/update/location" -> locate(turn, device, d);
            case "add/diag/errorCodes" -> DiagnosisTable.add(turn.work(), device, DiagnosisTable.fault(d, turn.now()));
            case "clear/diag/errorCodes" -> DiagnosisTable.clearFaults(turn.work(), device);
            case "add/diag/log" -> DiagnosisTable.add(turn.work(), device, DiagnosisTable.line(d, turn.now()), turn.now());
            case "clear/diag/log" -> DiagnosisTable.clearLog(turn.work(), device);
            case "notify" -> {
                return notify(turn, device, managed, d);
            }
            default -> {
                return new Answer(MISSING, "there is no request " + path);
            }
        }
        return Answer.FINE;
    }

    private Answer manage(Turn turn, DeviceId device, Values d) throws SQLException {
        double lifetime = d.get("lifetime") == null ? 0 : d.number("lifetime");
        if (!(lifetime >= 0 && lifetime <= Integer.MAX_VALUE)) {
            throw new IllegalArgumentException("'lifetime' must be the seconds until it is to be taken for asleep, or 0 for never");
        }
        Values.Builder supports = Values.builder().put("deviceActions", false).put("firmwareActions", false);
        for (Map.Entry<String, Object> each : (d.get("supports") == null ? Values.EMPTY : d.values("supports")).entrySet()) {
            if (each.getValue() instanceof Boolean flag) {
                supports.put(each.getKey(), flag);
            }
        }
        Values info = d.get("deviceInfo") == null ? null : d.values("deviceInfo");
        Values metadata = d.get("metadata") == null ? null : d.values("metadata");
        boolean known = info == null && metadata == null || registry.updateDevice(turn.work(), device, old -> {
            Values changed = info == null ? old : Attributes.with(old, "deviceInfo", info);
            return metadata == null ? changed : Attributes.with(changed, "metadata", metadata);
        }).isPresent();
        if (!known || Sql.number(turn.work(), "SELECT count(*) FROM device WHERE type = ? AND name = ?", device.type(), device.name()) == 0) {
            return new Answer(MISSING, "the device is not registered");
        }
        Optional<Instant> dormant = lifetime == 0 ? Optional.empty() : Optional.of(turn.now().plusSeconds((long) lifetime));
        Values firmware = devices.find(turn.work(), device).map(Managed::firmware).orElse(Firmware.NONE);
        devices.keep(turn.work(), device, new Managed(dormant, turn.now(), supports.build(), firmware));
        flow.managed(turn, device);
        return Answer.FINE;
    }

    private void locate(Turn turn, DeviceId device, Values d) throws SQLException {
        Values location = Attributes.location(d, turn.now());
        registry.updateDevice(turn.work(), device, old -> Attributes.with(old, "location", location));
    }

    /** Some say {@code d.fields[{field, value}]}, some {@code d{field, value}}. */
    private Answer notify(Turn turn, DeviceId device, Managed managed, Values d) throws SQLException {
        List<?> fields = d.get("fields") == null ? List.of(d) : d.list("fields");
        Answer answer = Answer.FINE;
        Values firmware = managed.firmware();
        for (Object each : fields) {
            if (!(each instanceof Values field)) {
                throw new IllegalArgumentException("'fields' must be a list of objects");
            }
            String name = field.text("field");
            Values value = field.values("value");
            switch (name) {
                case Firmware.FIELD -> {
                    firmware = Firmware.merged(firmware, value, turn.now());
                    devices.firmware(turn.work(), device, firmware);
                    flow.notified(turn, device, value);
                }
                case "location" -> locate(turn, device, value);
                case "metadata" -> registry.updateDevice(turn.work(), device, old -> Attributes.with(old, name, value));
                case "deviceInfo" -> registry.updateDevice(turn.work(), device, old -> {
                    Values info = Attributes.object(old, name);
                    for (Map.Entry<String, Object> one : value.entrySet()) {
                        info = Attributes.with(info, one.getKey(), one.getValue());
                    }
                    return Attributes.with(old, name, info);
                });
                default -> answer = new Answer(MISSING, "there is no field " + name);
            }
        }
        return answer;
    }
}
