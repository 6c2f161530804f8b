package io.pantograph.cli;

import io.pantograph.api.model.Values;
import io.pantograph.api.service.DeviceEvent;
import io.pantograph.api.service.EventFilter;
import io.pantograph.api.service.EventListener;
import io.pantograph.api.service.ServiceClient;
import io.pantograph.api.service.ServiceException;
import io.pantograph.api.service.Target;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Events as they come, in the form that iothub-explorer made known. */
@Command(name = "monitor-events", description = "Print what devices send, until Ctrl-C.")
final class MonitorEvents extends Order {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

    @Parameters(index = "0", arity = "0..1", paramLabel = "DEVICE", description = "Of this device only.")
    private String device;

    @Option(names = {"-m", "--module"}, paramLabel = "MODULE", description = "Of this module of it only.")
    private String module;

    @Option(names = {"-v", "--verbose"}, description = "Also what the hub notes about an event, and its system properties.")
    private boolean verbose;

    @Option(names = {"-r", "--raw"}, description = "Each part on a line, without frames.")
    private boolean raw;

    @Option(names = {"-s", "--start-time"}, paramLabel = "TIME",
            description = "From what arrived then on: ISO 8601 such as 2030-12-31T23:59:59Z, or milliseconds since 1970. Else from now on.")
    private String start;

    @Option(names = {"-d", "--duration"}, paramLabel = "SECONDS", description = "End by itself after this time.")
    private Integer duration;

    @Option(names = {"-c", "--consumer-group"}, paramLabel = "GROUP", description = "Understood, without effect: this stream has no groups.")
    private String group;

    @Option(names = "--source", paramLabel = "SOURCE", description = "Only of this kind, such as Telemetry or twinChangeEvents.")
    private String source;

    @Override
    int run(ServiceClient hub) throws Exception {
        if (module != null && device == null) {
            throw Trouble.usage("--module " + module + " needs DEVICE before it");
        }
        Optional<Target> target = Optional.ofNullable(device).map(id -> new Target(id, Optional.ofNullable(module)));
        EventFilter filter = new EventFilter(Optional.ofNullable(device), Optional.ofNullable(module), Optional.ofNullable(source), start());
        if (group != null) {
            screen().tell("--consumer-group " + group + " has no effect here; who watches gets all");
        }
        Vigil vigil = new Vigil(screen(), duration);
        if (target.isPresent()) {
            known(hub, target.get());
        }
        vigil.keep(hub.watch(filter, new EventListener() {
            @Override
            public void listening() {
                vigil.listening(raw || json() ? "" : "Monitoring events from " + target.map(one -> "device " + one).orElse("all devices") + "...");
            }

            @Override
            public void event(DeviceEvent event) {
                vigil.print(json() ? Text.json(document(event)) : text(event));
            }

            @Override
            public void missed(long from, long to) {
                screen().tell((to - from) + " events are gone from the hub's log already");
            }

            @Override
            public void ended(Optional<ServiceException> why) {
                vigil.ended(why);
            }
        }));
        return vigil.end(raw || json());
    }

    // A device that is misspelt would be waited for in vain. A login that may not look is no reason to stop.
    private static void known(ServiceClient hub, Target target) throws ServiceException {
        try {
            Access.await(hub.registry().find(target));
        } catch (ServiceException e) {
            if (e.status() != 401 && e.status() != 403) {
                throw e;
            }
        }
    }

    private EventFilter.Start start() throws Trouble {
        if (start == null) {
            return new EventFilter.Latest();
        }
        return new EventFilter.Since(time(start));
    }

    private static Instant time(String text) throws Trouble {
        try {
            if (!text.isEmpty() && text.length() < 16 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return Instant.ofEpochMilli(Long.parseLong(text));
            }
            return DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from);
        } catch (java.time.DateTimeException e) {
            throw Trouble.usage("--start-time '" + text + "' must be a time such as 2030-12-31T23:59:59Z, or milliseconds since 1970");
        }
    }

    private String text(DeviceEvent event) {
        StringBuilder out = new StringBuilder();
        String from = event.module().map(id -> event.device() + '/' + id).orElse(event.device());
        if (!raw) {
            out.append("==== From: '").append(from).append("' at '").append(TIME.format(event.enqueued())).append("' ====\n");
        }
        Object body = Bodies.read(event.body());
        out.append(body instanceof String text ? text : lines(body)).append('\n');
        if (verbose) {
            section(out, "annotations", annotations(event));
            section(out, "properties", texts(event.system(), false));
        }
        if (!event.properties().isEmpty()) {
            section(out, "application properties", texts(event.properties(), true));
        }
        if (!raw) {
            out.append("====================\n");
        }
        return Text.visible(out.substring(0, out.length() - 1));
    }

    private void section(StringBuilder out, String name, Values values) {
        if (!raw) {
            out.append("---- ").append(name).append(" ----\n");
        }
        out.append(lines(values)).append('\n');
    }

    private String lines(Object data) {
        return raw ? Text.json(data) : Text.pretty(data);
    }

    /** As Event Hubs calls them. */
    private static Values annotations(DeviceEvent event) {
        Values.Builder all = Values.builder()
                .put("x-opt-sequence-number", event.sequence())
                .put("x-opt-enqueued-time", TIME.format(event.enqueued()))
                .put("iothub-connection-device-id", event.device());
        event.module().ifPresent(id -> all.put("iothub-connection-module-id", id));
        all.put("iothub-message-source", event.source());
        event.system().forEach((name, value) -> {
            if (name.startsWith("iothub-") || name.startsWith("dt-")) {
                all.put(name, value);
            }
        });
        return all.build();
    }

    private static Values texts(Map<String, String> map, boolean all) {
        Values.Builder values = Values.builder();
        map.forEach((name, value) -> {
            if (all || !name.startsWith("iothub-") && !name.startsWith("dt-")) {
                values.put(name, value);
            }
        });
        return values.build();
    }

    private static Values document(DeviceEvent event) {
        Values.Builder all = Values.builder()
                .put("sequence", event.sequence())
                .put("enqueuedTime", TIME.format(event.enqueued()))
                .put("deviceId", event.device());
        event.module().ifPresent(id -> all.put("moduleId", id));
        return all.put("source", event.source())
                .put("systemProperties", texts(event.system(), true))
                .put("properties", texts(event.properties(), true))
                .put("bodyFormat", Bodies.format(event.body()))
                .put("body", Bodies.document(event.body()))
                .build();
    }
}
