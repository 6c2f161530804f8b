package io.pantograph.hub.http;

import io.pantograph.api.hub.Registry.DeviceType;
import io.pantograph.api.hub.Registry.Page;
import io.pantograph.api.hub.Registry.Registered;
import io.pantograph.api.listener.HubMessage;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Values;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** What the registry holds, as Watson's clients expect to see it. */
final class Shapes {

    static final String DEVICE_INFO = "deviceInfo";
    static final String METADATA = "metadata";
    static final String LOCATION = "location";

    private static final DateTimeFormatter TIME = formatter("uuuu-MM-dd'T'HH:mm:ss.SSSX");
    private static final DateTimeFormatter EVENT_TIME = formatter("uuuu-MM-dd'T'HH:mm:ss.SSSxx");

    private final String org;

    Shapes(String org) {
        this.org = org;
    }

    private static DateTimeFormatter formatter(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
    }

    static String time(Instant time) {
        return TIME.format(time);
    }

    Values type(DeviceType type) {
        Values.Builder shape = Values.builder()
                .put("id", type.id())
                .put("classId", type.gateway() ? "Gateway" : "Device");
        type.attributes().forEach(shape::put);
        if (!type.attributes().containsKey(DEVICE_INFO)) {
            shape.put(DEVICE_INFO, Values.EMPTY);
        }
        if (!type.attributes().containsKey(METADATA)) {
            shape.put(METADATA, Values.EMPTY);
        }
        return shape
                .put("createdDateTime", time(type.created()))
                .put("updatedDateTime", time(type.updated()))
                .build();
    }

    Values.Builder device(Registered device) {
        DeviceId id = device.device();
        Values attributes = device.attributes();
        String path = "/api/v0002/device/types/" + id.type() + "/devices/" + id.name();
        boolean byGateway = device.registeredBy().startsWith("g:");
        Values.Builder shape = Values.builder()
                .put("clientId", (device.gateway() ? "g:" : "d:") + org + ':' + id.type() + ':' + id.name())
                .put("typeId", id.type())
                .put("deviceId", id.name())
                .put(DEVICE_INFO, attributes.getOrDefault(DEVICE_INFO, Values.EMPTY))
                .put(METADATA, attributes.getOrDefault(METADATA, Values.EMPTY))
                .put("registration", Values.of("auth", Values.of("id", device.registeredBy(), "type", byGateway ? "gateway" : "app"),
                        "date", time(device.created())))
                .put("status", Values.of("alert", Values.of("enabled", false, "timestamp", time(device.updated()))))
                .put("refs", Values.of("diag", Values.of("errorCodes", path + "/diag/errorCodes", "logs", path + "/diag/logs"),
                        LOCATION, path + "/location", "mgmt", path + "/mgmt"));
        device.behind().ifPresent(gateway -> shape.put("gatewayTypeId", gateway.type()).put("gatewayId", gateway.name()));
        return shape;
    }

    <T> Values page(Page<T> page, Function<T, Values> shape) {
        Values.Builder list = list(page.items().stream().map(shape).toList(), page.total());
        page.next().ifPresent(next -> list.put("bookmark", Base64.getUrlEncoder().withoutPadding().encodeToString(next.getBytes(StandardCharsets.UTF_8))));
        return list.build();
    }

    Values.Builder list(List<Values> items, long total) {
        return Values.builder().put("results", items).put("meta", Values.of("total_rows", total));
    }

    Values event(HubMessage event) {
        return Values.builder()
                .put("typeId", event.device().type())
                .put("deviceId", event.device().name())
                .put("eventId", event.name())
                .put("format", event.format())
                .put("timestamp", EVENT_TIME.format(event.time()))
                .put("payload", event.payload())
                .build();
    }
}
