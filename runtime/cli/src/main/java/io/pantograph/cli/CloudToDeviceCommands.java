package io.pantograph.cli;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import io.pantograph.api.service.OutboundMessage;
import io.pantograph.api.service.ServiceClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Messages to devices. */
@Command(name = "c2d", description = "Messages from the cloud to a device.",
        subcommands = {CloudToDeviceCommands.Send.class, CloudToDeviceCommands.Purge.class})
final class CloudToDeviceCommands {

    @Command(name = "send", description = "Put a message into a device's queue; it gets it when it is there.")
    static final class Send extends DeviceCommands.One {

        @Parameters(index = "1", paramLabel = "BODY", description = "Any text; a single - reads bytes from the standard input.")
        private String body;

        @Option(names = {"-p", "--property"}, paramLabel = "NAME=VALUE", description = "An application property; may be told several times.")
        private Map<String, String> properties = new LinkedHashMap<>();

        @Option(names = "--message-id", paramLabel = "ID", description = "Else one is made.")
        private String messageId;

        @Option(names = "--correlation-id", paramLabel = "ID")
        private String correlationId;

        @Option(names = "--content-type", paramLabel = "TYPE", description = "Such as application/json.")
        private String contentType;

        @Option(names = "--content-encoding", paramLabel = "ENCODING", description = "Such as utf-8.")
        private String contentEncoding;

        @Option(names = "--ack", paramLabel = "WHICH", description = "Feedback: none, positive, negative or full.")
        private String ack;

        @Option(names = "--life", paramLabel = "SECONDS", description = "For how long it may wait; else as the hub is set.")
        private Integer life;

        @Override
        int run(ServiceClient hub) throws Exception {
            String id = messageId == null ? UUID.randomUUID().toString() : messageId;
            Map<String, String> system = new LinkedHashMap<>();
            system.put("message-id", id);
            put(system, "correlation-id", correlationId);
            put(system, "content-type", contentType);
            put(system, "content-encoding", contentEncoding);
            put(system, "iothub-ack", ack);
            OutboundMessage message = new OutboundMessage(system, properties,
                    body.equals("-") ? Bytes.wrap(screen().in().readAllBytes()) : Bytes.utf8(body), java.util.Optional.empty());
            if (life != null) {
                if (life < 1) {
                    throw Trouble.usage("--life " + life + " must be 1 second or more");
                }
                message = message.living(Duration.ofSeconds(life));
            }
            Access.await(hub.send(target(), message));
            if (json()) {
                show(Values.of("deviceId", target().toString(), "messageId", id));
            } else {
                screen().say("Message '" + id + "' waits for device '" + target() + "'.");
            }
            return 0;
        }

        private static void put(Map<String, String> system, String name, String value) {
            if (value != null) {
                system.put(name, value);
            }
        }
    }

    @Command(name = "purge", description = "Drop what waits in a device's queue.")
    static final class Purge extends Order {

        @Parameters(index = "0", paramLabel = "DEVICE", description = "The device's id.")
        private String device;

        @Override
        int run(ServiceClient hub) throws Exception {
            long dropped = Access.await(hub.purge(device));
            if (json()) {
                show(Values.of("deviceId", device, "dropped", dropped));
            } else {
                screen().say(dropped + (dropped == 1 ? " message" : " messages") + " dropped.");
            }
            return 0;
        }
    }
}
