package io.pantograph.cli;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import io.pantograph.api.service.ServiceException;
import io.pantograph.json.JsonReader;
import io.pantograph.service.Ask;
import io.pantograph.service.EventStream;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code watson events}: what passes through the hub's Watson side. */
@Command(name = "events", description = "Print what devices send, until Ctrl-C.")
final class WatsonEvents extends WatsonCommands.WatsonOrder {

    @Parameters(index = "0", arity = "0..1", paramLabel = "TYPE", description = "Of devices of this type only.")
    private String type;

    @Parameters(index = "1", arity = "0..1", paramLabel = "DEVICE", description = "Of this device only.")
    private String device;

    @Option(names = "--event", paramLabel = "NAME", description = "Of this name only.")
    private String event;

    @Option(names = "--commands", description = "Also the commands to the devices.")
    private boolean commands;

    @Option(names = {"-r", "--raw"}, description = "The payloads only, each on a line.")
    private boolean raw;

    @Option(names = {"-d", "--duration"}, paramLabel = "SECONDS", description = "End by itself after this time.")
    private Integer duration;

    @Override
    int run(WatsonHub hub) throws Exception {
        Vigil vigil = new Vigil(screen(), duration);
        if (device != null) {
            hub.ask("GET", WatsonHub.path("device", "types", type, "devices", device)); // misspelt, it would be waited for in vain
        }
        vigil.keep(hub.watch(new Reader(vigil)));
        return vigil.end(raw || json());
    }

    private String path() {
        StringBuilder path = new StringBuilder("/watson/events?body=base64");
        add(path, "type", type);
        add(path, "device", device);
        add(path, "event", event);
        return path.append(commands ? "&commands=true" : "").toString();
    }

    private static void add(StringBuilder path, String name, String value) {
        if (value != null) {
            path.append('&').append(name).append('=').append(WatsonHub.encoded(value));
        }
    }

    private final class Reader implements EventStream.Reader {

        private final Vigil vigil;

        Reader(Vigil vigil) {
            this.vigil = vigil;
        }

        @Override
        public Ask ask(OptionalLong last) {
            return Ask.at("GET", path()).header("Accept", "text/event-stream");
        }

        @Override
        public void listening() {
            String whose = device != null ? "device " + type + '/' + device : type != null ? "devices of type " + type : "all devices";
            vigil.listening(raw || json() ? "" : "Monitoring events from " + whose + "...");
        }

        @Override
        public void told(OptionalLong id, String kind, String data) {
            if (!kind.equals("gap") && !kind.equals("end")) {
                vigil.print(text(data));
            }
        }

        @Override
        public void ended(Optional<ServiceException> why) {
            vigil.ended(why);
        }
    }

    private String text(String data) {
        Values told;
        Bytes payload;
        try {
            told = (Values) JsonReader.readAnswer(Bytes.utf8(data));
            payload = Bytes.wrap(Base64.getDecoder().decode(told.text("payload")));
        } catch (CodecException | ClassCastException | IllegalArgumentException e) {
            throw new IllegalStateException("the hub told an event that is none: " + e.getMessage(), e);
        }
        Object body = Bodies.read(payload);
        if (json()) {
            Values.Builder all = Values.builder();
            told.forEach((name, value) -> {
                if (!name.equals("payload")) {
                    all.put(name, value);
                }
            });
            return Text.json(all.put("payloadFormat", Bodies.format(payload)).put("payload", Bodies.document(payload)).build());
        }
        String lines = body instanceof String text ? text : raw ? Text.json(body) : Text.pretty(body);
        if (raw) {
            return Text.visible(lines);
        }
        boolean command = Text.member(told, "direction").equals("command");
        return Text.visible("==== " + (command ? "Command '" : "Event '") + Text.member(told, "name") + (command ? "' to '" : "' from '") + Text.member(told, "typeId")
                + '/' + Text.member(told, "deviceId") + "' at '" + Text.member(told, "time") + "' (" + Text.member(told, "format") + ") ====\n" + lines + "\n====================");
    }
}
