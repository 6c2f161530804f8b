package io.pantograph.samples.demo;

import io.pantograph.api.azure.Event;
import io.pantograph.api.azure.EventLog;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.hub.Json;
import io.pantograph.api.model.Values;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** One line for each event of the Azure devices, beside the lines of {@link Screen}: telemetry, changes of twins, who comes and goes. */
@Component(service = {})
public final class AzureScreen {

    private static final int PAGE = 100;

    private final EventLog events;
    private final Json json;
    private final Paper paper;
    // One look that waits sees all that came before it; those that come after the end see nothing.
    private final ExecutorService writer = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(1),
            task -> new Thread(task, "demo-azure-screen"), new ThreadPoolExecutor.DiscardPolicy());
    private final AutoCloseable watch;
    private long next;

    @Activate
    public AzureScreen(@Reference EventLog events, @Reference Json json) {
        this(events, json, new Paper(System.out));
    }

    AzureScreen(EventLog events, Json json, Paper paper) {
        this.events = events;
        this.json = json;
        this.paper = paper;
        next = events.end();
        watch = events.follow(() -> writer.execute(this::show)); // a slow screen holds up nobody
        writer.execute(this::show); // what came meanwhile
    }

    private void show() {
        for (List<Event> page = events.read(next, PAGE); !page.isEmpty(); page = events.read(next, PAGE)) {
            page.forEach(this::show);
            next = page.get(page.size() - 1).sequence() + 1;
        }
    }

    private void show(Event event) {
        switch (event.source()) {
            case "Telemetry" -> line(event, "-> event", "telemetry", format(event), data(event));
            case "twinChangeEvents" -> twin(event);
            default -> line(event, "--", Paper.printable(event.properties().getOrDefault("opType", event.source())), "", "");
        }
    }

    private void twin(Event event) {
        try {
            if (json.read(event.body()) instanceof Values change) {
                part(event, change, "tags", "<- tags");
                if (change.get("properties") instanceof Values properties) {
                    part(event, properties, "desired", "<- desired");
                    part(event, properties, "reported", "-> reported");
                }
            }
        } catch (CodecException e) {
            line(event, "--", "twin", "", "unreadable, " + Paper.printable(e.getMessage()));
        }
    }

    private void part(Event event, Values change, String part, String direction) {
        if (change.get(part) instanceof Values values) {
            Values.Builder own = Values.builder();
            values.forEach((name, value) -> {
                if (!name.startsWith("$")) {
                    own.put(name, value);
                }
            });
            line(event, direction, "twin", "json", Paper.printable(json.write(own.build()).text()));
        }
    }

    private static String format(Event event) {
        String type = event.system().getOrDefault("content-type", "");
        return type.equals("application/json") ? "json" : type.isEmpty() ? "?" : Paper.printable(type);
    }

    private static String data(Event event) {
        Map<String, String> properties = event.properties();
        String text = event.body().text();
        String body = text.indexOf('\ufffd') < 0 ? Paper.printable(text) : Paper.bytes(event.body());
        return properties.isEmpty() ? body : body + "  " + Paper.printable(properties.toString());
    }

    private void line(Event event, String direction, String name, String format, String data) {
        paper.line(event.enqueued(), event.from().toString(), "%-10s %-10s %-9s".formatted(direction, name, format), data);
    }

    @Deactivate
    void close() throws Exception {
        watch.close();
        writer.shutdown();
    }
}
