package io.pantograph.cli;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Values;
import io.pantograph.api.service.ServiceException;
import io.pantograph.json.JsonWriter;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The local hub's Watson side. */
@Command(name = "watson", description = "Watson IoT devices of the local hub, with its API key.",
        subcommands = {WatsonCommands.Devices.class, WatsonCommands.Commands.class, WatsonEvents.class})
final class WatsonCommands {

    private static final String JSON = "application/json; charset=utf-8";

    /** What a command of this side needs. --login is for the other. */
    abstract static class WatsonOrder extends Order {

        @Override
        final int run() throws Exception {
            if (access().saysLogin()) {
                throw Trouble.usage("--login is for Azure's side; Watson's API key is read from --home");
            }
            try (WatsonHub hub = new WatsonHub(access())) {
                return run(hub);
            }
        }

        abstract int run(WatsonHub hub) throws Exception;
    }

    @Command(name = "device", description = "Register, list and delete devices.",
            subcommands = {Create.class, ListAll.class, Delete.class})
    static final class Devices {
    }

    @Command(name = "command", description = "Commands to devices.", subcommands = Send.class)
    static final class Commands {
    }

    @Command(name = "create", description = "Register a device; its type, too, if it is not there.")
    static final class Create extends WatsonOrder {

        @Parameters(index = "0", paramLabel = "TYPE", description = "The device's type.")
        private String type;

        @Parameters(index = "1", paramLabel = "DEVICE", description = "The device's id.")
        private String device;

        @Option(names = "--auth-token", paramLabel = "TOKEN", description = "Its token; else the hub makes one.")
        private String token;

        @Option(names = "--show-token", description = "Print the token that the hub made. It is told only now.")
        private boolean show;

        @Option(names = "--ini", paramLabel = "FILE", description = "Write a device file with the token, for a gateway's conf/devices; nobody else may read it.")
        private Path ini;

        @Override
        int run(WatsonHub hub) throws Exception {
            DeviceId id = new DeviceId(type, device);
            if (token == null && !show && ini == null) {
                throw Trouble.usage("the hub tells the token only once; say --ini FILE to have it written into a device file, --show-token to see it, "
                        + "or --auth-token to set one");
            }
            if (ini != null && Files.exists(ini)) {
                throw Trouble.usage("--ini " + ini + " is there already; name a new file");
            }
            ensureType(hub);
            Values.Builder wanted = Values.builder().put("deviceId", device);
            if (token != null) {
                wanted.put("authToken", token);
            }
            Values made = hub.send(WatsonHub.path("device", "types", type, "devices"), JsonWriter.write(wanted.build()), JSON).object();
            String told = Text.member(made, "authToken");
            if (ini != null) {
                write(hub.org(), told);
            }
            if (json()) {
                show(show ? made : Text.masked(made));
            } else {
                screen().say("Device '" + id + "' is made." + (ini == null ? "" : " Its file is " + ini + '.'));
                if (show) {
                    screen().say("token " + told);
                }
            }
            return 0;
        }

        private void ensureType(WatsonHub hub) throws Exception {
            try {
                hub.ask("GET", WatsonHub.path("device", "types", type));
            } catch (ServiceException e) {
                if (e.status() != 404) {
                    throw e;
                }
                hub.send(WatsonHub.path("device", "types"), JsonWriter.write(Values.of("id", type)), JSON);
            }
        }

        private void write(String org, String secret) throws Trouble {
            String text = """
                    [device]
                    org = %s
                    type = %s
                    id = %s
                    auth-method = token
                    auth-token = %s
                    clean-session = true
                    """.formatted(org, type, device, secret);
            try {
                if (ini.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                    Files.createFile(ini, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                    Files.writeString(ini, text);
                } else {
                    Files.writeString(ini, text, StandardOpenOption.CREATE_NEW);
                }
            } catch (FileAlreadyExistsException e) {
                throw Trouble.usage("--ini " + ini + " is there already, so the token was not written; delete the device and make it again");
            } catch (IOException e) {
                throw Trouble.usage("--ini " + ini + " cannot be written (" + e.getMessage() + "), so the token is lost; delete the device and make it again");
            }
        }
    }

    @Command(name = "list", description = "List the devices, of one type or all.")
    static final class ListAll extends WatsonOrder {

        private static final int PAGE = 100;

        @Parameters(index = "0", arity = "0..1", paramLabel = "TYPE", description = "Of this type only.")
        private String type;

        @Override
        int run(WatsonHub hub) throws Exception {
            String path = type == null ? WatsonHub.path("bulk", "devices") : WatsonHub.path("device", "types", type, "devices");
            List<Values> found = new ArrayList<>();
            try (Progress progress = new Progress(screen(), "devices", 0)) {
                Optional<String> next = Optional.empty();
                do {
                    Values page = hub.ask("GET", path + "?_limit=" + PAGE + next.map(mark -> "&_bookmark=" + WatsonHub.encoded(mark)).orElse("")).object();
                    for (Object each : page.list("results")) {
                        if (each instanceof Values values) {
                            found.add(values);
                        }
                    }
                    progress.at(found.size());
                    next = WatsonHub.bookmark(page);
                } while (next.isPresent());
            }
            if (json()) {
                show(found);
                return 0;
            }
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("TYPE", "DEVICE", "REGISTERED"));
            for (Values each : found) {
                rows.add(List.of(Text.member(each, "typeId"), Text.member(each, "deviceId"),
                        each.get("registration") instanceof Values registration ? Text.member(registration, "date") : ""));
            }
            Text.table(rows).forEach(screen()::say);
            screen().tell(found.size() + (found.size() == 1 ? " device" : " devices"));
            return 0;
        }
    }

    @Command(name = "delete", description = "Delete devices, with all that the hub keeps of them.")
    static final class Delete extends WatsonOrder {

        @Parameters(index = "0", paramLabel = "TYPE", description = "The devices' type.")
        private String type;

        @Parameters(index = "1..*", arity = "1..*", paramLabel = "DEVICE", description = "The devices' ids.")
        private List<String> devices;

        @Override
        int run(WatsonHub hub) throws Exception {
            return each(devices, device -> {
                DeviceId id = new DeviceId(type, device);
                hub.ask("DELETE", WatsonHub.path("device", "types", type, "devices", device));
                if (json()) {
                    show(Values.of("deleted", id.toString()));
                } else {
                    screen().say("Device '" + id + "' is deleted.");
                }
            });
        }
    }

    @Command(name = "send", description = "Send a command to a device that is there, or waits for it with a session.")
    static final class Send extends WatsonOrder {

        private static final Map<String, String> FORMATS = Map.of(
                "json", "application/json", "text", "text/plain", "xml", "application/xml", "bin", "application/octet-stream");

        @Parameters(index = "0", paramLabel = "TYPE", description = "The device's type.")
        private String type;

        @Parameters(index = "1", paramLabel = "DEVICE", description = "The device's id.")
        private String device;

        @Parameters(index = "2", paramLabel = "COMMAND", description = "The command's name.")
        private String name;

        @Parameters(index = "3", arity = "0..1", paramLabel = "BODY", defaultValue = "{}",
                description = "(${DEFAULT-VALUE}); a single - reads bytes from the standard input.")
        private String body;

        @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "json", description = "json, text, xml or bin (${DEFAULT-VALUE}).")
        private String format;

        @Override
        int run(WatsonHub hub) throws Exception {
            Names.check("command name", name);
            DeviceId id = new DeviceId(type, device);
            String contentType = FORMATS.get(format);
            if (contentType == null) {
                throw Trouble.usage("--format " + format + " must be one of " + String.join(", ", Set.copyOf(FORMATS.keySet()).stream().sorted().toList()));
            }
            Bytes bytes = body.equals("-") ? Bytes.wrap(screen().in().readAllBytes()) : Bytes.utf8(body);
            if (format.equals("json")) {
                Text.parse("BODY", bytes);
            }
            hub.send(WatsonHub.path("application", "types", type, "devices", device, "commands", name), bytes, contentType);
            if (json()) {
                show(Values.of("deviceId", id.toString(), "command", name));
            } else {
                screen().say("Command '" + name + "' is sent to '" + id + "'.");
            }
            return 0;
        }
    }
}
