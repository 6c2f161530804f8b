package io.pantograph.hub.azure.rest;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.EventLog;
import io.pantograph.api.azure.Identities;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.hub.HttpAnswer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * What devices send by HTTP: one message a call. Batches ({@code application/vnd.microsoft.iothub.json}) and messages to devices are for
 * MQTT.
 */
final class Outbox {

    private static final int MOST_BYTES = 256 * 1024;
    private static final String BATCH = "application/vnd.microsoft.iothub.json";

    private final Doorkeeper doorkeeper;
    private final EventLog log;
    private final Identities identities;
    private final Answers answers;

    Outbox(Doorkeeper doorkeeper, EventLog log, Identities identities, Answers answers) {
        this.doorkeeper = doorkeeper;
        this.log = log;
        this.identities = identities;
        this.answers = answers;
    }

    List<Route> routes() {
        return List.of(
                Route.open("POST", "devices/{d}/messages/events", this::take),
                Route.open("POST", "devices/{d}/modules/{m}/messages/events", this::take));
    }

    private HttpAnswer take(Call call) throws AzureException {
        Doorkeeper.Guest guest = doorkeeper.device(call);
        if (call.header("content-type").filter(type -> type.startsWith(BATCH)).isPresent()) {
            throw new AzureException(AzureError.NotImplemented, "batches of messages are not part of this hub, send them one by one");
        }
        Identity from = call.identity();
        Map<String, String> system = Headers.system(call);
        Map<String, String> properties = Headers.properties(call);
        int size = call.request().body().length() + weight(system) + weight(properties);
        if (size > MOST_BYTES) {
            throw new AzureException(AzureError.MessageTooLarge, "the message has " + size + " bytes with its properties, " + MOST_BYTES + " at most are taken");
        }
        system.put("iothub-connection-device-id", from.device());
        from.module().ifPresent(module -> system.put("iothub-connection-module-id", module));
        system.put("iothub-connection-auth-generation-id", guest.credential().generation());
        system.put("iothub-connection-auth-method", guest.method());
        log.append(from, "Telemetry", system, properties, call.request().body());
        identities.seen(from, identities.connected(from)); // it did something, which is no connection
        return answers.nothing();
    }

    private static int weight(Map<String, String> properties) {
        int bytes = 0;
        for (Map.Entry<String, String> each : properties.entrySet()) {
            bytes += each.getKey().length() + each.getValue().getBytes(StandardCharsets.UTF_8).length;
        }
        return bytes;
    }
}
