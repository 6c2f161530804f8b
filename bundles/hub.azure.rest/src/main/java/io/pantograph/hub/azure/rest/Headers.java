package io.pantograph.hub.azure.rest;

import io.pantograph.api.azure.AzureException;
import io.pantograph.azure.Bag;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A message's properties as HTTP headers. */
final class Headers {

    private static final String APP = "iothub-app-";

    /** Says nothing: what HTTP libraries write when they are told nothing. */
    private static final List<String> UNTOLD = List.of("application/octet-stream", "binary/octet-stream", "application/x-www-form-urlencoded");

    private Headers() {
    }

    /** By the long names of the hub. */
    static Map<String, String> system(Call call) {
        Map<String, String> system = new HashMap<>();
        put(system, "message-id", call.header("iothub-messageid"));
        put(system, "correlation-id", call.header("iothub-correlationid"));
        put(system, "user-id", call.header("iothub-userid"));
        put(system, "to", call.header("iothub-to"));
        put(system, "content-type", call.header("iothub-contenttype")
                .or(() -> call.header("content-type").filter(type -> !UNTOLD.contains(type.strip()))));
        put(system, "content-encoding", call.header("iothub-contentencoding").or(() -> call.header("content-encoding")));
        return system;
    }

    private static void put(Map<String, String> system, String name, Optional<String> value) {
        value.filter(text -> !text.isEmpty()).ifPresent(text -> system.put(name, text));
    }

    /** The application's own: as the bag has them if there is one, for it is exact. */
    static Map<String, String> properties(Call call) throws AzureException {
        Map<String, String> properties = new HashMap<>();
        Optional<String> bag = call.header("iothub-properties");
        if (bag.isEmpty()) {
            call.request().headers().forEach((name, value) -> {
                if (name.length() > APP.length() && name.startsWith(APP)) {
                    properties.put(name.substring(APP.length()), value);
                }
            });
            return properties;
        }
        try {
            Bag.read(bag.get()).forEach((name, value) -> properties.put(name, value == null ? "" : value));
            return properties;
        } catch (IllegalArgumentException e) {
            throw Call.invalid("header iothub-properties: " + e.getMessage());
        }
    }

    /** Whether a header can say this. */
    static boolean carries(String value) {
        return value.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
    }
}
