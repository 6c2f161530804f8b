package io.pantograph.cli;

import io.pantograph.api.model.Values;
import io.pantograph.api.service.ServiceClient;
import io.pantograph.api.service.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Identities. */
@Command(name = "device", description = "Make, look at, change and delete the identities of devices.",
        subcommands = {CreateDevices.class, DeviceCommands.ListAll.class, DeviceCommands.Show.class, DeviceCommands.Enable.class,
            DeviceCommands.Disable.class, DeviceCommands.Delete.class, DeviceCommands.ConnectionString.class})
final class DeviceCommands {

    private static final int MOST_LISTED = 1_000_000;

    /** A command for one device or module. */
    abstract static class One extends Order {

        @Parameters(index = "0", paramLabel = "DEVICE", description = "The device's id.")
        private String device;

        @Option(names = {"-m", "--module"}, paramLabel = "MODULE", description = "A module of it instead.")
        private String module;

        Target target() {
            return new Target(device, Optional.ofNullable(module));
        }
    }

    @Command(name = "list", description = "List the devices, with their state.")
    static final class ListAll extends Order {

        @Option(names = "--most", paramLabel = "N", defaultValue = "1000000", description = "At most so many.")
        private int most;

        @Override
        int run(ServiceClient hub) throws Exception {
            if (most < 1 || most > MOST_LISTED) {
                throw Trouble.usage("--most " + most + " must be of 1 to " + MOST_LISTED);
            }
            List<Values> found = new ArrayList<>();
            try (Progress progress = new Progress(screen(), "devices", 0)) {
                Leafing.all(hub, "SELECT deviceId, status, connectionState, lastActivityTime, authenticationType FROM devices", most, each -> {
                    found.add(each);
                    progress.at(found.size());
                });
            }
            if (json()) {
                show(found);
                return 0;
            }
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("DEVICE", "STATUS", "CONNECTION", "LAST ACTIVITY", "AUTHENTICATION"));
            for (Values each : found) {
                String activity = Text.member(each, "lastActivityTime");
                rows.add(List.of(Text.member(each, "deviceId"), Text.member(each, "status"), Text.member(each, "connectionState"),
                        activity.startsWith("0001-") ? "never" : activity, Text.member(each, "authenticationType")));
            }
            Text.table(rows).forEach(screen()::say);
            screen().tell(found.size() + (found.size() == 1 ? " device" : " devices"));
            return 0;
        }
    }

    @Command(name = "show", description = "Show a device's identity, without its keys.")
    static final class Show extends One {

        @Option(names = "--show-keys", description = "With its keys.")
        private boolean keys;

        @Override
        int run(ServiceClient hub) throws Exception {
            Values found = Access.await(hub.registry().find(target()));
            show(keys ? found : Text.masked(found));
            return 0;
        }
    }

    /** Sets the status. */
    abstract static class Status extends Order {

        @Parameters(arity = "1..*", paramLabel = "DEVICE", description = "The devices' ids.")
        private List<String> devices;

        @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept with the device.")
        private String reason;

        abstract String status();

        @Override
        int run(ServiceClient hub) throws Exception {
            return each(devices, device -> {
                Target target = Target.of(device);
                Values found = Access.await(hub.registry().find(target));
                Values.Builder wanted = Values.builder();
                found.forEach(wanted::put);
                wanted.put("status", status()).put("statusReason", reason);
                Values changed = Access.await(hub.registry().update(target, wanted.build(), Optional.of(Text.member(found, "etag")).filter(tag -> !tag.isEmpty())));
                if (json()) {
                    show(Text.masked(changed));
                } else {
                    screen().say("Device '" + device + "' is now " + status() + ".");
                }
            });
        }
    }

    @Command(name = "enable", description = "Let devices connect again.")
    static final class Enable extends Status {
        @Override
        String status() {
            return "enabled";
        }
    }

    @Command(name = "disable", description = "Let devices connect no more; a connection that there is ends.")
    static final class Disable extends Status {
        @Override
        String status() {
            return "disabled";
        }
    }

    @Command(name = "delete", description = "Delete devices, with all that the hub keeps of them.")
    static final class Delete extends Order {

        @Parameters(arity = "1..*", paramLabel = "DEVICE", description = "The devices' ids.")
        private List<String> devices;

        @Option(names = {"-m", "--module"}, paramLabel = "MODULE", description = "This module of each instead.")
        private String module;

        @Override
        int run(ServiceClient hub) throws Exception {
            return each(devices, device -> {
                Target target = new Target(device, Optional.ofNullable(module));
                Access.await(hub.registry().delete(target, Optional.empty()));
                if (json()) {
                    show(Values.of("deleted", target.toString()));
                } else {
                    screen().say((module == null ? "Device '" : "Module '") + target + "' is deleted.");
                }
            });
        }
    }

    @Command(name = "connection-string", description = "Print a device's connection string. It is a secret.")
    static final class ConnectionString extends One {

        @Option(names = "--secondary", description = "With the secondary key.")
        private boolean secondary;

        @Override
        int run(ServiceClient hub) throws Exception {
            String text = of(hub.host(), target(), Access.await(hub.registry().find(target())), secondary);
            screen().say(json() ? Text.json(Values.of("connectionString", text)) : text);
            return 0;
        }

        /** @throws Trouble if it has no key of its own */
        static String of(String host, Target target, Values identity, boolean secondary) throws Trouble {
            String begin = "HostName=" + host + ";DeviceId=" + target.device() + target.module().map(id -> ";ModuleId=" + id).orElse("");
            Values authentication = identity.get("authentication") instanceof Values values ? values : Values.EMPTY;
            String type = Text.member(authentication, "type");
            if (type.equals("selfSigned") || type.equals("certificateAuthority")) {
                return begin + ";x509=true";
            }
            String key = authentication.get("symmetricKey") instanceof Values keys ? Text.member(keys, secondary ? "secondaryKey" : "primaryKey") : "";
            if (key.isEmpty()) {
                throw new Trouble(Trouble.REFUSED, "device '" + target + "' has no " + (secondary ? "secondary" : "primary") + " key to tell (authentication "
                        + (type.isEmpty() ? "unknown" : type) + "); is the login's policy one that may read keys?");
            }
            return begin + ";SharedAccessKey=" + key;
        }
    }
}
