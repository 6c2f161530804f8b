package io.pantograph.hub.manage;

import io.pantograph.api.hub.Management.Managed;
import io.pantograph.api.hub.Management.Order;
import io.pantograph.api.hub.Management.RefusedException;
import io.pantograph.api.hub.Management.RefusedException.Why;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Values;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** Checks what the operator wants, and begins it for all devices or for none. */
final class Initiation {

    private static final Set<String> FIRMWARE = Set.of("version", "name", "uri", "verifier");
    private static final int LONGEST = 4096;

    private final Order order;
    private final RequestTable requests;
    private final ManagedTable devices;
    private final Flow flow;
    private final Documents documents;

    Initiation(Order order, RequestTable requests, ManagedTable devices, Flow flow, Documents documents) {
        this.order = order;
        this.requests = requests;
        this.devices = devices;
        this.flow = flow;
        this.documents = documents;
    }

    static Optional<Values> bundle(Connection work, Documents documents, String id) throws SQLException {
        return Sql.row(work, row -> documents.values(row.getString(1)), "SELECT body FROM manage_bundle WHERE id = ?", id);
    }

    /** @param turn does a piece of work in the database */
    String begin(Function<Turn.Work<String>, String> turn) {
        Action action = Action.of(order.action()).orElseThrow(() -> refused(Why.INVALID, "'action' must be device/reboot, device/factoryReset, "
                + "firmware/download, firmware/update or a bundle and its action, not '" + Names.visible(order.action()) + '\''));
        if (order.devices().isEmpty() || order.devices().size() > Office.MOST_DEVICES) {
            throw refused(Why.INVALID, "'devices' must name 1 to " + Office.MOST_DEVICES + " devices");
        }
        if (new HashSet<>(order.devices()).size() < order.devices().size()) {
            throw refused(Why.INVALID, "'devices' names a device twice");
        }
        order.parameters().forEach((name, value) -> {
            if (value.length() > LONGEST) {
                throw refused(Why.INVALID, "parameter '" + Names.visible(name) + "' must have at most " + LONGEST + " characters");
            }
        });
        return turn.apply(each -> begin(each, action));
    }

    private String begin(Turn turn, Action action) throws SQLException {
        Values parameters = parameters(turn, action);
        Map<DeviceId, Managed> managed = new LinkedHashMap<>();
        for (DeviceId device : order.devices()) {
            managed.put(device, free(turn, action, device));
        }
        String id = UUID.randomUUID().toString();
        requests.insert(turn.work(), id, action, parameters, turn.now());
        for (Map.Entry<DeviceId, Managed> each : managed.entrySet()) {
            if (action.exclusive()) {
                for (Part part : requests.open(turn.work(), each.getKey())) {
                    if (part.action().exclusive()) {
                        flow.abandon(turn, part, "another request took its place");
                    }
                }
            }
            flow.begin(turn, id, action, parameters, each.getKey(), each.getValue(), order.timeout());
        }
        return id;
    }

    private Managed free(Turn turn, Action action, DeviceId device) throws SQLException {
        Managed managed = devices.find(turn.work(), device).orElse(null);
        if (managed == null) {
            boolean registered = Sql.number(turn.work(), "SELECT count(*) FROM device WHERE type = ? AND name = ?", device.type(), device.name()) > 0;
            throw registered ? refused(Why.CONFLICT, "Device " + device + " is not managed; it must send a manage request first.")
                    : refused(Why.MISSING, "Device " + device + " does not exist.");
        }
        if (managed.dormant().filter(since -> !turn.now().isBefore(since)).isPresent()) {
            throw refused(Why.CONFLICT, "Device " + device + " is dormant since " + Times.text(managed.dormant().get()) + ".");
        }
        if (action.exclusive() && !order.override()) {
            for (Part part : requests.open(turn.work(), device)) {
                if (part.action().exclusive()) {
                    throw refused(Why.CONFLICT, "Device " + device + " is busy with request " + part.request() + " (" + part.action().name()
                            + "); cancel it, or ask with override=true.");
                }
            }
        }
        return managed;
    }

    private Values parameters(Turn turn, Action action) throws SQLException {
        if (action.kind() == Action.Kind.CUSTOM) {
            Values bundle = bundle(turn.work(), documents, action.bundle())
                    .orElseThrow(() -> refused(Why.MISSING, "Bundle '" + action.bundle() + "' does not exist; add it first."));
            return Extension.parameters(bundle, action.local(), order.parameters());
        }
        for (String name : order.parameters().keySet()) {
            if (!action.firmware() || !FIRMWARE.contains(name)) {
                throw refused(Why.INVALID, "action '" + action.name() + "' has no parameter '" + Names.visible(name) + '\'');
            }
        }
        return Values.of(order.parameters());
    }

    private static RefusedException refused(Why why, String message) {
        return new RefusedException(why, message);
    }
}
