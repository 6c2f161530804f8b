package io.pantograph.hub.http;

import static io.pantograph.hub.http.Route.Rights.GATEWAY;

import io.pantograph.api.hub.Management;
import io.pantograph.api.hub.Management.Managed;
import io.pantograph.api.hub.Management.RefusedException;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Values;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a device told of its management and of its health, below {@code /device/types/{t}/devices/{d}}. The room that knows may come and go. */
final class Managing {

    private static final Set<String> LINE = Set.of("message", "timestamp", "severity", "data");
    private static final Set<String> FAULT = Set.of("errorCode", "timestamp");

    private volatile Management management;

    void come(Management room) {
        management = room;
    }

    void go(Management room) {
        if (management == room) {
            management = null;
        }
    }

    /** @throws Problem 503 while it is not there */
    Management room() {
        Management room = management;
        if (room == null) {
            throw Problem.away("Device management");
        }
        return room;
    }

    List<Route> routes(Devices devices) {
        String device = "device/types/{typeId}/devices/{deviceId}";
        return List.of(
                Route.of("GET", device + "/mgmt", GATEWAY, call -> state(devices.found(call).device())),
                Route.of("GET", device + "/diag/logs", GATEWAY, call -> Answer.ok(
                        room().log(devices.found(call).device()).stream().map(Managing::line).toList())),
                Route.of("POST", device + "/diag/logs", GATEWAY, call -> addLine(devices.ownRegistered(call), call)),
                Route.of("DELETE", device + "/diag/logs", GATEWAY, call -> {
                    room().clearLog(devices.ownRegistered(call));
                    return Answer.gone();
                }),
                Route.of("GET", device + "/diag/logs/{logId}", GATEWAY, call -> line(devices.found(call).device(), call.at("logId"))),
                Route.of("DELETE", device + "/diag/logs/{logId}", GATEWAY, call -> {
                    if (!room().deleteLine(devices.ownRegistered(call), call.at("logId"))) {
                        throw missingLine();
                    }
                    return Answer.gone();
                }),
                Route.of("GET", device + "/diag/errorCodes", GATEWAY, call -> Answer.ok(
                        room().faults(devices.found(call).device()).stream().map(Managing::fault).toList())),
                Route.of("POST", device + "/diag/errorCodes", GATEWAY, call -> addFault(devices.ownRegistered(call), call)),
                Route.of("DELETE", device + "/diag/errorCodes", GATEWAY, call -> {
                    room().clearFaults(devices.ownRegistered(call));
                    return Answer.gone();
                }));
    }

    private Answer state(DeviceId device) {
        return room().managed(device).map(Managing::shape).map(Answer::ok)
                .orElseThrow(() -> Problem.missing("Device " + device + " is not managed."));
    }

    /** Of a device that is managed, while it is known who is. */
    Optional<Values> shape(DeviceId device) {
        Management room = management;
        return room == null ? Optional.empty() : room.managed(device).map(Managing::shape);
    }

    private static Values shape(Managed managed) {
        Values.Builder shape = Values.builder()
                .put("dormant", managed.dormant().filter(since -> !Instant.now().isBefore(since)).isPresent());
        managed.dormant().ifPresent(since -> shape.put("dormantDateTime", Shapes.time(since)));
        return shape.put("lastActivityDateTime", Shapes.time(managed.heard()))
                .put("supports", managed.supports())
                .put("firmware", managed.firmware())
                .build();
    }

    /** The operator changed something; who is managed is told, if it is known. */
    void changed(DeviceId device, String field, Values value) {
        Management room = management;
        if (room != null) {
            room.changed(device, field, value);
        }
    }

    private Answer addLine(DeviceId device, Call call) throws IOException {
        Values told = call.object();
        Fields.only(told, LINE);
        return Answer.created(line(asked(() -> room().addLine(device, told))));
    }

    private Answer addFault(DeviceId device, Call call) throws IOException {
        Values told = call.object();
        Fields.only(told, FAULT);
        return Answer.created(fault(asked(() -> room().addFault(device, told))));
    }

    private Answer line(DeviceId device, String id) {
        return room().log(device).stream().filter(line -> line.id().equals(id)).findFirst().map(Managing::line).map(Answer::ok)
                .orElseThrow(Managing::missingLine);
    }

    private static Problem missingLine() {
        return Problem.missing("There is no such line in the log.");
    }

    private static Values line(Management.Line line) {
        return Values.builder().put("id", line.id()).put("message", line.message()).put("timestamp", Shapes.time(line.time()))
                .put("severity", line.severity()).put("data", line.data()).build();
    }

    private static Values fault(Management.Fault fault) {
        return Values.of("errorCode", fault.code(), "timestamp", Shapes.time(fault.time()));
    }

    /** What the room refuses becomes an answer. */
    static <T> T asked(java.util.function.Supplier<T> question) {
        try {
            return question.get();
        } catch (RefusedException e) {
            throw switch (e.why()) {
                case INVALID -> Problem.invalid(e.getMessage());
                case MISSING -> Problem.missing(e.getMessage());
                case CONFLICT -> Problem.conflict(e.getMessage());
            };
        }
    }
}
